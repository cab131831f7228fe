import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MessageId } from "../../functions/src/domain/kernel/ids.ts";
import { withdrawMs } from "../../functions/src/domain/cards/transitions.ts";
import type { Deps } from "../../functions/src/ports/deps.ts";
import { stageFor } from "../../functions/src/pipeline/index.ts";
import { deliver } from "../../functions/src/delivery/deliver.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { decides, parked, standing, theCard } from "../support/stories.ts";
import {
  type Crms,
  fair,
  openWorld,
  startCrms,
  type World,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");

describe("an approval that is withdrawn while it is being carried out", () => {
  let crms: Crms;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterAll(() => crms.close());

  it("is taken back where the person was first", async () => {
    const world = await approved("first");
    world.clock.advance(withdrawMs - 100);
    expect(await activation(world, world.deps)).toBe("early");
    expect(await withdraw(world)).toBe("committed");
    world.clock.advance(100);
    expect(await activation(world, world.deps)).toBe("done");
    await world.settle(fair);

    expect(await standing(world, tenantId)).toEqual(["in_review", "in_review"]);
    expect(recordsOf("first")).toEqual([0, 0]);
    await world.close();
  });

  it("is carried out where the pipeline was first", async () => {
    const world = await approved("second");
    world.clock.advance(withdrawMs);
    expect(await activation(world, world.deps)).toBe("done");
    expect(await withdraw(world)).toBe("refused");
    await world.settle(fair);

    expect(await standing(world, tenantId)).toEqual(["activated", "activated"]);
    expect(recordsOf("second")).toEqual([1, 1]);
    await world.close();
  });

  it("is taken back where the person decides between the pipeline's reading and its commit", async () => {
    const world = await approved("third");
    world.clock.advance(withdrawMs);
    const outcome = await activation(world, between(world, isActivation));
    await world.settle(fair);

    expect(outcome).toBe("done");
    expect(await standing(world, tenantId)).toEqual(["in_review", "in_review"]);
    expect(recordsOf("third")).toEqual([0, 0]);
    await world.close();
  });

  it("is carried out where the pipeline commits between the person's reading and decision", async () => {
    const world = await approved("fourth");
    world.clock.advance(withdrawMs);
    const card = await theCard(world, tenantId);
    expect(await activation(world, world.deps)).toBe("done");
    expect(await decides(world, tenantId, card, { kind: "withdraw" })).toBe(
      "conflict",
    );
    await world.settle(fair);

    expect(recordsOf("fourth")).toEqual([1, 1]);
    await world.close();
  });

  it("comes to one of both, never to both, when they meet at the same moment", async () => {
    const ends = new Set<string>();
    for (let n = 0; n < 6; n++) {
      const name = `meeting-${n}`;
      const world = await approved(name);
      world.clock.advance(withdrawMs);
      const both = [
        () => activation(world, world.deps),
        () => withdraw(world),
      ] as const;
      await Promise.all(
        (n % 2 === 0 ? both : both.toReversed()).map((go) => go()),
      );
      await world.settle(fair);
      const [status] = await standing(world, tenantId);
      ends.add(status);
      expect(recordsOf(name)).toEqual(status === "activated" ? [1, 1] : [0, 0]);
      expect(await parked(world)).toEqual([]);
      await world.close();
    }
    for (const end of ends) expect(["activated", "in_review"]).toContain(end);
  });

  it("can be given again, and is then carried out once, with the second version", async () => {
    const world = await approved("again");
    world.clock.advance(3000);
    await withdraw(world);
    world.clock.advance(1000);
    const card = await theCard(world, tenantId);
    await decides(world, tenantId, card, { kind: "approve" });
    await world.settle(fair);

    expect(await standing(world, tenantId)).toEqual(["activated", "activated"]);
    expect(recordsOf("again")).toEqual([1, 1]);
    const { opportunityId, data } = await theCard(world, tenantId);
    expect(data.state).toMatchObject({ version: card.data.version + 1 });
    const keys = crms.salesforce.ledger().tasks.map(({ key }) => key);
    expect(keys.filter((key) => key.includes(opportunityId))).toEqual([
      `clientpulse-${opportunityId}-v${card.data.version + 1}`,
    ]);
    await world.close();
  });

  async function approved(name: string): Promise<World> {
    const world = openWorld(21, crms);
    await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
    await world.emit(tenantId, aTip(accountId, name));
    await world.settle(fair);
    const card = await theCard(world, tenantId);
    expect(await decides(world, tenantId, card, { kind: "approve" })).toBe(
      "committed",
    );
    return world;
  }

  function recordsOf(name: string): readonly [number, number] {
    const ofCard = ({ subject }: { readonly subject: string }) =>
      subject.endsWith(`number ${name}`);
    return [
      crms.salesforce.ledger().tasks.filter(ofCard).length,
      crms.hubspot.ledger().tasks.filter(ofCard).length,
    ];
  }
});

async function withdraw(world: World) {
  const card = await theCard(world, tenantId);
  return decides(world, tenantId, card, { kind: "withdraw" });
}

async function activation(world: World, deps: Deps) {
  const [message] = (await world.messages()).filter(
    ({ data }) => data.topic === "opportunity-approved",
  );
  const messageId = MessageId.parse(message?.id);
  return deliver({ tenantId, messageId }, { stageFor }, deps);
}

const isActivation = (path: string) => path.includes("/activations/");

/** Dependencies whose first commit of something comes after a person's withdrawal. */
function between(world: World, isIt: (path: string) => boolean): Deps {
  let done = false;
  return {
    ...world.deps,
    store: {
      ...world.deps.store,
      commit: async (writes, now) => {
        if (!done && writes.some(({ ref }) => isIt(ref.path))) {
          done = true;
          expect(await withdraw(world)).toBe("committed");
        }
        return world.deps.store.commit(writes, now);
      },
    },
  };
}
