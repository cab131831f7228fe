import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import { RetryableError } from "../../functions/src/domain/kernel/errors.ts";
import { MessageId } from "../../functions/src/domain/kernel/ids.ts";
import type { SourceItem } from "../../functions/src/domain/signals/signal.ts";
import { topics } from "../../functions/src/domain/messages/topics.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
} from "../support/builders.ts";
import type { Point } from "../support/faults.ts";
import { aFeed, aFeedSource, all, aPage, parked } from "../support/stories.ts";
import {
  type Crms,
  fair,
  openWorld,
  startCrms,
  type World,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");
const pages = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => aPage(`page-${from + n}`));

describe("a look at an account's sources", () => {
  let crms: Crms;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterAll(() => crms.close());

  it("announces 250 documents once each, at most 100 per commit, through crashes between the parts", async () => {
    const world = await aWorld({ feed: () => pages(0, 250) });
    const sizes = countAnnounced(world);
    const crashes = await lookThrough(world, "first", (point) =>
      point.startsWith("store.commit#2"),
    );

    expect(crashes).toBe(8);
    expect(await announced(world)).toEqual(idsOf(pages(0, 250)));
    expect(Math.max(...sizes)).toBe(100);
    expect(await stateOf(world, "feed")).toMatchObject({
      itemsFound: 250,
      consecutiveFailures: 0,
    });

    const before = (await world.messages()).length;
    await lookThrough(world, "second");
    // The ask itself, and that for its one source.
    expect((await world.messages()).length).toBe(before + 2);
    await world.close();
  });

  it("misses nothing where the feed moves on between two parts", async () => {
    let looks = 0;
    const listed = () => pages(10 * looks, 250 + 10 * looks);
    // Each look finds ten new ones, and as many of the oldest have left the feed.
    const world = await aWorld({ feed: () => (looks++, listed()) });
    await lookThrough(world, "first");

    const ids = new Set(await announced(world));
    for (const id of idsOf(listed())) expect(ids).toContain(id);
    await world.close();
  });

  it("announces a document once that its source lists twice", async () => {
    const world = await aWorld({
      feed: () => [...pages(0, 3), ...pages(0, 3)],
    });
    await lookAt(world, "first");

    expect(await parked(world)).toEqual([]);
    expect(await announced(world)).toEqual(idsOf(pages(0, 3)));
    await world.close();
  });

  it("remembers a source that fails and does not let it hold up the others", async () => {
    let broken = true;
    const world = await aWorld({
      bad: () => {
        if (broken) throw new RetryableError("vendor-down", "It is down.");
        return pages(0, 2);
      },
      good: () => pages(2, 4),
    });
    await lookAt(world, "first");
    expect(await announced(world)).toEqual(idsOf(pages(2, 4)));
    expect(await parked(world)).toEqual(["account-due vendor-down"]);
    await lookAt(world, "second");
    expect(await stateOf(world, "bad")).toMatchObject({
      consecutiveFailures: 2,
      lastError: "It is down.",
      lastGoodAt: null,
      cursor: null,
    });
    expect(await stateOf(world, "good")).toMatchObject({
      consecutiveFailures: 0,
      lastError: null,
    });

    broken = false;
    await lookAt(world, "third");
    expect(await announced(world)).toEqual(idsOf(pages(0, 4)));
    expect(await stateOf(world, "bad")).toMatchObject({
      consecutiveFailures: 0,
      lastError: null,
      itemsFound: 2,
    });
    await world.close();
  });

  it("ends with a reason at an account without sources", async () => {
    const world = await aWorld({});
    await lookAt(world, "first");
    expect(await world.messages()).toMatchObject([
      { data: { state: "done", skipped: "the account has no sources" } },
    ]);
    await world.close();
  });

  it("takes nobody's address or number along in a title or an address", async () => {
    const page = aPage("page-1", {
      title: "Globex: write to joe.doe@globex.example or call +1 415 555 2671",
      url: "https://news.example/page-1?for=joe.doe@globex.example",
    });
    const world = await aWorld({ feed: () => [page] }, () => null);
    await lookAt(world, "first");

    expect(await announced(world)).toEqual(["page-1"]);
    for (const { data } of await world.messages())
      expect(JSON.stringify(data)).not.toMatch(/joe\.doe|555/);
    const [decision] = await all(world, at.decisions(tenantId));
    expect(decision?.data).toMatchObject({
      reason: "gone",
      title: "Globex: write to [email] or call [phone]",
      url: "https://news.example/page-1",
    });
    await world.close();
  });

  async function aWorld(
    looks: Readonly<Record<string, () => readonly SourceItem[]>>,
    fetch: (item: SourceItem) => string | null = ({ itemId }) =>
      `${itemId} is no news of anybody that we know, but it is long enough.`,
  ): Promise<World> {
    const look = (key: string) => looks[key]?.() ?? [];
    const world = openWorld(41, crms, {
      connectors: { rss: aFeed({ look, fetch }) },
    });
    const sources = Object.keys(looks).map(aFeedSource);
    await world.write(
      aTenantWith(tenantId, [[accountId, anAccount({ sources })]]),
    );
    return world;
  }

  /**
   * Looks, part by part, at nothing but the sources; each run dies once at each of the points asked for.
   * Returns how often it died. Until the last part the bookmark stays where it was.
   */
  async function lookThrough(
    world: World,
    occasion: string,
    dies: (point: Point) => boolean = () => false,
  ): Promise<number> {
    const payload = { accountId, occasion, sourceKey: null, part: 0 };
    await world.emit(tenantId, { topic: "account-due", payload });
    const bookmark = (await stateOf(world, "feed"))?.cursor;
    const struck = new Set<string>();
    for (;;) {
      const [next] = (await world.messages()).filter(
        ({ data }) => data.topic === "account-due" && data.state === "open",
      );
      if (next === undefined) return struck.size;
      expect((await stateOf(world, "feed"))?.cursor).toEqual(bookmark);
      await world.deliverOnce(tenantId, MessageId.parse(next.id), (point) => {
        const death = `${next.id} ${point}`;
        if (struck.has(death) || !dies(point)) return null;
        struck.add(death);
        return "kill";
      });
      world.clock.advance(136_000);
    }
  }

  async function lookAt(world: World, occasion: string): Promise<void> {
    await world.emit(tenantId, {
      topic: "account-due",
      payload: { accountId, occasion, sourceKey: null, part: 0 },
    });
    await world.settle(fair);
  }

  async function stateOf(world: World, key: string) {
    const read = await world.database.store.read(
      at.sourceState(tenantId, accountId, key),
    );
    return read?.data;
  }
});

/** The items that messages were made of, in order; each as often as there is a message of it. */
async function announced(world: World): Promise<readonly string[]> {
  return (await world.messages())
    .filter(({ data: { topic } }) => topic === "signal-received")
    .map(({ data: { payload } }) => {
      const { item } = topics["signal-received"].payload.parse(payload);
      return item.itemId;
    })
    .sort();
}

function idsOf(items: readonly SourceItem[]): readonly string[] {
  return items.map(({ itemId }) => itemId).sort();
}

/** How many documents each commit announced; filled as the world goes on. */
function countAnnounced(world: World): readonly number[] {
  const sizes: number[] = [];
  const { commit } = world.deps.store;
  Object.assign(world.deps.store, {
    commit: (...[writes, now]: Parameters<typeof commit>) => {
      sizes.push(
        writes.filter(({ ref }) => ref.path.includes("/signal-received_"))
          .length,
      );
      return commit(writes, now);
    },
  });
  return sizes;
}
