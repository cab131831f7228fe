import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startReplay, type Replay } from "../../dev/standins/replay.ts";
import {
  PermanentError,
  RetryableError,
} from "../../functions/src/domain/errors.ts";
import type { Source } from "../../functions/src/domain/source.ts";
import { SourceItem } from "../../functions/src/domain/signal.ts";
import {
  never,
  nvidia,
  amplitude,
  news,
  releases,
  secAt,
  rssAt,
  greenhouseAt,
  serving,
  always,
  errorOf,
} from "../support/sources.ts";

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay({ port: 0, recordingsDir: null });
});
afterAll(async () => {
  await replay.close();
});

describe.each([
  {
    vendor: "SEC EDGAR",
    at: secAt,
    source: nvidia,
    most: 9,
    named: "SEC EDGAR",
  },
  { vendor: "RSS", at: rssAt, source: news, most: 3, named: news.url },
  { vendor: "Atom", at: rssAt, source: releases, most: 3, named: releases.url },
  {
    vendor: "Greenhouse",
    at: greenhouseAt,
    source: amplitude,
    most: 3,
    named: "Greenhouse",
  },
])("the connector for $vendor", ({ at, source, most, named }) => {
  test("finds a bounded number of valid items at the first look, oldest first", async () => {
    const { items } = await at(replay.url).look(source, null, never);
    expect(items.length).toBeGreaterThan(0);
    expect(items.length).toBeLessThanOrEqual(most);
    for (const item of items) expect(SourceItem.parse(item)).toEqual(item);
    const times = items.map((item) => item.publishedAt?.getTime() ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test("finds nothing at the second look, and the cursor stays", async () => {
    const connector = at(replay.url);
    const first = await connector.look(source, null, never);
    const second = await connector.look(source, first.cursor, never);
    expect(second).toEqual({ items: [], cursor: first.cursor });
  });

  test("fetches what it found, with its evidence address and licence", async () => {
    const connector = at(replay.url);
    const { items } = await connector.look(source, null, never);
    const item = items.at(-1);
    if (item === undefined) throw new Error("nothing was found");
    const fetched = await connector.fetch(item, source, never);
    expect(fetched?.body.byteLength).toBeGreaterThan(100);
    expect(fetched?.url).toBe(item.url);
    expect(fetched?.licence).not.toBe("");
    expect(fetched?.contentType).toMatch(/^text\/html/);
  });

  test("gives null for a document that the source no longer has", async () => {
    const { items } = await at(replay.url).look(source, null, never);
    const [item] = items;
    if (item === undefined) throw new Error("nothing was found");
    for (const status of [404, 410]) {
      expect(
        await at(await always(status, "")).fetch(item, source, never),
      ).toBeNull();
    }
  });

  test("is to be retried after the vendor's own time when told to slow down", async () => {
    const connector = at(await always(429, "", { "retry-after": "7" }));
    const error = await errorOf(connector.look(source, null, never));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: "vendor-busy", retryAfterMs: 7000 });
  });

  test("is to be retried when the vendor fails or cannot be reached", async () => {
    const { items } = await at(replay.url).look(source, null, never);
    const [item] = items;
    if (item === undefined) throw new Error("nothing was found");
    for (const base of [await always(500, ""), "http://127.0.0.1:9"]) {
      const look = await errorOf(at(base).look(source, null, never));
      const fetch = await errorOf(at(base).fetch(item, source, never));
      expect(look).toBeInstanceOf(RetryableError);
      expect(fetch).toBeInstanceOf(RetryableError);
      expect(look).toMatchObject({ code: "vendor-down" });
    }
  });

  test.each([
    "",
    "<html><body>Sign in</body></html>",
    '{"a":1}',
    "{",
    "\u0000\u0001",
  ])("names the source when its answer %j is none", async (garbage) => {
    const error = await errorOf(
      at(await always(200, garbage)).look(source, null, never),
    );
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ code: "bad-answer" });
    expect(String(error)).toContain(named);
  });

  test("stops when its time is over", async () => {
    const url = await serving(() => undefined);
    const error = await errorOf(
      at(url).look(source, null, AbortSignal.timeout(50)),
    );
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: "timed-out" });
  });

  test("refuses a source that is another connector's", async () => {
    const other: Source = source.kind === "sec" ? amplitude : nvidia;
    const error = await errorOf(at(replay.url).look(other, null, never));
    expect(error).toBeInstanceOf(PermanentError);
  });
});
