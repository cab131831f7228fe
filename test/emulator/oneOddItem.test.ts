import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Replay, startReplay } from "../../dev/standins/replay.ts";
import * as at from "../../functions/src/domain/collections.ts";
import type { SourceItem } from "../../functions/src/domain/signals/signal.ts";
import type {
  Connector,
  PollResult,
} from "../../functions/src/ports/sources.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
} from "../support/builders.ts";
import { connectorRows } from "../support/connectorRows.ts";
import { spoilable } from "../support/oddItems.ts";
import { garbage } from "../support/oddValues.ts";
import {
  aFeedSource,
  all,
  aStoryOf,
  aPage,
  decisions,
  parked,
} from "../support/stories.ts";
import {
  type Crms,
  fair,
  openWorld,
  startCrms,
  type World,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");

/** Items that no connector should bring, and that a database refuses. */
const unstorable: Readonly<Record<string, Partial<SourceItem>>> = {
  "a year before the first": {
    publishedAt: new Date(Date.UTC(0, 0, 1) - 2e12 * 40),
  },
  "a date that is none": { publishedAt: new Date(Number.NaN) },
  "a date at the end of time": { publishedAt: new Date(8.64e15) },
  "no id": { itemId: "" },
  "an id of a megabyte": { itemId: "x".repeat(1_000_000) },
  "a title of a megabyte": { title: "x".repeat(1_000_000) },
  "an address that is none": { url: "http://[" },
  "a fact under a reserved name": { facts: { __name__: "x" } },
  "a fact without a name": { facts: { "": "x" } },
  "a fact of a megabyte": { facts: { text: "x".repeat(1_000_000) } },
  "a thousand facts": {
    facts: Object.fromEntries(
      Array.from({ length: 1000 }, (_, n) => [`f${n}`, "x".repeat(2000)]),
    ),
  },
};

/** What looks odd and can be stored all the same. */
const odd: Readonly<Record<string, Partial<SourceItem>>> = {
  "half of a pair": {
    title: "\ud800 a \udfff",
    revision: "\ud800",
    url: "https://news.example/\ud800",
    facts: { text: "\udfff", address: "https://news.example/\ud800" },
  },
  "an id with slashes": { itemId: "a/b/../c" },
  "the first year": { publishedAt: new Date("0001-01-01T00:00:00Z") },
};

describe("one odd item among what a look finds", () => {
  let crms: Crms;
  let replay: Replay;
  beforeAll(async () => {
    crms = await startCrms();
    replay = await startReplay({ port: 0, recordingsDir: null });
  });
  afterAll(async () => {
    await crms.close();
    await replay.close();
  });

  it("is dropped with its reason, once, and the rest goes on", async () => {
    const good = [aPage("first"), aPage("last")];
    const bad = Object.entries(unstorable).map(([id, change]) =>
      aPage(id, change),
    );
    const strange = Object.entries(odd).map(([id, change]) =>
      aPage(id, change),
    );
    const listed = [good[0], ...bad, ...strange, good[1]].filter(
      (item) => item !== undefined,
    );
    const cursor = { seen: "last" };
    const world = await aWorld({
      kind: "rss",
      poll: () => Promise.resolve({ items: listed, cursor }),
      fetch: () => Promise.resolve(null),
    });
    await look(world, "first");

    expect(await parked(world)).toEqual([]);
    const ids = await announced(world);
    expect(ids).toEqual(
      expect.arrayContaining(["first", "last", "the first year"]),
    );
    expect(ids).toHaveLength(good.length + strange.length);
    const state = await stateOf(world);
    expect(state?.cursor).toEqual(cursor);
    expect(state).toMatchObject({
      consecutiveFailures: 0,
      itemsFound: ids.length,
      droppedItems: bad.length,
    });
    const dropped = (await decisions(world, tenantId)).filter(
      ({ stage }) => stage === "monitor",
    );
    expect(dropped).toHaveLength(bad.length);
    for (const { verdict, reason, detail } of dropped) {
      expect([verdict, reason]).toEqual(["dropped", "unreadable"]);
      expect(detail).toMatch(/publishedAt|itemId|title|url|facts/u);
    }
    await world.close();
  });

  it("of a feed, dated in the year 1 ahead of Greenwich, keeps the source alive", async () => {
    const [list] = connectorRows.rss.lists;
    if (list === undefined) throw new Error("no feed");
    const { look: lookAt, items } = await spoilable(list, replay.url);
    const spoiling = {
      index: 0,
      field: ["pubDate"],
      by: "0001-01-01T00:00:00+01:00",
    };
    const world = await aWorld({
      kind: "rss",
      poll: (_source, cursor) => lookAt(spoiling, cursor ?? {}),
      fetch: () => Promise.resolve(null),
    });
    await look(world, "first");
    expect(await parked(world)).toEqual([]);
    expect(await announced(world)).toHaveLength(items.length);
    expect((await stateOf(world))?.consecutiveFailures).toBe(0);
    await world.close();
  });

  it("of any connector, whatever stands in its place, lets the commit of the rest happen", async () => {
    const looks: PollResult[] = [];
    const lists = Object.values(connectorRows).flatMap((row) => row.lists);
    for (const list of lists) {
      const { look: lookAt, items } = await spoilable(list, replay.url);
      for (const [n, by] of garbage.entries()) {
        if (n % 3 > 0) continue;
        const index = n % items.length;
        const ways = items[index] ?? [[]];
        const field = ways[n % ways.length] ?? [];
        looks.push(await lookAt({ index, field, by }));
      }
    }
    const found = looks.flatMap(({ items }) => items);
    expect(found.length).toBeGreaterThan(500);
    let page = 0;
    const unique = [
      ...new Map(
        found.map((item) => [
          JSON.stringify([item.source, item.itemId, item.revision]),
          item,
        ]),
      ).values(),
    ];
    const world = await aWorld({
      kind: "rss",
      poll: () => {
        const items = unique.slice(page, page + 100);
        page += 100;
        return Promise.resolve({ items, cursor: { page: String(page) } });
      },
      fetch: () => Promise.resolve(null),
    });
    for (let n = 0; n * 100 < unique.length; n++) {
      await look(world, `look ${n}`);
      expect((await stateOf(world))?.lastError).toBeNull();
    }
    expect(
      (await parked(world)).filter((one) => one.startsWith("account-due")),
    ).toEqual([]);
    await world.close();
  });

  it("that is dated ahead happened when it was received, and keeps what it is announced for", async () => {
    const publishedAt = new Date("2099-01-01T00:00:00Z");
    const item = aPage("announced", { publishedAt });
    const world = await aWorld({
      kind: "rss",
      poll: () => Promise.resolve({ items: [item], cursor: {} }),
      fetch: () =>
        Promise.resolve({
          body: new TextEncoder().encode(aStoryOf("Globex", "announced")),
          contentType: "text/plain; charset=utf-8",
          url: "https://news.example",
          licence: "CC0",
        }),
    });
    await look(world, "first");
    const [signal] = await all(world, at.signals(tenantId));
    expect(signal?.data.occurredAt).toEqual(signal?.data.receivedAt);
    expect(signal?.data.facts["announcedFor"]).toBe(publishedAt.toISOString());
    const context = await world.database.store.read(
      at.context(tenantId, accountId),
    );
    expect(context?.data.lastSignalAt).toEqual(signal?.data.receivedAt);
    await world.close();
  });

  async function aWorld(rss: Connector): Promise<World> {
    const world = openWorld(4, crms, { connectors: { rss } });
    const account = anAccount({ sources: [aFeedSource("feed")] });
    await world.write(aTenantWith(tenantId, [[accountId, account]]));
    return world;
  }

  async function look(world: World, occasion: string): Promise<void> {
    await world.emit(tenantId, {
      topic: "account-due",
      payload: { accountId, occasion, sourceKey: "feed", part: 0 },
    });
    await world.settle(fair);
  }

  async function stateOf(world: World) {
    const ref = at.sourceState(tenantId, accountId, "feed");
    return (await world.database.store.read(ref))?.data;
  }
});

async function announced(world: World): Promise<readonly string[]> {
  return (await world.messages())
    .filter(({ data: { topic } }) => topic === "signal-received")
    .map(({ data: { payload } }) => JSON.stringify(payload["item"]))
    .map((item) => /"itemId":"((?:[^"\\]|\\.)*)"/u.exec(item)?.[1] ?? "");
}
