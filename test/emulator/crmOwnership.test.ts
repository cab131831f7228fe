import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CrmName } from "../../functions/src/domain/crm/activation.ts";
import { toRecord } from "../../functions/src/domain/kernel/records.ts";
import type { CrmOwner } from "../../functions/src/domain/crm/activation.ts";
import * as at from "../../functions/src/domain/collections.ts";
import {
  MessageId,
  type TenantId,
} from "../../functions/src/domain/kernel/ids.ts";
import { withdrawMs } from "../../functions/src/domain/cards/transitions.ts";
import { commitOutcome } from "../../functions/src/delivery/commit.ts";
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

const north = aTenantId("north");
const south = aTenantId("south");
const accountId = anAccountId("globex");
const norths: CrmOwner = { serves: "one", tenantId: north };
const nobodys: CrmOwner = { serves: "none" };

describe("a deployment with one Salesforce, one HubSpot and two live tenants", () => {
  let crms: Crms;
  let world: World;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterEach(() => world.close());
  afterAll(() => crms.close());

  it("writes the cards of the tenant that owns them, and no other's", async () => {
    open({ salesforce: norths, hubspot: norths });
    await approve(north, "of the north");
    await approve(south, "of the south");
    await world.settle(fair);

    expect(await standing(world, north)).toEqual(["activated", "activated"]);
    expect(await standing(world, south)).toEqual([
      "not_connected",
      "not_connected",
    ]);
    expect(records("of the north")).toEqual([1, 1]);
    expect(records("of the south")).toEqual([0, 0]);
    expect(await states(south)).toEqual({
      salesforce: "not_connected",
      hubspot: "not_connected",
    });
    expect(await parked(world)).toEqual([]);
    expect(await history(south)).toContain("not_connected");
  });

  it("writes nobody's card where no tenant is named as the owner", async () => {
    open({ salesforce: nobodys, hubspot: nobodys });
    await approve(north, "unowned");
    await world.settle(fair);

    expect((await standing(world, north))[0]).toBe("not_connected");
    expect(records("unowned")).toEqual([0, 0]);
    expect(await retry(north)).toBe(
      "No CRM is connected for this workspace; an administrator of the deployment can connect one.",
    );
  });

  it("activates the card of a tenant with one CRM when that one is written", async () => {
    open({ salesforce: norths, hubspot: nobodys });
    await approve(north, "single");
    await world.settle(fair);

    expect(await standing(world, north)).toEqual(["activated", "activated"]);
    expect((await theCard(world, north)).data.state).toMatchObject({
      crms: ["salesforce"],
    });
    expect(records("single")).toEqual([1, 0]);
    expect(await states(north)).toEqual({
      salesforce: "done",
      hubspot: "not_connected",
    });
  });

  it("writes the card once when a CRM is connected later and a person tries again", async () => {
    open({ salesforce: nobodys, hubspot: nobodys });
    await approve(north, "later");
    await world.settle(fair);
    expect((await standing(world, north))[0]).toBe("not_connected");

    own({ salesforce: norths, hubspot: norths });
    expect(await retry(north)).toBe("committed");
    await world.settle(fair);
    expect(await standing(world, north)).toEqual(["activated", "activated"]);
    expect(records("later")).toEqual([1, 1]);
  });

  it("writes nothing where the owner changes between the approval and the write, and once it is back writes once", async () => {
    open({ salesforce: norths, hubspot: norths });
    await approve(north, "between");
    world.clock.advance(withdrawMs);
    const [approved] = (await world.messages()).filter(
      ({ data: { topic } }) => topic === "opportunity-approved",
    );
    await world.deliverOnce(north, MessageId.parse(approved?.id));
    expect(await states(north)).toMatchObject({ salesforce: "pending" });
    const souths: CrmOwner = { serves: "one", tenantId: south };
    own({ salesforce: souths, hubspot: souths });
    await world.settle(fair);

    expect((await standing(world, north))[0]).toBe("not_connected");
    expect(records("between")).toEqual([0, 0]);

    own({ salesforce: norths, hubspot: norths });
    expect(await retry(north)).toBe("committed");
    await world.settle(fair);
    expect((await standing(world, north))[0]).toBe("activated");
    expect(records("between")).toEqual([1, 1]);
  });

  type Owners = Pick<World["deps"]["crmOwners"], "salesforce" | "hubspot">;
  const ofAll = (owners: Owners) => ({
    ...toRecord(CrmName.options, () => ({ serves: "none" }) as const),
    ...owners,
  });

  function open(crmOwners: Owners) {
    world = openWorld(31, crms, { crmOwners: ofAll(crmOwners) });
  }

  function own(crmOwners: Owners) {
    Object.assign(world.deps, { crmOwners: ofAll(crmOwners) });
  }

  async function approve(tenantId: TenantId, name: string) {
    await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
    await world.emit(tenantId, aTip(accountId, name));
    await world.settle(fair);
    const card = await theCard(world, tenantId);
    expect(await decides(world, tenantId, card, { kind: "approve" })).toBe(
      "committed",
    );
  }

  async function states(tenantId: TenantId) {
    const reads = await all(world, at.activations(tenantId));
    const known = reads.filter(({ data }) => data.crm in crms);
    return Object.fromEntries(known.map(({ data }) => [data.crm, data.state]));
  }

  async function history(tenantId: TenantId) {
    const { opportunityId } = await theCard(world, tenantId);
    const entries = await all(world, at.history(tenantId, opportunityId));
    return entries.map(({ data }) => data.to);
  }

  function records(name: string): readonly [number, number] {
    const ofCard = ({ subject }: { readonly subject: string }) =>
      subject.endsWith(`number ${name}`);
    return [
      crms.salesforce.ledger().tasks.filter(ofCard).length,
      crms.hubspot.ledger().tasks.filter(ofCard).length,
    ];
  }

  async function retry(tenantId: TenantId) {
    const read = await theCard(world, tenantId);
    const activations = await all(world, at.activations(tenantId));
    const asked = { tenantId, read, by: "otto", activations };
    const result = await retryActivation(asked, world.deps);
    if (!result.ok) return result.why;
    const origin = { traceId: "retry", runId: null, causedBy: null };
    const author = { tenantId, actor: "otto", origin };
    return (
      await commitOutcome({ outcome: result.outcome }, author, world.deps)
    ).kind;
  }
});
