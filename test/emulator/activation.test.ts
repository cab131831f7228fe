import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../dev/standins/crmServer.ts";
import * as at from "../../functions/src/domain/collections.ts";
import type { Provenance } from "../../functions/src/domain/kernel/document.ts";
import { MessageId } from "../../functions/src/domain/kernel/ids.ts";
import { dayMs } from "../../functions/src/domain/kernel/instant.ts";
import { withdrawMs } from "../../functions/src/domain/cards/transitions.ts";
import { commitOutcome } from "../../functions/src/delivery/commit.ts";
import { ring, toRing } from "../../functions/src/delivery/ring.ts";
import { retryActivation } from "../../functions/src/pipeline/activate/retryActivation.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { all, decides, parked, standing, theCard } from "../support/stories.ts";
import {
  type Crms,
  fair,
  openWorld,
  startCrms,
  type World,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");
const forGood: Fault = { status: 400, body: { message: "No such field" } };

describe("the activation of an approved card", () => {
  let crms: Crms;
  let world: World;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterEach(() => world.close());
  afterAll(() => crms.close());

  it("is partial where one CRM refuses, and whole with one record each after a retry", async () => {
    await approve("partial");
    crms.hubspot.fail(forGood);
    await world.settle(fair);

    expect(await standing(world, tenantId)).toEqual([
      "partially_activated",
      "partially_activated",
    ]);
    expect(await activations()).toMatchObject({
      salesforce: {
        state: "done",
        error: null,
        inverse: { operation: "delete" },
      },
      hubspot: {
        state: "failed",
        recordId: null,
        error: { code: "refused-by-vendor" },
      },
    });
    expect(records("partial")).toEqual([1, 0]);
    expect(await parked(world)).toEqual(["crm-write refused-by-vendor"]);

    expect(await retry()).toBe("committed");
    await world.settle(fair);
    expect(await standing(world, tenantId)).toEqual(["activated", "activated"]);
    expect(records("partial")).toEqual([1, 1]);
    expect(await activations()).toMatchObject({
      salesforce: { state: "done" },
      hubspot: { state: "done", error: null },
    });
    expect(await parked(world)).toEqual([]);
  });

  it("fails where both refuse, and fails again where a retry is refused as well", async () => {
    await approve("both");
    crms.hubspot.fail(forGood);
    crms.salesforce.fail(forGood);
    await world.settle(fair);
    expect(await standing(world, tenantId)).toEqual([
      "activation_failed",
      "activation_failed",
    ]);
    expect(records("both")).toEqual([0, 0]);

    crms.hubspot.fail(forGood);
    await retry();
    await world.settle(fair);
    expect((await standing(world, tenantId))[0]).toBe("partially_activated");
    await retry();
    await world.settle(fair);
    expect((await standing(world, tenantId))[0]).toBe("activated");
    expect(records("both")).toEqual([1, 1]);
  });

  it("waits as long as a vendor asks", async () => {
    await approve("busy");
    crms.salesforce.fail({ status: 429, retryAfter: 600 });
    crms.hubspot.fail({ status: 429, retryAfter: 900 });
    world.clock.advance(withdrawMs);
    const begunAt = world.clock.now().getTime();
    await world.settle(fair);

    expect((await standing(world, tenantId))[0]).toBe("activated");
    expect(records("busy")).toEqual([1, 1]);
    const took = world.clock.now().getTime() - begunAt;
    expect(took).toBeGreaterThanOrEqual(900_000);
    expect(took).toBeLessThan(900_000 + 120_000);
    const tries = (await world.messages())
      .filter(({ data: { topic } }) => topic === "crm-write")
      .map(({ data: { starts, attempts } }) => ({ starts, attempts }));
    // Who is busy has refused nothing: that is no failed run.
    expect(tries).toEqual([
      { starts: 1, attempts: 0 },
      { starts: 1, attempts: 0 },
    ]);
  });

  it("fails where a CRM is busy for longer than a day", async () => {
    await approve("forever");
    crms.hubspot.fail({ status: 429, times: 5 });
    world.clock.advance(withdrawMs);
    const [approved] = (await world.messages()).filter(
      ({ data: { topic } }) => topic === "opportunity-approved",
    );
    await world.deliverOnce(tenantId, MessageId.parse(approved?.id));
    world.clock.advance(dayMs);
    await world.settle(fair);

    expect(await parked(world)).toEqual(["crm-write vendor-busy"]);
    expect((await standing(world, tenantId))[0]).toBe("partially_activated");
  });

  it("writes nothing where the card is not what was approved", async () => {
    await approve("altered");
    world.clock.advance(withdrawMs);
    const card = await theCard(world, tenantId);
    await world.database.db
      .doc(card.ref.path)
      .update({ "card.title": "Globex buys everything that we have" });
    await world.settle(fair);

    expect(records("altered")).toEqual([0, 0]);
    expect(await parked(world)).toEqual([
      "crm-write not-approved",
      "crm-write not-approved",
    ]);
    expect((await standing(world, tenantId))[0]).toBe("activation_failed");
    expect(await activations()).toMatchObject({
      salesforce: { state: "failed", error: { code: "not-approved" } },
      hubspot: { state: "failed", error: { code: "not-approved" } },
    });
  });

  it("writes nothing where a claim of the card was changed, which cannot even be read", async () => {
    await approve("unreadable");
    world.clock.advance(withdrawMs);
    const card = await theCard(world, tenantId);
    const claims = card.data.card.claims.map((claim) => ({
      ...claim,
      text: `${claim.text} Twice.`,
    }));
    await world.database.db
      .doc(card.ref.path)
      .update({ "card.claims": claims });
    await world.settle(fair);

    expect(records("unreadable")).toEqual([0, 0]);
    for (const { data } of await world.messages())
      if (data.topic !== "review-deadline") expect(data.state).not.toBe("open");
  });

  it.each(["mock", "lab"] as const)(
    "writes nothing of provenance %s to a live CRM",
    async (provenance) => {
      await approve(provenance, provenance);
      await world.settle(fair);

      expect(records(provenance)).toEqual([0, 0]);
      expect(await parked(world)).toEqual([
        "crm-write not-live",
        "crm-write not-live",
      ]);
      expect((await standing(world, tenantId))[0]).toBe("activation_failed");
    },
  );

  async function approve(
    name: string,
    provenance: Provenance = "live",
  ): Promise<void> {
    world = openWorld(31, crms);
    const account = anAccount({ provenance });
    await world.write(aTenantWith(tenantId, [[accountId, account]]));
    await world.emit(tenantId, aTip(accountId, name));
    await world.settle(fair);
    const card = await theCard(world, tenantId);
    await decides(world, tenantId, card, { kind: "approve" });
  }

  async function activations() {
    const reads = await all(world, at.activations(tenantId));
    return Object.fromEntries(reads.map(({ data }) => [data.crm, data]));
  }

  function records(name: string): readonly [number, number] {
    const ofCard = ({ subject }: { readonly subject: string }) =>
      subject.endsWith(`number ${name}`);
    return [
      crms.salesforce.ledger().tasks.filter(ofCard).length,
      crms.hubspot.ledger().tasks.filter(ofCard).length,
    ];
  }

  async function retry() {
    const read = await theCard(world, tenantId);
    const result = await retryActivation(
      {
        tenantId,
        read,
        by: "otto",
        activations: await all(world, at.activations(tenantId)),
      },
      world.deps,
    );
    if (!result.ok) return result.why;
    const origin = { traceId: "retry", runId: null, causedBy: null };
    const author = { tenantId, actor: "otto", origin };
    const done = await commitOutcome(
      { outcome: result.outcome },
      author,
      world.deps,
    );
    const runAt = world.clock.now();
    await ring(
      result.messages.map(({ id, data }) =>
        toRing(tenantId, MessageId.parse(id), { ...data, runAt, starts: 0 }),
      ),
      world.deps,
    );
    return done.kind;
  }
});
