import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import {
  addMs,
  dayMs,
  hourMs,
} from "../../functions/src/domain/kernel/instant.ts";
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
  decisions,
  standing,
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

describe("a card that is put aside", () => {
  let crms: Crms;
  let world: World;
  let items: ReturnType<typeof aPosting>[];
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterEach(() => world.close());
  afterAll(() => crms.close());

  it("comes back by itself at its moment and not before, with a deadline of its own", async () => {
    await begin();
    const until = await snooze(10);
    await goTo(addMs(until, -61_000));
    expect(await standing(world, tenantId)).toEqual(["snoozed", "snoozed"]);
    await goTo(addMs(until, 61_000));

    expect(await standing(world, tenantId)).toEqual(["in_review", "in_review"]);
    const card = await theCard(world, tenantId);
    expect(card.data.version).toBe(3);
    const { state } = card.data;
    const dueAt = state.status === "in_review" ? state.dueAt : until;
    expect(dueAt >= addMs(until, 36 * hourMs)).toBe(true);
    const item = await world.database.store.read(
      at.inboxItem(tenantId, card.opportunityId),
    );
    expect(item?.data).toMatchObject({ snoozedUntil: null, dueAt });
    expect(await steps()).toContainEqual({
      by: "system:snooze-end",
      what: "wake",
      from: "snoozed",
      to: "in_review",
    });
    const woken = (await audited(world, tenantId, "UPDATE")).filter(
      ({ actor }) => actor === "system:snooze-end",
    );
    expect(woken).toMatchObject([{ after: { status: "in_review" } }]);

    await goTo(addMs(dueAt, 61_000));
    const { data } = await theCard(world, tenantId);
    expect(data.state).toMatchObject({ status: "in_review" });
    expect(data.state).not.toMatchObject({ escalatedAt: null });
  });

  it("stays as a person left it who was faster than the clock", async () => {
    await begin();
    const until = await snooze(3);
    await decides(world, tenantId, await theCard(world, tenantId), {
      kind: "wake",
    });
    const later = await snooze(30);
    await goTo(addMs(until, 61_000));
    expect((await theCard(world, tenantId)).data.state).toMatchObject({
      status: "snoozed",
      until: later,
    });
    const [first] = (await world.messages()).filter(
      ({ data }) => data.topic === "snooze-end" && data.state === "done",
    );
    expect(first?.data.skipped).toContain("woken, decided or rewritten");
  });

  it("comes back earlier with new evidence, and its moment then passes without a trace", async () => {
    await begin();
    const until = await snooze(10);
    world.clock.advance(dayMs);
    items.push(aPosting("Graz"));
    await lookAt("again");

    expect(await standing(world, tenantId)).toEqual(["in_review", "in_review"]);
    const { data } = await theCard(world, tenantId);
    expect(data.version).toBe(3);
    expect(data.signalIds).toHaveLength(2);
    expect(await steps()).toContainEqual({
      by: "system:signal-qualified",
      what: "more evidence",
      from: "snoozed",
      to: "in_review",
    });
    const before = (await steps()).length;
    await decides(world, tenantId, await theCard(world, tenantId), {
      kind: "approve",
    });
    await world.settle(fair);
    await goTo(addMs(until, 61_000));
    expect((await standing(world, tenantId))[0]).toBe("activated");
    expect((await steps()).map(({ what }) => what)).not.toContain("wake");
    expect((await steps()).length).toBeGreaterThan(before);
  });

  it("that was rejected takes no evidence, and takes it again once the rejection is taken back", async () => {
    await begin();
    const card = await theCard(world, tenantId);
    const reason = { reason: "bad_timing", note: "" } as const;
    await decides(world, tenantId, card, { kind: "reject", ...reason });
    items.push(aPosting("Graz"));
    await lookAt("while rejected");
    expect((await theCard(world, tenantId)).data.version).toBe(2);
    const dropped = (await decisions(world, tenantId)).filter(
      ({ stage }) => stage === "discover",
    );
    expect(dropped).toMatchObject([
      { verdict: "dropped", reason: "already-decided" },
    ]);

    await decides(world, tenantId, await theCard(world, tenantId), {
      kind: "reopen",
    });
    items.push(aPosting("Linz"));
    await lookAt("after it was reopened");
    const { data } = await theCard(world, tenantId);
    expect(data.state.status).toBe("in_review");
    expect(data.version).toBe(4);
    expect(data.signalIds).toHaveLength(2);
  });

  async function begin(): Promise<void> {
    items = [aPosting("Vienna")];
    world = openWorld(12, crms, {
      connectors: { greenhouse: aBoard(() => items) },
    });
    const board = { kind: "greenhouse", key: "feed", board: "globex" } as const;
    await world.write(
      aTenantWith(tenantId, [[accountId, anAccount({ sources: [board] })]], {
        highIntentThreshold: 0,
        reviewHours: 36,
      }),
    );
    await lookAt("first");
  }

  /** Anna puts the card aside for so many days; gives the moment of its end. */
  async function snooze(days: number): Promise<Date> {
    const until = addMs(world.clock.now(), days * dayMs);
    const command = { kind: "snooze", until, reason: "" } as const;
    const card = await theCard(world, tenantId);
    expect(await decides(world, tenantId, card, command)).toBe("committed");
    return until;
  }

  async function steps() {
    const { opportunityId } = await theCard(world, tenantId);
    const reads = await all(world, at.history(tenantId, opportunityId));
    return reads.map(({ data: { by, what, from, to } }) => {
      return { by, what, from, to };
    });
  }

  async function lookAt(occasion: string): Promise<void> {
    await world.emit(tenantId, {
      topic: "account-due",
      payload: { accountId, occasion, sourceKey: null, part: 0 },
    });
    await world.settle(fair);
  }

  async function goTo(moment: Date): Promise<void> {
    world.clock.advance(moment.getTime() - world.clock.now().getTime());
    await world.tick();
    await world.settle(fair);
  }
});
