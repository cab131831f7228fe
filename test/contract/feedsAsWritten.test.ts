import { describe, expect, test } from "vitest";
import { decodeFeed } from "../../functions/src/adapters/connectors/feeds/parts/feedCharset.ts";
import {
  readEntries,
  type FeedEntry,
} from "../../functions/src/adapters/connectors/feeds/parts/feedEntries.ts";
import { fragmentToText } from "../../functions/src/adapters/text/documents/html.ts";

const url = "https://news.example.com/feeds/all.xml";
const rss = (inside: string) =>
  `<rss version="2.0"><channel><title>Feed</title>${inside}</channel></rss>`;
const atom = (inside: string) =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed</title>${inside}</feed>`;
const atom03 = (inside: string) =>
  `<feed version="0.3" xmlns="http://purl.org/atom/ns#">${inside}</feed>`;

type Facts = Partial<
  Record<
    "id" | "title" | "link" | "published" | "updated" | "text",
    string | null | undefined
  >
>;

/** What the tests look at of an entry; its text is the longest of its bodies. */
async function factsOf(entry: FeedEntry | undefined): Promise<Facts> {
  const texts = await Promise.all((entry?.bodies() ?? []).map(fragmentToText));
  return {
    id: entry?.id,
    title: entry?.title,
    link: entry?.link,
    published: entry?.publishedAt?.toISOString(),
    updated: entry?.updated,
    text: texts.toSorted((a, b) => b.length - a.length)[0],
  };
}

describe("a feed is read as it is written", () => {
  const plant = { title: "A plant", link: "https://a.example/plant" };
  const plantIn = "<title>A plant</title><link>https://a.example/plant</link>";

  test.each<[string, string, Facts]>([
    [
      "RSS 0.90, in Netscape's namespace",
      `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>Feed</title></channel><item>${plantIn}</item></rdf:RDF>`,
      plant,
    ],
    [
      "RSS 0.91, with Netscape's document type",
      `<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><item>${plantIn}</item></channel></rss>`,
      plant,
    ],
    [
      "RSS 0.92, whose items may be nothing but a text",
      rss("<item><description>A plant opens.</description></item>"),
      { title: "A plant opens.", link: null, text: "A plant opens." },
    ],
    [
      "RSS 1.0, with the prefix for itself and a module",
      `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:r="http://purl.org/rss/1.0/" xmlns:d="http://purl.org/dc/elements/1.1/"><r:item rdf:about="https://a.example/about"><r:title>A plant</r:title><r:link>https://a.example/plant</r:link><d:date>2026-05-01T08:00:00Z</d:date></r:item></rdf:RDF>`,
      {
        ...plant,
        id: "https://a.example/about",
        published: "2026-05-01T08:00:00.000Z",
      },
    ],
    [
      "RSS 2.0 without a version or a channel, with items where they don't belong",
      `<rss><item>${plantIn}</item></rss>`,
      plant,
    ],
    [
      "CDF, in capitals",
      '<CHANNEL HREF="https://a.example/"><ITEM HREF="https://a.example/plant" LASTMOD="2026-05-01T08:00:00Z"><TITLE>A plant</TITLE><ABSTRACT>It opens.</ABSTRACT></ITEM></CHANNEL>',
      { ...plant, updated: "2026-05-01T08:00:00.000Z", text: "It opens." },
    ],
    [
      "Atom 0.3, escaped, with its own names for the dates",
      atom03(
        '<entry><title type="text/html" mode="escaped">A &lt;b&gt;plant&lt;/b&gt;</title><link rel="alternate" type="text/html" href="https://a.example/plant"/><issued>2026-05-01T08:00:00Z</issued><modified>2026-05-02T08:00:00Z</modified></entry>',
      ),
      {
        ...plant,
        published: "2026-05-01T08:00:00.000Z",
        updated: "2026-05-02T08:00:00.000Z",
      },
    ],
    [
      "Atom 0.3 in base64",
      atom03(
        '<entry><title type="text/html" mode="base64">QSA8Yj5wbGFudDwv\nYj4=</title><content mode="base64">w4RyaHVz</content></entry>',
      ),
      { title: "A plant", text: "Ärhus" },
    ],
    [
      "Atom 1.0, where text is text and HTML is HTML",
      atom(
        '<entry><title>The &lt;blink&gt; tag &amp;amp; &eacute;t&#233;</title><summary type="html">Q&amp;amp;A &amp;lt;b&gt;</summary></entry>',
      ),
      { title: "The <blink> tag &amp; été", text: "Q&A <b>" },
    ],
    [
      "Atom 1.0 in XHTML with prefixes",
      atom(
        '<entry xmlns:x="http://www.w3.org/1999/xhtml"><title type="xhtml"><x:div>A <x:em>plant</x:em> &lt;b&gt;<![CDATA[ <i>]]></x:div></title><content type="xhtml"><x:div><x:p>One.</x:p><x:p>Two.</x:p></x:div></content></entry>',
      ),
      { title: "A plant <b> <i>", text: "One.\n\nTwo." },
    ],
    [
      "Atom 1.0 with HTML escaped within an element",
      atom(
        '<entry><id>urn:x:1</id><content type="html"><div xmlns="http://www.w3.org/1999/xhtml">A &lt;b&gt;plant&lt;/b&gt;</div></content></entry>',
      ),
      { text: "A plant" },
    ],
    [
      "Atom 1.0 with a picture for content",
      atom(
        '<entry><title>A plant</title><content type="image/png">iVBORw0KGgo=</content></entry>',
      ),
      { title: "A plant", text: undefined },
    ],
    [
      "Atom without its namespace",
      '<feed><entry><title>A &lt;plant&gt;</title><link href="https://a.example/plant"/></entry></feed>',
      { ...plant, title: "A <plant>" },
    ],
    [
      "Atom with a prefix, and an entry alone",
      '<a:entry xmlns:a="http://www.w3.org/2005/Atom"><a:title>A plant</a:title><a:link href="https://a.example/plant"/></a:entry>',
      plant,
    ],
    [
      "Atom with addresses between the tags, and an enclosure before the page",
      atom(
        '<entry><title>A plant</title><link rel="enclosure">https://a.example/plant.mp3</link><link rel="alternate" type="application/json">https://a.example/plant.json</link><link rel="alternate" type="text/html">https://a.example/plant</link></entry>',
      ),
      plant,
    ],
    [
      "Atom with nothing but an enclosure",
      atom(
        '<entry><title>A plant</title><link rel="enclosure" href="https://a.example/plant.mp3"/></entry>',
      ),
      { title: "A plant", link: null },
    ],
    [
      "YouTube's text in a group",
      atom(
        '<entry xmlns:media="http://search.yahoo.com/mrss/"><title>A plant</title><link rel="alternate" href="https://a.example/plant"/><media:group><media:title>Other</media:title><media:description>It opens in May.</media:description></media:group></entry>',
      ),
      { ...plant, text: "It opens in May." },
    ],
    [
      "undeclared prefixes",
      rss(
        `<item>${plantIn}<dc:date>2026-05-01T08:00:00Z</dc:date><content:encoded><![CDATA[<p>It opens.</p>]]></content:encoded></item>`,
      ),
      { ...plant, published: "2026-05-01T08:00:00.000Z", text: "It opens." },
    ],
    [
      "a stranger's elements, many, and some of the same name",
      rss(
        `<item xmlns:s="https://s.example/"><s:title>Other</s:title><s:link>https://s.example/</s:link>${Array.from({ length: 50 }, (_, n) => `<s:x${n}/>`).join("")}${plantIn}<image><title>Picture</title><link>https://a.example/p.png</link></image></item>`,
      ),
      plant,
    ],
    [
      "a link that FeedBurner counts",
      rss(
        '<item><title>A plant</title><link>https://feeds.example/~r/1</link><feedburner:origLink xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">https://a.example/plant</feedburner:origLink></item>',
      ),
      plant,
    ],
    [
      "a permalink, and one that is none",
      rss(
        "<item><title>A plant</title><guid>https://a.example/plant</guid></item>",
      ),
      { ...plant, id: "https://a.example/plant" },
    ],
    [
      "a guid that says that it leads nowhere",
      rss(
        '<item><title>A plant</title><guid isPermaLink="FALSE">https://a.example/plant</guid></item>',
      ),
      { title: "A plant", link: null },
    ],
    [
      "links relative to the nearest base",
      '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/news/"><entry xml:base="2026/"><title>A plant</title><link xml:base="javascript:x" href="plant"/></entry></feed>',
      { link: "https://a.example/news/2026/plant" },
    ],
    [
      "links relative to the feed",
      rss("<item><title>A plant</title><link>/plant</link></item>"),
      { link: "https://news.example.com/plant" },
    ],
    [
      "bare ampersands, and entities that XML does not know",
      rss(
        "<item><title>Caf&eacute; & S&ouml;hne&nbsp;AG &#8211; Q&A</title><link>https://a.example/?a=1&b=2&amp;c=3&#38;d=4</link></item>",
      ),
      {
        title: "Café & Söhne AG – Q&A",
        link: "https://a.example/?a=1&b=2&c=3&d=4",
      },
    ],
    [
      "numbers of characters that are not there",
      rss(
        "<item><title>don&#146;t&#0;&#xD800;</title><description>don&amp;#146;t</description></item>",
      ),
      { title: "don’t\ufffd\ufffd", text: "don’t" },
    ],
    [
      "control characters",
      `\u0000${rss("<item><title>A \u0008\u001bplant</title></item>")}`,
      { title: "A plant" },
    ],
    [
      "naked HTML, unclosed and wrongly closed",
      rss(
        `<item>${plantIn}<description><p>One.<br>Two <b>three</i></p></div></div> 1 < 2</description></item>`,
      ),
      { ...plant, text: "One.\nTwo three\n\n1 < 2" },
    ],
    [
      "comments, and CDATA in pieces",
      rss(
        "<item><title><!-- <title>No</title></item> -->A <![CDATA[pl]]><![CDATA[ant & <i>more</i></title>]]></title></item>",
      ),
      { title: "A plant & more" },
    ],
    [
      "what a server wrote in front of it",
      `<br />\n<b>Warning</b>: mysql_connect() in <b>/index.php</b>\n<?xml version="1.0"?>${rss(`<item>${plantIn}</item>`)}`,
      plant,
    ],
    [
      "a JSON Feed with a number for an id, and dates that are none",
      JSON.stringify({
        version: "https://jsonfeed.org/version/1.1",
        items: [
          "no item",
          {
            id: 7,
            title: "A <plant>",
            external_url: "https://a.example/plant",
            date_published: false,
            content_text: "1 < 2",
          },
        ],
      }),
      {
        id: `${url}#7`,
        title: "A <plant>",
        link: "https://a.example/plant",
        published: undefined,
        text: "1 < 2",
      },
    ],
  ])("%s", async (_kind, document, expected) => {
    const [entry] = await readEntries(document, url);
    expect(await factsOf(entry)).toMatchObject(expected);
  });

  test("with items that lack their end tags, all of them", async () => {
    const entries = await readEntries(
      rss("<item><title>One</title><item><title>Two</title></item>"),
      url,
    );
    expect(entries.map(({ title }) => title)).toEqual(["One", "Two"]);
  });

  test("cut short, without the entry that is cut, until it is whole", async () => {
    const whole = rss(
      "<item><title>One</title></item><item><title>Two</title><description>And more</description></item>",
    );
    const at = async (end: number) =>
      (await readEntries(whole.slice(0, end), url)).map(({ title }) => title);
    expect(await at(whole.indexOf("nd more"))).toEqual(["One"]);
    expect(await at(whole.indexOf("</channel>"))).toEqual(["One", "Two"]);
  });

  test.each([rss(""), atom(""), "<CHANNEL/>", '{"items":[]}'])(
    "without an entry, none: %s",
    async (document) => {
      expect(await readEntries(document, url)).toEqual([]);
    },
  );

  test("with no more than a thousand of its entries", async () => {
    const items = Array.from(
      { length: 1005 },
      (_, n) => `<item><title>Entry ${n}</title></item>`,
    );
    const entries = await readEntries(rss(items.join("")), url);
    expect(entries).toHaveLength(1000);
    expect(entries[0]?.title).toBe("Entry 0");
  });
});

describe("the bytes of a feed are read in the encoding that they are in", () => {
  const document = (encoding: string, title: string) =>
    `<?xml version="1.0" encoding="${encoding}"?>${rss(`<item><title>${title}</title></item>`)}`;
  const utf8 = (text: string) => new TextEncoder().encode(text);
  const utf16 = (text: string) => new Uint8Array(Buffer.from(text, "utf16le"));
  const swapped = (bytes: Uint8Array, width: number) =>
    bytes.map(
      (_, at) => bytes[at - (at % width) + width - 1 - (at % width)] ?? 0,
    );
  const utf32 = (text: string) =>
    new Uint8Array(
      Uint32Array.from(text, (one) => one.codePointAt(0) ?? 0).buffer,
    );
  const packed = (base64: string) =>
    new Uint8Array(Buffer.from(base64, "base64"));
  const chip = "Plant 🏭 für Århus";
  const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

  test.each<[string, Uint8Array, string, string]>([
    ["UTF-8 with a mark", utf8(`\ufeff${document("utf-8", chip)}`), "", chip],
    ["UTF-16, little end first", utf16(document("utf-16", chip)), "", chip],
    [
      "UTF-16, big end first, with a mark",
      swapped(utf16(`\ufeff${document("ucs-2", chip)}`), 2),
      "",
      chip,
    ],
    ["UTF-32, little end first", utf32(document("utf-32", chip)), "", chip],
    [
      "UTF-32, big end first, with a mark",
      swapped(utf32(`\ufeff${document("ucs-4", chip)}`), 4),
      "",
      chip,
    ],
    [
      "EBCDIC",
      packed(
        "TG+nlJNApYWZoomWlX5/8Uvwf0CFlYOWhImVh35/hYKDhImDYIOXYKSif29uTJmiom5Mg4iBlZWFk25MiaOFlG5Mo4mjk4Vuw4GGUUBQgZSXXkDizIiVhUxho4mjk4VuTGGJo4WUbkxhg4iBlZWFk25MYZmiom4=",
      ),
      "",
      "Café & Söhne",
    ],
    [
      "Shift_JIS",
      packed(
        "PD94bWwgdmVyc2lvbj0iMS4wIiBlbmNvZGluZz0ic2hpZnRfamlzIj8+PHJzcz48Y2hhbm5lbD48aXRlbT48dGl0bGU+k/qMb4LMkFaNSI/qPC90aXRsZT48L2l0ZW0+PC9jaGFubmVsPjwvcnNzPg==",
      ),
      "",
      "日経の新工場",
    ],
    [
      "ISO-2022-JP, whose bytes are all ASCII",
      packed(
        "PD94bWwgdmVyc2lvbj0iMS4wIiBlbmNvZGluZz0iaXNvLTIwMjItanAiPz48cnNzPjxjaGFubmVsPjxpdGVtPjx0aXRsZT4bJEI/NzkpPmwbKEI8L3RpdGxlPjwvaXRlbT48L2NoYW5uZWw+PC9yc3M+",
      ),
      "",
      "新工場",
    ],
    [
      "KOI8-R that the server takes for ASCII",
      packed(
        "PD94bWwgdmVyc2lvbj0iMS4wIiBlbmNvZGluZz0ia29pOC1yIj8+PHJzcz48Y2hhbm5lbD48aXRlbT48dGl0bGU+7s/X2cog2sHXz8Q8L3RpdGxlPjwvaXRlbT48L2NoYW5uZWw+PC9yc3M+",
      ),
      "text/xml; charset=us-ascii",
      "Новый завод",
    ],
    [
      "UTF-8 that the server takes for Latin-1",
      utf8(document("utf-8", chip)),
      "text/xml; charset=ISO-8859-1",
      chip,
    ],
    [
      "UTF-8 that calls itself Latin-1",
      utf8(document("iso-8859-1", chip)),
      "",
      chip,
    ],
    [
      "UTF-8 that calls itself UTF-16",
      utf8(document("utf-16", chip)),
      "",
      chip,
    ],
    [
      "Windows-1252 that calls itself Latin-1",
      latin1(document("iso-8859-1", "\u0093Z\u00fcrich\u0094")),
      "",
      "“Zürich”",
    ],
    [
      "Windows-1252 that calls itself UTF-8",
      latin1(document("utf-8", "Z\u00fcrich")),
      "",
      "Zürich",
    ],
    [
      "what the server says before what the feed says",
      latin1(document("iso-8859-1", "\u00c7\u00ee\u00eb\u00ee\u00f2\u00ee")),
      "application/rss+xml; charset='windows-1251'",
      "Золото",
    ],
    [
      "Windows-1252 that calls itself UTF-16",
      latin1(document("utf-16", "Z\u00fcrich")),
      "",
      "Zürich",
    ],
    [
      "an encoding that nobody knows",
      latin1(document("x-nobody", "Z\u00fcrich")),
      "",
      "Zürich",
    ],
  ])("%s", async (_kind, bytes, contentType, title) => {
    const [entry] = await readEntries(decodeFeed(bytes, contentType), url);
    expect(entry?.title).toBe(title);
  });
});
