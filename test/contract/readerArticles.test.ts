import { describe, expect, test } from "vitest";
import { read } from "../support/readers.ts";

const lead =
  "Brindlewick Pumps said on Monday that it would close its plant in Tarn and move the work to Holmsund.";
const middle =
  "The move will cost 40 million crowns this year, and save as much in every year that follows, the company said.";
const last =
  "Holmsund has made pumps since 1911, when the first of them was sold to a dairy on the other side of the river.";

function readHtml(html: string) {
  return read({
    body: new TextEncoder().encode(html),
    contentType: "text/html; charset=utf-8",
    url: "https://news.example.com/pumps",
    licence: "example",
  });
}

/** A page as publishers make it, with something in its article. */
async function textAround(
  inside: string,
  { before = "", after = "" } = {},
): Promise<string> {
  const { text } = await readHtml(
    `<html><head><title>Brindlewick closes its plant in Tarn - Example News</title><meta name="author" content="Maren Oduya"></head><body><div class="site-nav"><a href="/">Home</a> <a href="/b">Business</a></div><main><article><h1>Brindlewick closes its plant in Tarn</h1>${before}<p>${lead}</p><p>${middle}</p>${inside}<p>${last}</p>${after}</article></main><div class="footer">All rights reserved. Example News is a service of nobody at all, made for this test only.</div></body></html>`,
  );
  return text;
}

const article = [lead, middle, last].join("\n\n");

describe("an article is read without", () => {
  test.each([
    ["a pointer", '<p>Read more: <a href="/x">Tarn braces for winter</a></p>'],
    ["a shouted pointer", "<p>DON'T MISS: <a href='/x'>Tarn in winter</a></p>"],
    [
      "a German pointer",
      '<p>Lesen Sie auch: <a href="/x">Der Winter in Tarn kommt</a></p>',
    ],
    [
      "a list of pages",
      '<h3>Related coverage</h3><ul><li><a href="/x">Tarn braces for winter</a></li><li><a href="/y">Pumps are dear this year</a></li></ul>',
    ],
    [
      "an offer",
      '<p>Subscribe to our newsletter and get <a href="/n">the news of pumps</a> every morning.</p>',
    ],
    ["an advertisement's label", "<div>Advertisement</div>"],
    [
      "a caption",
      "<figure><img src='a.jpg'><figcaption>The plant in Tarn on a Sunday, when nobody works there. (Photo: M. Oduya)</figcaption></figure>",
    ],
    [
      "a picture's box",
      "<div class='photo'><img src='a.jpg'><p>The plant in Tarn on a Sunday, when nobody works there at all.</p></div>",
    ],
    [
      "share buttons",
      "<div class='share-tools'><span>Share this with a friend who also likes pumps and plants</span></div>",
    ],
    [
      "an advertisement",
      "<p class='ad-slot'>Pumps for sale, all of them new, at prices that nobody else would dare to ask.</p>",
    ],
  ])("%s", async (_what, inside) => {
    expect(await textAround(inside)).toBe(article);
  });

  test.each([
    ["a byline", "<p>By Maren Oduya</p>"],
    ["a date", "<p>Updated 19 November 2019 at 10:07</p>"],
    ["its headline once more", "<h2>Brindlewick closes its plant in Tarn</h2>"],
    ["a rubric", "<div>Business News</div>"],
    ["its address", "<p>https://news.example.com/pumps</p>"],
  ])("%s at its top", async (_what, before) => {
    expect(await textAround("", { before })).toBe(article);
  });

  test.each([
    ["credits", "<p>Reporting by Anna Bell; editing by Tom Reed</p>"],
    ["a biography", "<p>Maren Oduya covers pumps for Example News.</p>"],
    ["a call to follow", "<p>Follow us on Twitter for more of this.</p>"],
    ["a heading over nothing", "<h3>More from Business</h3>"],
    [
      "comments",
      "<section id='comments'><p>I have worked in Tarn for thirty years and never seen anything like it, honestly.</p><p>Who needs pumps anyway, when the river runs down the hill all by itself?</p></section>",
    ],
  ])("%s at its end", async (_what, after) => {
    expect(await textAround("", { after })).toBe(article);
  });
});

describe("an article keeps", () => {
  test.each([
    ["a short paragraph", "<p>Nobody was surprised.</p>"],
    ["a blockquote", "<blockquote><p>We will miss it.</p></blockquote>"],
    ["a list", "<ul><li>Dairies</li><li>Breweries</li></ul>"],
    ["a subheading over text", "<h2>What comes next</h2><p>More pumps.</p>"],
    [
      "a sentence that begins as an offer does",
      "<p>Get the plant ready, the workers were told in spring.</p>",
    ],
    [
      "a sentence that begins as a pointer does",
      '<p>More than <a href="/j">two hundred jobs</a> will go, and none will come back.</p>',
    ],
    [
      "links to what it tells of",
      '<ul><li><a href="https://filings.example.org/1">The filing of the company</a></li><li><a href="https://court.example.net/2">The ruling of the court</a></li></ul>',
    ],
    [
      "a link that its sentence needs",
      "<p>The plant was built by <a class='author-link' href='/q'>Anaïs Quellmark</a>, who died in 1950.</p>",
    ],
  ])("%s", async (_what, inside) => {
    const words = inside.replace(/<[^>]+>/gu, "\n").split("\n");
    const text = await textAround(inside);
    for (const word of words) expect(text).toContain(word);
  });

  test("a short first paragraph", async () => {
    const before = "<p>It is over for Tarn.</p>";
    expect(await textAround("", { before })).toBe(
      `It is over for Tarn.\n\n${article}`,
    );
  });

  const nav = "<div class='nav'><a href='/'>Home</a></div>";

  test("its paragraphs where each is called a widget", async () => {
    const paragraphs = [lead, middle, last, middle, lead];
    const { text } = await readHtml(
      `<html><body>${nav}<h1>Tarn</h1><div>${paragraphs.map((p) => `<div class="widget widget-text"><p>${p}</p></div>`).join("")}</div></body></html>`,
    );
    expect(text).toBe(paragraphs.join("\n\n"));
  });

  test("its text where a form is around all of the page", async () => {
    const { text } = await readHtml(
      `<html><body><form>${nav}<div><h1>Tarn</h1><p>${lead}</p><p>${middle}</p><p>${last}</p></div></form></body></html>`,
    );
    expect(text).toBe(article);
  });

  test("its text where the comments on it are longer", async () => {
    const comment =
      "<p>I have worked in Tarn for thirty years and never seen anything like it.</p>";
    const { text } = await readHtml(
      `<html><body><div class="has-comments">${nav}<div><h1>Tarn</h1><p>${lead}</p><p>${middle}</p><p>${last}</p></div><div id="comments">${comment.repeat(20)}</div></div></body></html>`,
    );
    expect(text).toBe(article);
  });

  test("its letters whatever their script", async () => {
    const said =
      "Компания закроет завод в Тарне и перенесёт работу в Хольмсунд, сказал вчера её представитель.";
    const { text } = await readHtml(
      `<html><body>${nav}<article><p>${said}</p><p>Тарн</p><p>${said}</p><p>${said}</p></article></body></html>`,
    );
    expect(text).toBe([said, "Тарн", said, said].join("\n\n"));
  });
});

test("an article's subheadings are its sections", async () => {
  const { text, sections } = await readHtml(
    `<html><body><nav><h2>Menu</h2></nav><article><h1>Brindlewick closes its plant in Tarn</h1><p>${lead}</p><h2>What  it <i>costs</i></h2><p>${middle}</p><h3>What was</h3><p>${last}</p></article><aside><h2>Most read</h2></aside></body></html>`,
  );
  expect(sections.map(({ title }) => title)).toEqual([
    "What it costs",
    "What was",
  ]);
  expect(
    sections.map(({ start, end }) => text.slice(start, end).trim()),
  ).toEqual([`What it costs\n\n${middle}`, `What was\n\n${last}`]);
});
