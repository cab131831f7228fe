import { describe, expect, test } from "vitest";
import { read } from "../support/readers.ts";

const at = "https://news.example.com/a.html";

function says(head: string, body = "<p>All of it.</p>") {
  return read({
    body: new TextEncoder().encode(
      `<html><head>${head}</head><body>${body}</body></html>`,
    ),
    contentType: "text/html; charset=utf-8",
    url: at,
    licence: "example",
  });
}

function ld(value: unknown): string {
  return `<script type="application/ld+json">${typeof value === "string" ? value : JSON.stringify(value)}</script>`;
}

const article = {
  "@type": "NewsArticle",
  headline: "Pumps &amp; plants",
  datePublished: "2026-03-04T10:07:00+02:00",
  author: [
    { "@type": "Person", name: "By Anna Bell" },
    { "@type": "Organization", name: "Example Agency" },
  ],
};

describe("JSON-LD", () => {
  test("says who wrote what and when", async () => {
    expect(await says(ld(article))).toMatchObject({
      title: "Pumps & plants",
      author: "Anna Bell, Example Agency",
      publishedAt: new Date("2026-03-04T08:07:00Z"),
    });
  });

  test("is read in a graph, with its references", async () => {
    const graph = {
      "@graph": [
        { "@type": "WebPage", name: "The page" },
        { "@type": "Person", "@id": "#anna", name: "Anna Bell" },
        { ...article, author: { "@id": "#anna" } },
      ],
    };
    expect(await says(ld(graph))).toMatchObject({
      title: "Pumps & plants",
      author: "Anna Bell",
    });
  });

  test("is read with line breaks in its strings and a comment around it", async () => {
    const text = JSON.stringify(article).replace("Pumps", "Pumps\n");
    expect((await says(ld(`<!-- ${text} -->`))).author).toBe(
      "Anna Bell, Example Agency",
    );
  });

  test.each([
    "{",
    "null",
    "[]",
    "7",
    '"NewsArticle"',
    '{"@type":7,"@graph":{"@graph":"x"}}',
    '{"@type":"NewsArticle","headline":{},"author":[[null,{"name":{}},7]],"datePublished":[]}',
    "[".repeat(10_000),
  ])("that says nothing leaves the page's own title: %.40s", async (json) => {
    expect(await says(`<title>The title</title>${ld(json)}`)).toMatchObject({
      title: "The title",
      author: null,
      publishedAt: null,
    });
  });
});

describe("meta elements", () => {
  test("say what JSON-LD does not", async () => {
    const head = `<title>Pumps | Example News</title><meta property="og:title" content="Pumps"><meta name="Author" content="Anna Bell"><meta property="article:published_time" content="2026-03-04">${ld({ "@type": "Organization", name: "Example News" })}`;
    expect(await says(head)).toMatchObject({
      title: "Pumps",
      author: "Anna Bell",
      publishedAt: new Date("2026-03-04"),
    });
  });

  test("name no author by an address", async () => {
    const head =
      '<meta property="article:author" content="https://social.example.com/anna"><meta name="parsely-author" content="Anna Bell">';
    expect((await says(head)).author).toBe("Anna Bell");
  });

  test("name authors in two hundred characters at most", async () => {
    const head = Array.from(
      { length: 9 },
      (_, n) => `<meta name="author" content="${n}${"Anna".repeat(20)}">`,
    ).join("");
    expect((await says(head)).author).toHaveLength(200);
  });

  test("leave a date open that can be read in two ways", async () => {
    const head = '<meta name="date" content="03/04/2026">';
    expect((await says(head)).publishedAt).toBeNull();
  });
});

describe("the page's markup", () => {
  test.each([
    [
      "microdata",
      '<span itemprop="author"><b itemprop="name">Anna Bell</b></span><time itemprop="datePublished" datetime="2026-03-04">yesterday</time>',
    ],
    [
      "a byline and a time",
      '<article><p class="story-byline">By Anna Bell | Tarn</p><time datetime="2026-03-04">yesterday</time></article>',
    ],
    [
      "a link to the author",
      '<a rel="author" href="/anna">Anna Bell</a><p itemprop="datePublished">March 4, 2026</p>',
    ],
  ])("says who and when by %s", async (_by, body) => {
    expect(await says("", `${body}<p>All of it.</p>`)).toMatchObject({
      author: "Anna Bell",
      publishedAt: new Date("2026-03-04"),
    });
  });

  test("says nothing where it says nothing", async () => {
    expect(await says("")).toMatchObject({
      title: null,
      author: null,
      publishedAt: null,
      canonicalUrl: null,
      sections: [],
    });
  });
});

describe("the address that a page names as its own", () => {
  test.each([
    ["https://news.example.com/b", "https://news.example.com/b"],
    ["/b?x=1", "https://news.example.com/b?x=1"],
    ["//www.example.com/b", "https://www.example.com/b"],
    ["javascript:alert(1)", null],
    ["data:text/html,x", null],
    ["file:///etc/passwd", null],
    ["https://user:secret@news.example.com/", null],
    ["https://", null],
    ["", null],
    [`https://news.example.com/${"b".repeat(3000)}`, null],
  ])("%.40s is %s", async (href, expected) => {
    const { canonicalUrl } = await says(
      `<link rel="canonical" href="${href}">`,
    );
    expect(canonicalUrl).toBe(expected);
  });

  test("is that of the Open Graph where there is no other", async () => {
    const head =
      '<link rel="canonical" href="javascript:x"><meta property="og:url" content="https://news.example.com/c">';
    expect((await says(head)).canonicalUrl).toBe("https://news.example.com/c");
  });
});
