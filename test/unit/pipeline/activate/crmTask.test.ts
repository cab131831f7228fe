import { expect, test } from "vitest";
import type { Opportunity } from "../../../../functions/src/domain/cards/opportunity.ts";
import { CrmName } from "../../../../functions/src/domain/crm/activation.ts";
import {
  AccountId,
  OpportunityId,
  TenantId,
  Uid,
} from "../../../../functions/src/domain/kernel/ids.ts";
import {
  addMs,
  dayMs,
  hourMs,
} from "../../../../functions/src/domain/kernel/instant.ts";
import { toRecord } from "../../../../functions/src/domain/kernel/records.ts";
import {
  plannedRecords,
  toCrmTask,
} from "../../../../functions/src/pipeline/activate/crmTask.ts";
import { aCard, now } from "../../domain/cards/aCard.ts";

const about = {
  externalId: "clientpulse-o1-v2",
  crm: "hubspot",
  approvedAt: now,
} as const;
const account = { identifiers: { hubspot: "1001" } };
const aTask = (title: string) =>
  toCrmTask(about, { card: { ...aCard(), title }, account });

test("a task says what the card claims, how it scores and which card it is of, and is due in three days", () => {
  const task = aTask("Peggy Alford leaves the board of Meta");
  expect(task).toMatchObject({
    externalId: "clientpulse-o1-v2",
    subject: "Peggy Alford leaves the board of Meta",
    crmAccountId: "1001",
    dueAt: new Date("2026-11-23T10:00:00.000Z"),
  });
  for (const { kind, text } of aCard().claims)
    expect(task.body).toContain(`${kind}: ${text}`);
  expect(task.body).toContain(`Score ${aCard().score.total} of 100`);
  expect(task.body).toContain("clientpulse-o1-v2");
});

test("a title that is too long for a CRM is cut between characters", () => {
  const { subject } = aTask(`${"a".repeat(254)}🚀 lifts off`);
  expect(subject).toBe("a".repeat(254));
});

const north = TenantId.parse("north");
const everyTenant = { serves: "every" } as const;
const id = OpportunityId.parse("o1");
const by = Uid.parse("ann");
const review = { status: "in_review", dueAt: now, escalatedAt: null } as const;
const bothLive = toRecord(CrmName.options, () => "live" as const);

const theTwo: readonly string[] = ["salesforce", "hubspot"];

/** What is planned for the two CRMs that these tests speak of. */
function planned(
  changes: Partial<Opportunity> = {},
  crmProvenance: Parameters<
    typeof plannedRecords
  >[2]["crmProvenance"] = bothLive,
  crmOwners: Parameters<typeof plannedRecords>[2]["crmOwners"] = toRecord(
    CrmName.options,
    () => everyTenant,
  ),
) {
  const data: Opportunity = {
    schemaVersion: 1,
    createdAt: now,
    updatedAt: now,
    accountId: AccountId.parse("meta"),
    accountName: "Meta",
    audience: [],
    provenance: "live",
    category: "leadership_change",
    sources: ["sec"],
    clusterId: "c",
    signalIds: [],
    playbookId: null,
    card: aCard(),
    state: review,
    version: 1,
    receivedAt: now,
    traceId: "t",
    ...changes,
  };
  return plannedRecords(
    { tenantId: north, id, data, account },
    { by, now },
    { crmProvenance, crmOwners },
  ).filter(({ crm }) => theTwo.includes(crm));
}

test("the plan has a task for each CRM, and HubSpot's note, as an approval at this moment would make them", () => {
  const records = planned();
  expect(records.map(({ crm, object }) => `${crm} ${object}`)).toEqual([
    "salesforce Task",
    "hubspot Task",
    "hubspot Note",
  ]);
  const { card } = { card: aCard() };
  const task = toCrmTask(about, { card, account });
  expect(records[1]).toMatchObject({ ...task, whyNot: null });
  expect(records[0]).toMatchObject({ ...task, crmAccountId: null });
  expect(records[2]).toMatchObject({
    body: `${task.subject}\n\n${task.body}`,
    dueAt: null,
    priority: null,
  });
});

test("the plan of an approved card is of its approval, whenever it is asked for", () => {
  const at = addMs(now, -hourMs);
  const approval = { by, at, version: 5, contentHash: "h" };
  const state = { status: "activating", ...approval } as const;
  const [task] = planned({ state, version: 5 });
  expect(task).toMatchObject({
    externalId: "clientpulse-o1-v5",
    dueAt: addMs(at, 3 * dayMs),
    whyNot: null,
  });
  const settled = { ...approval, status: "activated", settledAt: now } as const;
  expect(planned({ state: settled, version: 5 })[0]?.whyNot).toBe(
    "It has already been written.",
  );
});

test("the plan says why nothing is written: the card cannot be approved, or the CRM is of another kind", () => {
  const state = {
    status: "rejected",
    by,
    at: now,
    reason: "old_news",
    note: "",
  } as const;
  expect(planned({ state }).map(({ whyNot }) => whyNot)).toEqual(
    Array(3).fill("A card that is rejected cannot be approved."),
  );
  const mixed = { ...bothLive, hubspot: "mock" } as const;
  const whys = planned({}, mixed).map(({ whyNot }) => whyNot);
  const refused = "A card of provenance live is not written to a mock CRM.";
  expect(whys).toEqual([null, refused, refused]);
});

test("the plan says of a CRM that is another tenant's, or nobody's, that none is connected", () => {
  const owners = [
    { serves: "one", tenantId: TenantId.parse("south") },
    { serves: "none" },
  ] as const;
  for (const hubspot of owners) {
    const crmOwners = {
      ...toRecord(CrmName.options, () => ({ serves: "none" }) as const),
      salesforce: { serves: "one", tenantId: north },
      hubspot,
    } as const;
    const plan = planned({}, bothLive, crmOwners);
    expect(plan.map(({ crm, connection }) => [crm, connection])).toEqual([
      ["salesforce", "live"],
      ["hubspot", "none"],
      ["hubspot", "none"],
    ]);
    expect(plan.map(({ whyNot }) => whyNot)).toEqual([
      null,
      ...Array<string>(2).fill(
        "No HubSpot is connected for this workspace; an administrator of the deployment can connect one.",
      ),
    ]);
  }
});
