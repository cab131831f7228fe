import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import { create, update } from "../../functions/src/ports/store.ts";
import { present } from "../support/api.ts";
import {
  anAccount,
  anAccountId,
  anAsset,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { parked, theCard } from "../support/stories.ts";
import {
  type Crms,
  fair,
  openWorld,
  startCrms,
  type World,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");
const assetId = "cio-guide";
const never = new AbortController().signal;

describe("an asset", () => {
  let crms: Crms;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterAll(() => crms.close());

  it("that was added is found by its meaning, and stands on the next card", async () => {
    const world = await aWorld();
    await changed(world, 1);
    await world.settle(fair);
    expect(await found(world, "appoints chief information officer")).toBe(
      assetId,
    );
    await world.emit(tenantId, aTip(accountId, 1));
    await world.settle(fair);
    const card = await theCard(world, tenantId);
    expect(card.data.card.assets.map(({ id }) => id)).toContain(assetId);
    await world.close();
  });

  it("is found by what it says now, through crashes and in whatever order its versions come", async () => {
    const world = await aWorld();
    await changed(world, 1);
    let deaths = 0;
    const struck = new Set<string>();
    world.watch((topic, point) => {
      const fresh = topic === "asset-changed" && !struck.has(point);
      if (!fresh || !/^(?:vectors|embedder|store\.commit)/.test(point))
        return null;
      struck.add(point);
      deaths++;
      return "kill";
    });
    await world.settle(fair);
    expect(deaths).toBeGreaterThan(5);
    expect(await points(world)).toHaveLength(1);

    await edit(world, "Warehouse robots", "How robots sort parcels by night.");
    for (const version of [2, 3, 4]) await changed(world, version);
    await world.settle(fair);
    expect(await points(world)).toHaveLength(1);
    expect(await found(world, "robots sort parcels by night")).toBe(assetId);
    expect(await found(world, "chief information officer")).toBeNull();
    await world.close();
  });

  it("that is edited while it is indexed does not keep the older text's place", async () => {
    let edited = false;
    const world: World = openWorld(7, crms);
    const { upsert } = world.deps.vectors;
    Object.assign(world.deps.vectors, {
      upsert: async (...args: Parameters<typeof upsert>) => {
        if (!edited) {
          edited = true;
          await edit(world, "Warehouse robots", "How robots sort parcels.");
        }
        return upsert(...args);
      },
    });
    await set(world);
    await changed(world, 1);
    await world.settle(fair);
    expect(await found(world, "robots sort parcels")).toBe(assetId);
    expect(await found(world, "chief information officer")).toBeNull();
    await world.close();
  });

  it("that was taken away is no longer in the index, and is again once it is back", async () => {
    const world = await aWorld();
    await changed(world, 1);
    await world.settle(fair);
    expect(await points(world)).toHaveLength(1);
    await offer(world, false);
    await changed(world, 2);
    await world.settle(fair);
    expect(await points(world)).toEqual([]);
    await offer(world, true);
    await changed(world, 3);
    await world.settle(fair);
    expect(await found(world, "chief information officer")).toBe(assetId);
    await world.close();
  });

  it("that is gone is left alone", async () => {
    const world = await aWorld();
    await world.emit(tenantId, {
      topic: "asset-changed",
      payload: { assetId: "gone", version: 1 },
    });
    await world.settle(fair);
    expect(await points(world)).toEqual([]);
    expect(await parked(world)).toEqual([]);
    await world.close();
  });

  async function aWorld(): Promise<World> {
    const world = openWorld(7, crms);
    await set(world);
    return world;
  }
});

async function set(world: World): Promise<void> {
  const asset = anAsset({
    title: "A guide for the new chief information officer",
    summary: "What a board that appoints a chief information officer asks for.",
    categories: [],
  });
  await world.write([
    ...aTenantWith(tenantId, [[accountId, anAccount()]]),
    create(at.asset(tenantId, assetId), asset),
  ]);
}

async function changed(world: World, version: number) {
  const payload = { assetId, version };
  await world.emit(tenantId, { topic: "asset-changed", payload });
}

async function edit(world: World, title: string, summary: string) {
  const read = present(
    await world.database.store.read(at.asset(tenantId, assetId)),
  );
  const version = read.data.version + 1;
  await world.write([update(read, { title, summary, version })]);
}

async function offer(world: World, active: boolean) {
  const read = present(
    await world.database.store.read(at.asset(tenantId, assetId)),
  );
  const version = read.data.version + 1;
  await world.write([update(read, { active, version })]);
}

async function points(world: World) {
  const path = `tenants/${tenantId}/vectors`;
  const { docs } = await world.database.db.collection(path).get();
  return docs.map((document) => document.id);
}

/** The asset nearest to a text, where it is near enough for a card. */
async function found(world: World, text: string): Promise<string | null> {
  const { embedder, vectors } = world.deps;
  const [vector = []] = await embedder.embed([text], never);
  const wanted = { kind: "asset", accountId: null, vector, limit: 1 } as const;
  const [hit] = await vectors.search(tenantId, wanted);
  return hit !== undefined && hit.score >= 0.35 ? hit.of : null;
}
