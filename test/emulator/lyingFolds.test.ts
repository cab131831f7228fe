import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import { MessageId } from "../../functions/src/domain/kernel/ids.ts";
import { addToCategories } from "../../functions/src/domain/weighing/health.ts";
import { addToIntent } from "../../functions/src/domain/weighing/intent.ts";
import type { TopicName } from "../../functions/src/domain/messages/topics.ts";
import {
  accountFold,
  slotMs,
} from "../../functions/src/domain/messages/folds.ts";
import {
  anAccount,
  anAccountId,
  aTenant,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import type { Fault, Point } from "../support/faults.ts";
import { all } from "../support/stories.ts";
import {
  type Crms,
  fair,
  openWorld,
  startCrms,
  type World,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");

describe("a fold", () => {
  let crms: Crms;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterAll(() => crms.close());

  it("whose ask was lost in a crash is asked for by the tick once its fact has lain for a minute", async () => {
    const world = await aWorld();
    await world.emit(tenantId, aTip(accountId, "lying"));
    await deliverAll(world, "signal-received");
    // Embed dies behind its commit, before it asks; its message is done, and nothing else remembers.
    const [killed] = await deliverAll(world, "signal-ingested", (point) =>
      point === "store.commit#2:after" ? "kill" : null,
    );
    expect(killed).toBe("killed");
    const [lying] = await all(world, at.signals(tenantId));
    expect(lying?.data).toMatchObject({ status: "embedded" });
    expect(lying?.data.unfoldedAt).not.toBeNull();
    expect(await folds(world)).toHaveLength(0);

    world.clock.advance(30_000);
    await world.tick();
    expect(await folds(world)).toHaveLength(0);
    world.clock.advance(31_000);
    await world.tick();
    expect(await folds(world)).toHaveLength(1);
    await world.settle(fair);

    const [folded] = await all(world, at.signals(tenantId));
    expect(folded?.data).toMatchObject({
      status: "qualified",
      unfoldedAt: null,
    });
    expect(await all(world, at.opportunities(tenantId))).toHaveLength(1);
    await world.close();
  });

  it("adds up once, whoever else folds the same account at the same time", async () => {
    const world = await aWorld();
    const many = 60;
    for (let n = 0; n < many; n++)
      await world.emit(tenantId, aTip(accountId, n));
    // No fold runs before all signals are there.
    await deliverAll(world, "signal-received");
    await deliverAll(world, "signal-ingested");

    for (let round = 0; round < 12; round++) {
      for (let slot = 0; slot < 3; slot++) {
        world.clock.advance(slotMs);
        const fold = accountFold(accountId, world.clock.now());
        await world.emit(tenantId, fold);
      }
      const open = (await folds(world)).filter(
        ({ data }) => data.state === "open",
      );
      await Promise.all(
        open.map(({ id }) => world.deliverOnce(tenantId, MessageId.parse(id))),
      );
      world.clock.advance(90_000);
    }

    const signals = await all(world, at.signals(tenantId));
    expect(signals).toHaveLength(many);
    expect(
      signals.filter(({ data: { unfoldedAt } }) => unfoldedAt !== null),
    ).toEqual([]);
    const context = await world.database.store.read(
      at.context(tenantId, accountId),
    );
    const sum = addToIntent(
      {},
      signals.map(({ data }) => data),
      { tenant: aTenant(), now: world.clock.now() },
    );
    expect(context?.data.parts).toEqual(sum);
    const counted = addToCategories(
      {},
      signals.map(({ data }) => data),
      { tenant: aTenant(), now: world.clock.now() },
    );
    expect(Object.keys(counted)).not.toEqual([]);
    expect(context?.data.categories).toEqual(counted);
    expect(context?.data.signals).toBe(many);
    const cards = (await world.messages()).filter(
      ({ data: { topic } }) => topic === "signal-qualified",
    );
    expect(cards).toHaveLength(many);
    await world.close();
  });

  async function aWorld(): Promise<World> {
    const world = openWorld(91, crms);
    await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
    return world;
  }
});

async function folds(world: World) {
  return (await world.messages()).filter(
    ({ data: { topic } }) => topic === "account-assess",
  );
}

/** Delivers every message of a topic once; returns what became of each. */
async function deliverAll(
  world: World,
  topic: TopicName,
  plan: (point: Point) => Fault | null = () => null,
) {
  const results = [];
  for (const { id, data } of await world.messages()) {
    if (data.topic !== topic) continue;
    const messageId = MessageId.parse(id);
    results.push((await world.deliverOnce(tenantId, messageId, plan)).result);
  }
  return results;
}
