import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startReplay, type Replay } from "../../dev/standins/replay.ts";
import type { Reach } from "../../functions/src/adapters/connectors/reach.ts";
import {
  PermanentError,
  RetryableError,
} from "../../functions/src/domain/kernel/errors.ts";
import { dayMs } from "../../functions/src/domain/kernel/instant.ts";
import { SourceItem } from "../../functions/src/domain/signals/signal.ts";
import {
  type Source,
  sourceFacts,
} from "../../functions/src/domain/sources/source.ts";
import type { Connector } from "../../functions/src/ports/sources.ts";
import { type ConnectorRow, connectorRows } from "../support/connectorRows.ts";
import { reachOf } from "../support/reach.ts";
import {
  always,
  amplitude,
  connectorAt,
  errorOf,
  never,
  nvidia,
  releases,
  serving,
} from "../support/sources.ts";

const rows: readonly Row[] = [
  ...Object.values(connectorRows).map((row) => ({
    ...row,
    name: sourceFacts[row.source.kind].name,
  })),
  { ...connectorRows.rss, source: releases, named: releases.url, name: "Atom" },
];
interface Row extends ConnectorRow {
  readonly name: string;
}

const keyed = rows.filter(({ source }) => sourceFacts[source.kind].key);
const fetching = rows.filter(({ carries }) => carries !== "text");
const carrying = rows.filter(({ carries }) => carries === "text");
const conditional = rows.filter((row) => row.conditional);

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay({ port: 0, recordingsDir: null });
});
afterAll(async () => {
  await replay.close();
});

describe.each(rows)("the connector for $name", (row) => {
  const { source, most } = row;
  const facts = sourceFacts[source.kind];
  const named = row.named ?? facts.name;

  test("finds a bounded number of valid items at the first poll, oldest first", async () => {
    const connector = connectorOf(row);
    const { items } = await connector.poll(source, null, never);
    expect(items.length).toBeGreaterThan(0);
    expect(items.length).toBeLessThanOrEqual(most);
    for (const item of items) {
      expect(SourceItem.parse(item)).toEqual(item);
      expect(item.source).toBe(source.kind);
    }
    const times = items.map((item) => item.publishedAt?.getTime() ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test("finds nothing at the second poll, and the cursor stays", async () => {
    const connector = connectorOf(row);
    const first = await connector.poll(source, null, never);
    const second = await connector.poll(source, first.cursor, never);
    expect(second).toEqual({ items: [], cursor: first.cursor });
  });

  test("gives a cursor that can be stored, of less than 30 kB", async () => {
    const connector = connectorOf(row);
    const { cursor } = await connector.poll(source, null, never);
    const stored = JSON.stringify(cursor);
    expect(JSON.parse(stored)).toEqual(cursor);
    expect(Object.values(cursor).every((v) => typeof v === "string")).toBe(
      true,
    );
    expect(stored.length).toBeLessThan(30_000);
  });

  test("fetches what it found, with its evidence address and licence", async () => {
    const connector = connectorOf(row);
    const item = await lastOf(row);
    const fetched = await connector.fetch(item, source, never);
    expect(fetched?.body.byteLength).toBeGreaterThan(100);
    if (item.url !== null) expect(fetched?.url).toBe(item.url);
    expect(fetched?.url).toMatch(/^https?:/);
    expect(fetched?.licence).not.toBe("");
    expect(fetched?.contentType).toMatch(
      row.carries === "text" ? /^text\/plain/ : /^text\/html/,
    );
  });

  test("takes a turn for every request, and spends its day's quota", async () => {
    const turns: (readonly [string, number])[] = [];
    const spent: Parameters<Reach["pacer"]["spend"]>[0][] = [];
    let requests = 0;
    const base = replay.url;
    const { fetch } = reachOf(base);
    const connector = connectorAt(source.kind, base, {
      fetch: (...asked) => {
        requests++;
        return fetch(...asked);
      },
      pacer: {
        turn: async (...[vendor, perSecond]) => {
          turns.push([vendor, perSecond]);
        },
        spend: async (quota) => {
          spent.push(quota);
        },
      },
    });
    await connector.poll(source, null, never);
    expect(requests).toBeGreaterThan(0);
    const rate = source.kind === "sec_search" ? "sec" : source.kind;
    const turn = [rate, facts.perSecond];
    expect(turns).toEqual(Array.from({ length: requests }, () => turn));
    const quota = { key: source.kind, limit: facts.perDay, windowMs: dayMs };
    const times = facts.perDay === null ? 0 : requests;
    expect(spent).toEqual(Array.from({ length: times }, () => quota));
  });

  test("is to be retried after the vendor's own time when told to slow down", async () => {
    const base = await always(429, "", { "retry-after": "7" });
    const error = await errorOf(pollAt(base, source));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: "vendor-busy", retryAfterMs: 7000 });
  });

  test("is to be retried when the vendor fails or cannot be reached", async () => {
    for (const base of [await always(500, ""), "http://127.0.0.1:9"]) {
      const error = await errorOf(pollAt(base, source));
      expect(error).toBeInstanceOf(RetryableError);
      expect(error).toMatchObject({ code: "vendor-down" });
    }
  });

  test.each([
    "",
    "<html><body>Sign in</body></html>",
    '{"a":1}',
    "{",
    "\u0000\u0001",
  ])("names the source when its answer %j is none", async (garbage) => {
    const error = await errorOf(pollAt(await always(200, garbage), source));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ code: "bad-answer" });
    expect(String(error)).toContain(named);
  });

  test("stops when its time is over", async () => {
    const connector = connectorAt(source.kind, await serving(() => undefined));
    const error = await errorOf(
      connector.poll(source, null, AbortSignal.timeout(50)),
    );
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: "timed-out" });
  });

  test("refuses a source that is another connector's", async () => {
    const connector = connectorOf(row);
    const other: Source = source.kind === "sec" ? amplitude : nvidia;
    const error = await errorOf(connector.poll(other, null, never));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ code: "bad-payload" });
  });
});

describe.each(fetching)("the connector for $name", (row) => {
  const { source } = row;

  test("gives no more than the item's snippet for a document that the source no longer has", async () => {
    const item = await lastOf(row);
    for (const status of [404, 410]) {
      const connector = connectorAt(source.kind, await always(status, ""));
      const fetched = await connector.fetch(item, source, never);
      if (row.carries === "snippet")
        expect(fetched?.contentType).toMatch(/^text\/plain/);
      else expect(fetched).toBeNull();
    }
  });

  test("is to be retried when a document cannot be had now", async () => {
    const item = await lastOf(row);
    for (const base of [await always(500, ""), "http://127.0.0.1:9"]) {
      const connector = connectorAt(source.kind, base);
      const error = await errorOf(connector.fetch(item, source, never));
      expect(error).toBeInstanceOf(RetryableError);
    }
  });
});

describe.each(carrying)("the connector for $name", (row) => {
  test("gives the text that an item carries without asking anybody, and without a key", async () => {
    const item = await lastOf(row);
    const connector = connectorAt(row.source.kind, "http://127.0.0.1:9", {
      findAccess: () => null,
    });
    const fetched = await connector.fetch(item, row.source, never);
    expect(fetched?.body.byteLength).toBeGreaterThan(100);
  });
});

describe.each(conditional)("the connector for $name", (row) => {
  test("asks whether the source has changed, and finds nothing where it has not", async () => {
    const seen: (string | undefined)[] = [];
    const base = await serving(async (request, response) => {
      const known = request.headers["if-none-match"];
      // EDGAR is asked once more for the header of a filing, which tells the clock of the list.
      if (request.url?.includes("-index-headers") !== true) seen.push(known);
      if (known === '"v1"') {
        response.writeHead(304).end();
        return;
      }
      const got = await fetch(`${replay.url}${request.url ?? ""}`);
      response.writeHead(got.status, { etag: '"v1"' });
      response.end(await got.text());
    });
    const connector = connectorAt(row.source.kind, base);
    const first = await connector.poll(row.source, null, never);
    const second = await connector.poll(row.source, first.cursor, never);
    expect(first.items.length).toBeGreaterThan(0);
    expect(second).toEqual({ items: [], cursor: first.cursor });
    expect(seen).toEqual([undefined, '"v1"']);
  });
});

describe.each(keyed)("the connector for $name", (row) => {
  const { source } = row;
  const { key } = sourceFacts[source.kind];

  test("says which key is missing", async () => {
    for (const access of [null, { key: "" }]) {
      const connector = connectorAt(source.kind, replay.url, {
        findAccess: () => access,
      });
      const error = await errorOf(connector.poll(source, null, never));
      expect(error).toBeInstanceOf(PermanentError);
      expect(error).toMatchObject({ code: "vendor-auth" });
      expect(String(error)).toContain(`"${key}"`);
      expect(String(error)).toContain("SOURCE_KEYS");
    }
  });

  test("tells nobody its key when it fails", async () => {
    if (key === null) throw new Error("it has no key");
    for (const base of [
      await always(400, ""),
      await always(401, ""),
      await always(500, ""),
      await always(200, "{"),
      "http://127.0.0.1:9",
    ]) {
      const secret = reachOf(base).findAccess(key)?.key ?? "";
      const error = await errorOf(pollAt(base, source));
      expect(error).toBeInstanceOf(Error);
      expect(secret).not.toBe("");
      expect(inspect(error, { depth: 10 })).not.toContain(secret);
    }
  });
});

function connectorOf(row: Row): Connector {
  return connectorAt(row.source.kind, replay.url);
}

async function lastOf(row: Row): Promise<SourceItem> {
  const { items } = await pollAt(replay.url, row.source);
  const item = items.at(-1);
  if (item === undefined) throw new Error("nothing was found");
  return item;
}

async function pollAt(base: string, source: Source) {
  return connectorAt(source.kind, base).poll(source, null, never);
}
