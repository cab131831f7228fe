import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import type { AccountId } from "../../functions/src/domain/kernel/ids.ts";
import { minuteMs } from "../../functions/src/domain/kernel/instant.ts";
import { toAudience } from "../../functions/src/domain/people/roles.ts";
import { create, update } from "../../functions/src/ports/store.ts";
import { present } from "../support/api.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
  aUid,
} from "../support/builders.ts";
import type { Fault, Point } from "../support/faults.ts";
import { all, parked } from "../support/stories.ts";
import {
  type Crms,
  fair,
  openWorld,
  startCrms,
  type World,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const globex = anAccountId("globex");
const initech = anAccountId("initech");
const annas = toAudience(["anna"], ["north"]);
const bobs = toAudience(["bob"], ["south"]);
const modes: readonly Fault[] = ["kill", "cut", "throw"];

describe("other owners and teams", () => {
  let crms: Crms;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterAll(() => crms.close());

  it("take over all that belongs to an account, at most 100 documents a commit, and nothing of another", async () => {
    const world = await aWorld();
    const sizes = countRewritten(world);
    const before = await audiences(world, globex);
    expect(new Set(before.values())).toEqual(new Set([key(annas)]));
    expect(collectionsOf(before)).toEqual([
      "activations",
      "contexts",
      "decisions",
      "inbox",
      "opportunities",
      "signals",
    ]);
    expect(before.size).toBeGreaterThan(250);

    await handOver(world, bobs);
    await world.settle(fair);
    const after = await audiences(world, globex);
    expect(new Set(after.values())).toEqual(new Set([key(bobs)]));
    expect([...after.keys()]).toEqual([...before.keys()]);
    expect(new Set((await audiences(world, initech)).values())).toEqual(
      new Set([key(annas)]),
    );
    expect(Math.max(...sizes)).toBe(100);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(before.size);
    expect(await parked(world)).toEqual([]);
    expect(await findable(world, annas)).toEqual(new Set([initech]));
    expect(await findable(world, bobs)).toEqual(new Set([globex]));
    await world.close();
  });

  it.each(modes)(
    "do so through a %s before and behind the effects of their pages",
    async (fault) => {
      const world = await aWorld();
      const strikes = new Map<string, number>();
      const points = pointsOf(fault);
      let delivery = 0;
      world.watch((topic, point) => {
        if (topic !== "audience-changed") return null;
        if (point === "store.commit#1:before") delivery++;
        // Each third one lives, or the message would be parked at its limit.
        const wanted =
          delivery % 3 === 0 ? null : points[delivery % points.length];
        if (point !== wanted) return null;
        strikes.set(point, (strikes.get(point) ?? 0) + 1);
        return fault;
      });
      await handOver(world, bobs);
      await world.settle(fair);
      const after = await audiences(world, globex);
      expect([...strikes.keys()].toSorted()).toEqual([...points].toSorted());
      expect(new Set(after.values())).toEqual(new Set([key(bobs)]));
      expect(await parked(world)).toEqual([]);
      await world.close();
    },
  );

  it("reach what a run that began before the change writes behind the first round", async () => {
    const world = await aWorld(0);
    let late = false;
    world.watch((topic, point) => {
      // The first page of the first round has been read: only now the slow run commits.
      if (topic !== "audience-changed" || late) return null;
      if (!point.startsWith("store.commit#2:after")) return null;
      late = true;
      void world.write([aDecision("straggler", globex, world)]);
      return null;
    });
    await handOver(world, bobs);
    await world.settle(fair);
    const straggler = present(
      await world.database.store.read(at.decision(tenantId, "straggler")),
    );
    expect(straggler.data.audience).toEqual(bobs);
    expect(straggler.data.updatedAt.getTime()).toBeGreaterThan(
      straggler.data.createdAt.getTime() + 5 * minuteMs,
    );
    await world.close();
  });

  it("that change twice leave the last, in whatever order the news comes", async () => {
    const world = await aWorld();
    await handOver(world, bobs);
    await handOver(world, annas);
    await handOver(world, [...bobs, ...annas]);
    await world.settle({ ...fair, duplicate: 0.3, kill: 0.3, lose: 0.3 });
    const after = await audiences(world, globex);
    expect(new Set(after.values())).toEqual(
      new Set([key([...bobs, ...annas])]),
    );
    await world.close();
  });

  it("are not undone by an older change that was overtaken", async () => {
    const world = await aWorld(0);
    const first = await handOver(world, bobs);
    let back = false;
    const { commit } = world.deps.store;
    Object.assign(world.deps.store, {
      commit: async (...args: Parameters<typeof commit>) => {
        const [writes] = args;
        if (!back && writes.some(({ ref }) => ref.path.includes("/inbox/"))) {
          back = true;
          await handOver(world, annas);
        }
        return commit(...args);
      },
    });
    await world.deliverOnce(tenantId, first);
    expect(back).toBe(true);
    const after = await audiences(world, globex);
    expect(new Set(after.values())).toEqual(new Set([key(annas)]));
    await world.close();
  });

  async function aWorld(decisions = 240): Promise<World> {
    const world = openWorld(5, crms);
    const account = anAccount({ owners: [aUid("anna")], teams: ["north"] });
    await world.write(
      aTenantWith(tenantId, [
        [globex, account],
        [initech, { ...account, name: "Initech", aliases: ["Globex"] }],
      ]),
    );
    for (const id of [globex, initech]) {
      for (const n of [1, 2]) await world.emit(tenantId, aTip(id, n));
      await world.settle(fair);
    }
    await world.approveAll(tenantId);
    await world.settle(fair);
    await world.write(
      Array.from({ length: decisions }, (_, n) =>
        aDecision(`d${n}`, globex, world),
      ),
    );
    return world;
  }
});

/** A throw is before an effect, a lost answer behind it; a process dies anywhere. */
function pointsOf(fault: Fault): readonly Point[] {
  const before = ["store.query#1:before", "store.commit#2:before"] as const;
  const behind = ["store.commit#1:after", "store.commit#2:after"] as const;
  if (fault === "throw") return before;
  return fault === "cut" ? behind : [...before, ...behind];
}

function key(audience: readonly string[]): string {
  return audience.join(" ");
}

function aDecision(id: string, accountId: AccountId, world: World) {
  return create(at.decision(tenantId, id), {
    accountId,
    audience: annas,
    stage: "ingest",
    itemId: id,
    signalId: null,
    url: null,
    title: id,
    verdict: "dropped",
    reason: "gone",
    detail: "",
    setting: null,
    traceId: world.deps.chance.id(),
  });
}

/** Other owners and teams, as the API sets them. */
async function handOver(world: World, audience: readonly string[]) {
  const read = present(
    await world.database.store.read(at.account(tenantId, globex)),
  );
  const version = read.data.version + 1;
  await world.write([update(read, { audience: [...audience], version })]);
  return world.emit(tenantId, {
    topic: "audience-changed",
    payload: { accountId: globex, version, round: 1, after: null },
  });
}

/** The audience of every document of an account, by its path. */
async function audiences(world: World, accountId: AccountId) {
  const collections = [
    at.activations(tenantId),
    at.contexts(tenantId),
    at.decisions(tenantId),
    at.inbox(tenantId),
    at.opportunities(tenantId),
    at.signals(tenantId),
  ];
  const found = new Map<string, string>();
  for (const collection of collections) {
    const reads = await all<{ accountId: string; audience: string[] }>(
      world,
      collection,
    );
    for (const { ref, data } of reads)
      if (data.accountId === accountId) found.set(ref.path, key(data.audience));
  }
  return found;
}

/** The accounts of whose signals an audience finds something in the vector index. */
async function findable(world: World, audience: readonly string[]) {
  const { embedder, vectors } = world.deps;
  const { signal } = new AbortController();
  const [vector = []] = await embedder.embed(["Globex appoints"], signal);
  const accounts = [globex, initech].map(async (accountId) => {
    const wanted = { kind: "signal", accountId, audience, vector } as const;
    const hits = await vectors.search(tenantId, { ...wanted, limit: 10 });
    return hits.length > 0 ? [accountId] : [];
  });
  return new Set((await Promise.all(accounts)).flat());
}

function collectionsOf(found: ReadonlyMap<string, string>) {
  const names = [...found.keys()].map((path) => path.split("/")[2]);
  return [...new Set(names)].toSorted((a = "", b = "") => (a < b ? -1 : 1));
}

/** How many documents each commit gave another audience; filled as the world goes on. */
function countRewritten(world: World): readonly number[] {
  const sizes: number[] = [];
  const { commit } = world.deps.store;
  Object.assign(world.deps.store, {
    commit: (...[writes, now]: Parameters<typeof commit>) => {
      sizes.push(
        writes.filter(
          (write) =>
            write.kind === "update" && write.fields.includes("audience"),
        ).length,
      );
      return commit(writes, now);
    },
  });
  return sizes;
}
