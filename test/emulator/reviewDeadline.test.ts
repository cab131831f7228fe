import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import { MessageId } from "../../functions/src/domain/kernel/ids.ts";
import { addMs, hourMs } from "../../functions/src/domain/kernel/instant.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
} from "../support/builders.ts";
import {
  aBoard,
  all,
  aPosting,
  audited,
  decides,
  theCard,
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

describe("a review deadline", () => {
  let crms: Crms;
  let world: World;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterAll(() => crms.close());

  it("passes on a card that nobody decided on for 24 hours, and not before", async () => {
    await begin();
    const { data } = await theCard(world, tenantId);
    const presentedAt = data.createdAt;
    expect(dueAt(data.state)).toEqual(addMs(presentedAt, 24 * hourMs));

    const early = addMs(presentedAt, 24 * hourMs - 1000);
    world.clock.advance(early.getTime() - world.clock.now().getTime());
    await world.tick();
    const [deadline] = (await world.messages()).filter(
      ({ data: { topic } }) => topic === "review-deadline",
    );
    const asked = await world.deliverOnce(
      tenantId,
      MessageId.parse(deadline?.id),
    );
    expect(asked.result).toBe("early");
    expect((await theCard(world, tenantId)).data.state).toMatchObject({
      escalatedAt: null,
    });
    await until(addMs(presentedAt, 24 * hourMs + 61_000));

    const card = await theCard(world, tenantId);
    expect(card.data.state).toMatchObject({ status: "in_review" });
    expect(card.data.state).not.toMatchObject({ escalatedAt: null });
    const item = await world.database.store.read(
      at.inboxItem(tenantId, card.opportunityId),
    );
    expect(item?.data.escalated).toBe(true);
    const steps = await all(world, at.history(tenantId, card.opportunityId));
    expect(
      steps.filter(({ data: { what } }) => what === "escalated"),
    ).toMatchObject([
      { data: { by: "system:review-deadline", to: "in_review", version: 1 } },
    ]);
    expect(await audited(world, tenantId, "UPDATE")).toMatchObject([
      { actor: "system:review-deadline", after: { escalated: true } },
    ]);
    await world.close();
  });

  it("does not pass on a card that was decided on in time", async () => {
    await begin();
    const card = await theCard(world, tenantId);
    const reason = { reason: "old_news", note: "" } as const;
    await decides(world, tenantId, card, { kind: "reject", ...reason });
    await until(addMs(card.data.createdAt, 25 * hourMs));

    expect((await theCard(world, tenantId)).data.state.status).toBe("rejected");
    expect(await audited(world, tenantId, "UPDATE")).toHaveLength(0);
    await world.close();
  });

  it("stays where it is when more evidence comes, and passes once", async () => {
    const items = [aPosting("Vienna")];
    await begin(items);
    const before = await theCard(world, tenantId);
    world.clock.advance(5 * hourMs);
    items.push(aPosting("Graz"));
    await lookAt("again");

    const after = await theCard(world, tenantId);
    expect(after.data.version).toBe(before.data.version + 1);
    expect(dueAt(after.data.state)).toEqual(dueAt(before.data.state));
    await until(addMs(before.data.createdAt, 24 * hourMs + 61_000));
    expect((await theCard(world, tenantId)).data.state).not.toMatchObject({
      escalatedAt: null,
    });

    // Evidence after the escalation does not escalate a second time.
    items.push(aPosting("Linz"));
    await lookAt("later");
    await until(addMs(world.clock.now(), 25 * hourMs));
    const steps = await all(world, at.history(tenantId, after.opportunityId));
    expect(steps.map(({ data: { what } }) => what).sort()).toEqual([
      "escalated",
      "more evidence",
      "more evidence",
      "written",
    ]);
    await world.close();
  });

  it("starts anew with the draft that a refinement brings, and with a withdrawn approval", async () => {
    await begin();
    const first = await theCard(world, tenantId);
    world.clock.advance(20 * hourMs);
    await decides(world, tenantId, first, { kind: "refine", note: "Shorter." });
    await world.settle(fair);
    const refined = await theCard(world, tenantId);
    expect(refined.data.state.status).toBe("in_review");
    const refinedAt = refined.data.updatedAt;
    expect(dueAt(refined.data.state)).toEqual(addMs(refinedAt, 24 * hourMs));
    await until(addMs(first.data.createdAt, 24 * hourMs + 61_000));
    expect((await theCard(world, tenantId)).data.state).toMatchObject({
      escalatedAt: null,
    });

    await decides(world, tenantId, refined, { kind: "approve" });
    world.clock.advance(5000);
    const approved = await theCard(world, tenantId);
    await decides(world, tenantId, approved, { kind: "withdraw" });
    const withdrawnAt = world.clock.now();
    await until(addMs(refinedAt, 24 * hourMs + 61_000));
    const withdrawn = await theCard(world, tenantId);
    expect(dueAt(withdrawn.data.state)).toEqual(
      addMs(withdrawnAt, 24 * hourMs),
    );
    expect(withdrawn.data.state).toMatchObject({ escalatedAt: null });
    await until(addMs(withdrawnAt, 24 * hourMs + 61_000));
    expect((await theCard(world, tenantId)).data.state).not.toMatchObject({
      escalatedAt: null,
    });
    await world.close();
  });

  async function begin(items = [aPosting("Vienna")]): Promise<void> {
    world = openWorld(11, crms, {
      connectors: { greenhouse: aBoard(() => items) },
    });
    const board = { kind: "greenhouse", key: "feed", board: "globex" } as const;
    await world.write(
      aTenantWith(tenantId, [[accountId, anAccount({ sources: [board] })]], {
        highIntentThreshold: 0,
      }),
    );
    await lookAt("first");
  }

  async function lookAt(occasion: string): Promise<void> {
    await world.emit(tenantId, {
      topic: "account-due",
      payload: { accountId, occasion, sourceKey: null, part: 0 },
    });
    await world.settle(fair);
  }

  /** Lets the clock run to a moment, with a tick on the way and one there. */
  async function until(moment: Date): Promise<void> {
    const ms = moment.getTime() - world.clock.now().getTime();
    world.clock.advance(ms - 60_000);
    await world.tick();
    await world.settle(fair);
    world.clock.advance(moment.getTime() - world.clock.now().getTime());
    await world.tick();
    await world.settle(fair);
  }
});

function dueAt(state: object): Date | null {
  return "dueAt" in state && state.dueAt instanceof Date ? state.dueAt : null;
}
