import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startReplay, type Replay } from "../../dev/standins/replay.ts";
import type { Reach } from "../../functions/src/adapters/connectors/reach.ts";
import { statedDate } from "../../functions/src/adapters/connectors/searches/parts/statedDate.ts";
import {
  PermanentError,
  RetryableError,
} from "../../functions/src/domain/kernel/errors.ts";
import { SourceItem } from "../../functions/src/domain/signals/signal.ts";
import { endsSoon } from "../../functions/src/domain/sources/source.ts";
import { searches } from "../support/searches.ts";
import {
  always,
  answers,
  connectorAt,
  errorOf,
  never,
  serving,
} from "../support/sources.ts";

const { query } = searches.gdelt;
const now = new Date("2026-08-01T00:00:00Z");

const paths = {
  gdelt: "/api.gdeltproject.org/api/v2/doc/doc",
  newsapi: "/newsapi.org/v2/everything",
  serper: "/google.serper.dev/news",
  google_cse: "/www.googleapis.com/customsearch/v1",
} as const;
const kinds = ["gdelt", "newsapi", "serper", "google_cse"] as const;
type Kind = (typeof kinds)[number];

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay({ port: 0, recordingsDir: null });
});
afterAll(async () => {
  await replay.close();
});

const look = (kind: Kind, base: string, changes: Partial<Reach> = {}) =>
  connectorAt(kind, base, changes).poll(searches[kind], null, never);

/** What a search was asked, and with which headers. */
async function asked(
  kind: Kind,
  cursor: Readonly<Record<string, string>> | null = null,
) {
  const seen: { url: URL; body: string; key: string }[] = [];
  const base = await serving((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { headers } = request;
      const key = headers["x-goog-api-key"] ?? headers["x-api-key"];
      seen.push({
        url: new URL(request.url ?? "/", "http://x"),
        body: Buffer.concat(parts).toString(),
        key: String(key ?? ""),
      });
      response.writeHead(429).end();
    });
  });
  await errorOf(connectorAt(kind, base).poll(searches[kind], cursor, never));
  const [one] = seen;
  if (one === undefined) throw new Error("it did not ask");
  return one;
}

describe.each(kinds)("the search of %s", (kind) => {
  const source = searches[kind];
  const path = paths[kind];
  const found = kind === "gdelt" ? 4 : 3;

  test("finds the newest three at the first poll, oldest first, with what it was asked", async () => {
    const { items } = await look(kind, replay.url);
    expect(items).toHaveLength(3);
    for (const item of items) {
      expect(SourceItem.parse(item)).toEqual(item);
      expect(item.source).toBe(kind);
      expect(item.facts["query"]).toBe(query);
      expect(item.revision).toBe("");
    }
    expect(items.at(-1)).toMatchObject({
      itemId: "https://news.example.com/technology/brindlewick-cfo.html",
      title: "Brindlewick Systems names Tamsin Okoro-Lindqvist finance chief",
    });
    const times = items.map((item) => item.publishedAt?.getTime() ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeGreaterThan(Date.parse("2026-07-31T00:00:00Z"));
  });

  test("finds nothing at the second poll, and everything after an empty first", async () => {
    const connector = connectorAt(kind, replay.url);
    const first = await connector.poll(source, null, never);
    expect(await connector.poll(source, first.cursor, never)).toEqual({
      items: [],
      cursor: first.cursor,
    });
    const all = await connector.poll(source, { newest: "", seen: "" }, never);
    expect(all.items).toHaveLength(found);
    expect(JSON.stringify(all.cursor).length).toBeLessThan(30_000);
  });

  test("brings the page behind the link, or nothing where neither it nor a quotation is there", async () => {
    const connector = connectorAt(kind, replay.url);
    const { items } = await connector.poll(source, null, never);
    const [item, page] = [items[0], items.at(-1)];
    if (item === undefined || page === undefined) throw new Error("none");
    const fetched = await connector.fetch(page, source, never);
    expect(fetched?.contentType).toMatch(/^text\/html/);
    expect(fetched?.url).toBe(page.url);
    expect(new TextDecoder("latin1").decode(fetched?.body)).toContain("<p");
    const bare = { ...item, facts: { query, snippet: "Too short." } };
    for (const status of [404, 403]) {
      const gone = connectorAt(kind, await always(status, ""));
      expect(await gone.fetch(bare, source, never)).toBeNull();
    }
    const quoted = "Brindlewick wants to hire 120 people in Lisbon.";
    const said = { ...item, facts: { query, snippet: quoted } };
    const text = await connectorAt(kind, await always(402, "")).fetch(
      said,
      source,
      never,
    );
    expect(text?.contentType).toMatch(/^text\/plain/);
    expect(new TextDecoder().decode(text?.body)).toBe(quoted);
  });

  test("leaves out what cannot be read, and refuses a list of nothing else", async () => {
    const { body, listKey } = await recorded(kind);
    const list = z.array(z.unknown()).parse(body[listKey]);
    const withOne = { ...body, [listKey]: [{ title: 7 }, ...list] };
    const base = await answers({ [path]: JSON.stringify(withOne) });
    expect((await look(kind, base)).items).toHaveLength(3);
    const broken = { ...body, [listKey]: [{ title: 7 }] };
    const error = await errorOf(
      look(kind, await answers({ [path]: JSON.stringify(broken) })),
    );
    expect(error).toMatchObject({ code: "bad-answer" });
  });

  test("is no longer there, where it answers 404", async () => {
    const error = await errorOf(look(kind, await always(404, "{}")));
    expect(error).toMatchObject({ name: "PermanentError", code: "not-found" });
  });

  test("keeps people's addresses out of what it announces", async () => {
    const text = (await recorded(kind)).text;
    const planted = text
      .replaceAll(
        "as its chief financial officer",
        "(write to t.okoro@brindlewick.example)",
      )
      .replaceAll("the company said", "call +1 206 555 0142");
    const { items } = await look(kind, await answers({ [path]: planted }));
    expect(JSON.stringify(items.map((item) => item.facts))).not.toMatch(
      /okoro@|555 0142/,
    );
  });
});

const Recorded = z.record(z.string(), z.unknown());

async function recorded(kind: Kind) {
  const text = await (await fetch(replay.url + paths[kind])).text();
  const body = Recorded.parse(JSON.parse(text));
  const listKey =
    ["articles", "news", "items"].find((key) => key in body) ?? "";
  return { text, body, listKey };
}

describe("a search that asks with a key", () => {
  const keyed = ["newsapi", "serper", "google_cse"] as const;

  test.each(keyed)(
    "%s sends it in a header and never in the address",
    async (kind) => {
      const { url, body, key } = await asked(kind);
      expect(key).toMatch(/-key$/);
      expect(url.href).not.toContain(key);
      expect(body).not.toContain(key);
    },
  );
});

describe("a search by address", () => {
  const article = (url: string, seendate: string) => ({
    url,
    title: "Brindlewick",
    seendate,
  });
  const listing = (...articles: readonly object[]) =>
    answers({ [paths.gdelt]: JSON.stringify({ articles }) });
  const source = searches.gdelt;

  test("takes the spellings of one address for one page", async () => {
    const base = await listing(
      article("https://a.example/x?utm_source=b", "20260730T101500Z"),
      article("https://A.example/x/#top", "20260730T111500Z"),
    );
    const { items } = await look("gdelt", base);
    expect(items.map(({ itemId }) => itemId)).toEqual(["https://a.example/x"]);
  });

  test("names the host where the search names no outlet", async () => {
    const base = await listing(
      article("https://www.a.example/x", "20260730T101500Z"),
    );
    const { items } = await look("gdelt", base);
    expect(items[0]?.publisher).toBe("a.example");
  });

  test("finds what is listed late within three days, once, and nothing older", async () => {
    const first = await connectorAt(
      "gdelt",
      await listing(article("https://a.example/1", "20260730T101500Z")),
    ).poll(source, null, never);
    const later = connectorAt(
      "gdelt",
      await listing(
        article("https://a.example/1", "20260730T101500Z"),
        article("https://a.example/late", "20260728T101500Z"),
        article("https://a.example/old", "20260726T101500Z"),
      ),
    );
    const second = await later.poll(source, first.cursor, never);
    expect(second.items.map(({ itemId }) => itemId)).toEqual([
      "https://a.example/late",
    ]);
    expect((await later.poll(source, second.cursor, never)).items).toEqual([]);
  });

  test("never moves its bookmark back", async () => {
    const newest = "2026-07-30T10:15:00.000Z";
    const { cursor } = await connectorAt(
      "gdelt",
      await listing(article("https://a.example/0", "20260728T101500Z")),
    ).poll(source, { newest, seen: "" }, never);
    expect(cursor["newest"]).toBe(newest);
  });

  test("holds a date ahead of its time for none", async () => {
    const base = await listing(
      article("https://a.example/1", "20260730T101500Z"),
      article("https://a.example/ahead", "20270101T000000Z"),
    );
    const { items, cursor } = await look("gdelt", base);
    expect(items.map((item) => item.publishedAt)).toEqual([
      null,
      new Date("2026-07-30T10:15:00Z"),
    ]);
    expect(cursor["newest"]).toBe("2026-07-30T10:15:00.000Z");
  });

  test("remembers a bounded number of pages, whatever is listed", async () => {
    const many = Array.from({ length: 3000 }, (_, n) =>
      article(`https://a.example/${n}`, "20260730T101500Z"),
    );
    const { cursor } = await look("gdelt", await listing(...many));
    expect(JSON.stringify(cursor).length).toBeLessThan(30_000);
  });

  test("asks for a week, and for longer after a pause", async () => {
    const days = async (newest: string) =>
      (await asked("gdelt", { newest, seen: "" })).url.searchParams.get(
        "timespan",
      );
    expect((await asked("gdelt")).url.searchParams.get("timespan")).toBe("7d");
    expect(await days("2026-07-31T00:00:00.000Z")).toBe("7d");
    expect(await days("2026-07-20T00:00:00.000Z")).toBe("15d");
    expect(await days("2026-01-01T00:00:00.000Z")).toBe("28d");
  });
});

describe("GDELT", () => {
  test("is asked for the newest articles with the words as they are", async () => {
    const { url } = await asked("gdelt");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      query,
      mode: "artlist",
      format: "json",
      sort: "datedesc",
      maxrecords: "75",
      timespan: "7d",
    });
  });

  test("found nothing, where it answers with an empty object", async () => {
    const { items } = await look("gdelt", await always(200, "{}"));
    expect(items).toEqual([]);
  });

  test("is busy, where it asks in words for slower questions", async () => {
    const notice =
      "Please limit requests to one every 5 seconds or contact us for larger queries.\n";
    const error = await errorOf(look("gdelt", await always(200, notice)));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: "vendor-busy", retryAfterMs: 5000 });
  });

  test.each([
    "Your query was too short or too long.\n",
    "The specified phrase is too short.",
    "Queries containing OR'd terms must be surrounded by ().",
  ])("refuses a query in words: %s", async (words) => {
    const error = await errorOf(look("gdelt", await always(200, words)));
    expect(error).toMatchObject({ code: "refused-by-vendor" });
    expect(String(error)).toContain(words.trim());
  });

  test("is read although a title holds what JSON does not allow", async () => {
    const body = `{"articles": [ {"url": "https://a.example/1", "title": "Plan \\B of\tBrindlewick \\"q\\" \\u00e9", "seendate": "20260730T101500Z", "domain": "a.example"} ]}`;
    const { items } = await look("gdelt", await always(200, body));
    expect(items[0]?.title).toBe('Plan \\B of Brindlewick "q" é');
    expect(items[0]?.publisher).toBe("a.example");
  });
});

describe("NewsAPI", () => {
  test("is asked for the newest articles in their language", async () => {
    const { url, key } = await asked("newsapi");
    expect(key).toBe("newsapi-key");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      q: query,
      sortBy: "publishedAt",
      pageSize: "100",
      from: "2026-07-25T00:00:00",
      language: "en",
    });
  });

  test("names outlets, quotes the longer text without its cut, and leaves out what was withdrawn", async () => {
    const { items } = await look("newsapi", replay.url);
    expect(items.map((item) => item.publisher)).toEqual([
      "Example Wire",
      "Example Daily",
      "Example News",
    ]);
    expect(items[1]?.facts["snippet"]).toBe(
      "The maker of warehouse software wants to hire 120 people in Lisbon by the end of next year.",
    );
    expect(items[2]?.facts["snippet"]).toMatch(/starts in Septem…$/);
  });

  const refused = (status: number, code: string, headers = {}) =>
    always(
      status,
      JSON.stringify({ status: "error", code, message: `Said of ${code}.` }),
      headers,
    ).then((base) => errorOf(look("newsapi", base)));

  test.each(["apiKeyInvalid", "apiKeyDisabled", "apiKeyMissing"])(
    "has no use of a key that is %s",
    async (code) => {
      const error = await refused(401, code);
      expect(error).toBeInstanceOf(PermanentError);
      expect(error).toMatchObject({ code: "vendor-auth" });
    },
  );

  test("is busy until tomorrow when the day's requests are spent, or as long as it says", async () => {
    expect(await refused(429, "rateLimited")).toMatchObject({
      name: "RetryableError",
      code: "vendor-busy",
      retryAfterMs: 86_400_000,
    });
    expect(
      await refused(429, "rateLimited", { "retry-after": "60" }),
    ).toMatchObject({ retryAfterMs: 60_000 });
  });

  test("says what is wrong with a question, even with status 200", async () => {
    for (const status of [400, 426, 200]) {
      const error = await refused(status, "parameterInvalid");
      expect(error).toBeInstanceOf(PermanentError);
      expect(error).toMatchObject({ code: "refused-by-vendor" });
      expect(String(error)).toContain("Said of parameterInvalid.");
    }
    expect(await refused(500, "unexpectedError")).toMatchObject({
      name: "RetryableError",
      code: "vendor-down",
    });
  });
});

describe("Serper", () => {
  test("is asked for a week's news of the country", async () => {
    const { body, key } = await asked("serper");
    expect(key).toBe("serper-key");
    expect(JSON.parse(body)).toEqual({
      q: query,
      num: 20,
      tbs: "qdr:w",
      gl: "us",
    });
  });

  test("dates results from now", async () => {
    const { items } = await look("serper", replay.url);
    expect(items.map((item) => item.publishedAt?.toISOString())).toEqual([
      "2026-07-29T00:00:00.000Z",
      "2026-07-31T00:00:00.000Z",
      "2026-07-31T21:00:00.000Z",
    ]);
  });

  test("needs a person where its credits are spent or its key is refused", async () => {
    const spent = await always(
      400,
      '{"message":"Not enough credits","statusCode":400}',
    );
    const error = await errorOf(look("serper", spent));
    expect(error).toMatchObject({
      name: "PermanentError",
      code: "refused-by-vendor",
    });
    expect(String(error)).toContain("Not enough credits");
    const denied = await always(
      403,
      '{"message":"Unauthorized.","statusCode":403}',
    );
    expect(await errorOf(look("serper", denied))).toMatchObject({
      name: "PermanentError",
      code: "vendor-auth",
    });
  });
});

describe("Google Custom Search", () => {
  test("is asked with the engine for a week's pages by date", async () => {
    const { url, key } = await asked("google_cse");
    expect(key).toBe("google-key");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      cx: "0123456789abcdef0",
      q: query,
      dateRestrict: "d7",
      sort: "date",
    });
  });

  test("dates pages by their head, else by the snippet, and names the site", async () => {
    const { items } = await look("google_cse", replay.url);
    expect(
      items.map(({ publishedAt, publisher }) => [publishedAt, publisher]),
    ).toEqual([
      [null, "wire.example.net"],
      [new Date("2026-07-30T00:00:00Z"), "daily.example.org"],
      [new Date("2026-07-31T09:30:00Z"), "Example News"],
    ]);
    expect(items[1]?.facts["snippet"]).toMatch(/^The maker of warehouse/);
  });

  test("finds nothing where nothing is listed", async () => {
    const base = await always(
      200,
      '{"kind":"customsearch#search","searchInformation":{"totalResults":"0"}}',
    );
    expect((await look("google_cse", base)).items).toEqual([]);
  });

  const refused = (status: number, error: object) =>
    always(status, JSON.stringify({ error })).then((base) =>
      errorOf(look("google_cse", base)),
    );

  test("is busy until midnight in Pacific time when the day's queries are spent", async () => {
    for (const [status, error] of [
      [
        429,
        {
          code: 429,
          message: "Quota exceeded for quota metric 'Queries'.",
          status: "RESOURCE_EXHAUSTED",
        },
      ],
      [
        403,
        {
          code: 403,
          message: "Daily Limit Exceeded",
          errors: [{ reason: "dailyLimitExceeded" }],
        },
      ],
    ] as const) {
      expect(await refused(status, error)).toMatchObject({
        name: "RetryableError",
        code: "vendor-busy",
        retryAfterMs: 8 * 3_600_000,
      });
    }
  });

  test("tells a key that is not valid from a question that is not", async () => {
    expect(
      await refused(400, {
        message: "API key not valid. Please pass a valid API key.",
        status: "INVALID_ARGUMENT",
        details: [{ reason: "API_KEY_INVALID" }],
      }),
    ).toMatchObject({ name: "PermanentError", code: "vendor-auth" });
    const error = await refused(400, {
      message: "Request contains an invalid argument.",
      status: "INVALID_ARGUMENT",
    });
    expect(error).toMatchObject({
      name: "PermanentError",
      code: "refused-by-vendor",
    });
    expect(String(error)).toContain("invalid argument");
  });

  test("ends with 2026, asks nothing from then on, and says so sixty days ahead", async () => {
    const ended = { now: () => new Date("2027-01-01T00:00:00Z") };
    const before = replay.requests().length;
    const error = await errorOf(look("google_cse", replay.url, ended));
    expect(error).toMatchObject({
      name: "PermanentError",
      code: "refused-by-vendor",
    });
    expect(String(error)).toContain(
      "Google Custom Search ended on 2027-01-01; use Serper, NewsAPI or GDELT instead",
    );
    expect(replay.requests()).toHaveLength(before);
    const dayBefore = { now: () => new Date("2026-12-31T23:59:59Z") };
    expect((await look("google_cse", replay.url, dayBefore)).items.length).toBe(
      3,
    );
    expect(endsSoon("google_cse", new Date("2026-11-01T23:59:59Z"))).toBeNull();
    expect(endsSoon("google_cse", new Date("2026-11-02T00:00:00Z"))).toEqual(
      new Date("2027-01-01T00:00:00Z"),
    );
    expect(endsSoon("serper", new Date("2026-12-31T00:00:00Z"))).toBeNull();
  });
});

describe("a date as Google states it", () => {
  test.each([
    ["3 hours ago", "2026-07-31T21:00:00.000Z"],
    ["1 hour ago", "2026-07-31T23:00:00.000Z"],
    ["an hour ago", "2026-07-31T23:00:00.000Z"],
    ["45 mins ago", "2026-07-31T23:15:00.000Z"],
    ["2 weeks ago", "2026-07-18T00:00:00.000Z"],
    ["1 month ago", "2026-07-02T00:00:00.000Z"],
    ["yesterday", "2026-07-31T00:00:00.000Z"],
    ["Jul 29, 2026", "2026-07-29T00:00:00.000Z"],
    ["29 Jul 2026", "2026-07-29T00:00:00.000Z"],
    ["2026-07-29", "2026-07-29T00:00:00.000Z"],
    ["2026-07-29T10:00:00", "2026-07-29T10:00:00.000Z"],
    ["2026-07-29T10:00:00+02:00", "2026-07-29T08:00:00.000Z"],
  ])("%s is %s", (text, iso) => {
    expect(statedDate(text, now)?.toISOString()).toBe(iso);
  });

  test.each(["", "soon", "Item 5, 2026", "vor 3 Stunden", "99"])(
    "%j is none",
    (text) => {
      expect(statedDate(text, now)).toBeNull();
    },
  );
});
