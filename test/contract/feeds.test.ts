import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startReplay, type Replay } from "../../dev/standins/replay.ts";
import {
  never,
  news,
  releases,
  rssAt,
  serving,
  answers,
  errorOf,
} from "../support/sources.ts";

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay({ port: 0, recordingsDir: null });
});
afterAll(async () => {
  await replay.close();
});

describe("feeds", () => {
  const feed = (items: string) =>
    `<rss version="2.0"><channel><title>t</title>${items}</channel></rss>`;
  const feedPath = "/news.example.com/technology/feed.rss";

  test("are read in the encoding that they declare, with titles as text", async () => {
    const { items } = await rssAt(replay.url).poll(news, null, never);
    expect(items.map((item) => item.title)).toEqual([
      "Older item about the weather",
      "Brindlewick Robotics appoints Anaïs Quellmark chief financial officer",
      "Brindlewick & partners open a plant in Århus",
    ]);
    const atom = await rssAt(replay.url).poll(releases, null, never);
    expect(atom.items.map((item) => item.title)).toEqual([
      "Harrowgate 9.2 <beta> launches",
      "Harrowgate Analytics acquires Pellworth Data",
    ]);
  });

  test("whose ids are unique in the feed only get ids that are unique", async () => {
    const { items } = await rssAt(replay.url).poll(news, null, never);
    expect(items[0]?.itemId).toBe(`${news.url}#4709`);
  });

  test("with links to their own site lead there", async () => {
    const { items } = await rssAt(replay.url).poll(releases, null, never);
    expect(items[1]?.url).toBe(
      "https://blog.example.org/2026/harrowgate-acquires-pellworth",
    );
  });

  test("stand in for a page that is gone or closed to us", async () => {
    const { items } = await rssAt(replay.url).poll(news, null, never);
    const plant = items[2];
    if (plant === undefined) throw new Error("the plant is missing");
    const fetched = await rssAt(replay.url).fetch(plant, news, never);
    expect(new TextDecoder().decode(fetched?.body)).toContain(
      "It will build 3,000 robots a year",
    );
    const url = await serving((request, response) => {
      const isFeed = request.url === feedPath;
      response
        .writeHead(isFeed ? 200 : 403)
        .end(
          isFeed
            ? readFileSync(join("test/fixtures/recordings", feedPath))
            : "",
        );
    });
    expect(await rssAt(url).fetch(plant, news, never)).toEqual(fetched);
  });

  test("with nothing but a headline leave nothing when its page is gone", async () => {
    const all = await rssAt(replay.url).poll(news, { seen: "" }, never);
    const headline = all.items.find(
      (item) => item.title === "Nothing but a headline",
    );
    expect(headline).toMatchObject({ publishedAt: null });
    if (headline === undefined) throw new Error("the headline is missing");
    expect(await rssAt(replay.url).fetch(headline, news, never)).toBeNull();
  });

  test("lose no entry because another is broken", async () => {
    const items = [
      "<item/>",
      "<item><title>No link</title><description>Only a title and a text.</description></item>",
      "<item><title>Bad link</title><link>http://[</link></item>",
      "<item><title>Script</title><link>javascript:alert(1)</link></item>",
      `<item><title>${"Long ".repeat(300)}</title><guid>${"g".repeat(3000)}</guid><link>https://a.example/${"x".repeat(3000)}</link></item>`,
      "<item><title>Good</title><link>https://a.example/good</link><pubDate>Tomorrow</pubDate></item>",
      "<item><title>Ahead</title><link>https://a.example/ahead</link><pubDate>Fri, 01 Jan 2100 00:00:00 GMT</pubDate></item>",
    ];
    const base = await answers({ [feedPath]: feed(items.join("")) });
    const found = await rssAt(base).poll(news, { seen: "" }, never);
    const byTitle = new Map(
      found.items.map((item) => [item.title.slice(0, 4), item]),
    );
    expect([...byTitle.keys()].toSorted()).toEqual([
      "Ahea",
      "Bad ",
      "Good",
      "Long",
      "No l",
      "Scri",
    ]);
    expect(byTitle.get("Scri")?.url).toBeNull();
    expect(byTitle.get("Bad ")?.url).toBeNull();
    expect(byTitle.get("Long")?.url).toBeNull();
    expect(byTitle.get("Long")?.itemId).toMatch(/^sha256:/);
    expect(byTitle.get("Long")?.title.length).toBeLessThanOrEqual(500);
    expect(byTitle.get("Ahea")?.publishedAt).toBeNull();
  });

  test("give a revised entry again, and one that only moved not", async () => {
    const entry = (id: number, updated: string) =>
      `<entry><id>urn:x:${id}</id><title>Entry ${id}</title><updated>${updated}</updated></entry>`;
    const atom = (entries: string) =>
      `<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>${entries}</feed>`;
    const path = "/blog.example.org/releases.atom";
    const [june, july] = ["2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z"];
    const before = await rssAt(
      await answers({ [path]: atom(entry(1, june) + entry(2, june)) }),
    ).poll(releases, null, never);
    const base = await answers({
      [path]: atom(entry(2, june) + entry(1, july)),
    });
    const { items } = await rssAt(base).poll(releases, before.cursor, never);
    expect(items.map((item) => [item.itemId, item.revision])).toEqual([
      ["urn:x:1", "2026-07-01T00:00:00.000Z"],
    ]);
  });

  test("are remembered by at most two hundred names, however many came and went", async () => {
    let cursor: Readonly<Record<string, string>> | null = null;
    for (let look = 0; look < 30; look++) {
      const items = Array.from(
        { length: 20 },
        (_, n) =>
          `<item><guid>urn:x:${look}-${n}</guid><title>T</title></item>`,
      );
      const base = await answers({ [feedPath]: feed(items.join("")) });
      cursor = (await rssAt(base).poll(news, cursor, never)).cursor;
    }
    expect(cursor?.["seen"]?.split(" ")).toHaveLength(200);
  });

  test("are not read again while they say that they are unchanged", async () => {
    const entry = "<item><guid>urn:x:1</guid><title>One</title></item>";
    const asked: unknown[] = [];
    const base = await serving(({ headers }, response) => {
      asked.push([headers["if-none-match"], headers["if-modified-since"]]);
      if (headers["if-none-match"] === '"a"') response.writeHead(304).end();
      else
        response
          .writeHead(200, {
            etag: '"a"',
            "last-modified": "Wed, 01 Jul 2026 08:00:00 GMT",
          })
          .end(feed(entry));
    });
    const first = await rssAt(base).poll(news, null, never);
    expect(first.items).toHaveLength(1);
    const second = await rssAt(base).poll(news, first.cursor, never);
    expect(second).toEqual({ items: [], cursor: first.cursor });
    const old = await rssAt(base).poll(news, { seen: "" }, never);
    expect(old).toEqual(first);
    expect(asked).toEqual([
      [undefined, undefined],
      ['"a"', "Wed, 01 Jul 2026 08:00:00 GMT"],
      [undefined, undefined],
    ]);
  });

  test("that no longer say how they stand are asked for as a whole again", async () => {
    const entry = "<item><guid>urn:x:1</guid><title>One</title></item>";
    const base = await answers({ [feedPath]: feed(entry) });
    const before = { seen: "", etag: '"a"', lastModified: "x" };
    const { cursor } = await rssAt(base).poll(news, before, never);
    expect(Object.keys(cursor)).toEqual(["seen"]);
  });

  test("that moved have links relative to where they are now", async () => {
    const entry =
      "<item><guid>1</guid><title>One</title><link>one.html</link></item>";
    const base = await serving((request, response) => {
      if (request.url === feedPath)
        response.writeHead(301, { location: "/moved.example/a/b.xml" }).end();
      else response.writeHead(200).end(feed(entry));
    });
    const { items } = await rssAt(base).poll(news, null, never);
    expect(items).toMatchObject([
      { url: `${base}/moved.example/a/one.html`, itemId: `${news.url}#1` },
    ]);
  });

  test("that are a web page name the feed that the page names", async () => {
    const page = (head: string) =>
      `<!DOCTYPE html><html><head><title>News</title>${head}</head><body>News</body></html>`;
    const looked = async (html: string) =>
      String(
        await errorOf(
          rssAt(await answers({ [feedPath]: html })).poll(news, null, never),
        ),
      );
    expect(await looked(page(""))).toMatch(/is a web page, not a feed$/u);
    for (const type of ["rss+xml", "atom+xml; charset=utf-8", "feed+json"]) {
      const links = `<link rel="stylesheet" type="text/css" href="/a.css"><link rel="alternate" type="text/html" href="/de"><link rel="self" type="application/rss+xml" href="/self.xml"><link rel="Alternate home" type="application/${type}" href="/real.xml">`;
      expect(await looked(page(links))).toMatch(
        /feed\.rss is a web page; its feed is at https:\/\/news\.example\.com\/real\.xml$/u,
      );
    }
  });

  test("give way to the page that an entry leads to", async () => {
    const link = "https://news.example.com/one.html";
    const entry = `<item><title>One</title><link>${link}</link><description>${"The entry's own text. ".repeat(100)}</description></item>`;
    const base = await answers({
      [feedPath]: feed(entry),
      "/news.example.com/one.html": "<html><body>The page.</body></html>",
    });
    const { items } = await rssAt(base).poll(news, null, never);
    const [item] = items;
    if (item === undefined) throw new Error("the entry is missing");
    const fetched = await rssAt(base).fetch(item, news, never);
    expect(new TextDecoder().decode(fetched?.body)).toContain("The page.");
  });
});
