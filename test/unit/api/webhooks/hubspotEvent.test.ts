import { describe, expect, it } from "vitest";
import {
  changedSince,
  eventToItem,
  eventsSince,
} from "../../../../functions/src/adapters/connectors/crms/parts/crmEvents.ts";
import {
  companies,
  deals,
  type Kind,
  recordSchema,
} from "../../../../functions/src/adapters/connectors/crms/parts/hubspotRecords.ts";
import {
  pickCompanyId,
  HubspotEvent,
  toReportedEvent,
} from "../../../../functions/src/api/webhooks/hubspotEvent.ts";

const occurredAt = Date.parse("2026-11-20T10:00:00.123Z");
const anEvent = (changes: object) =>
  HubspotEvent.parse({
    objectId: 9001,
    subscriptionType: "deal.propertyChange",
    propertyName: "dealstage",
    propertyValue: "contractsent",
    occurredAt,
    portalId: 33,
    ...changes,
  });

describe("an event of HubSpot", () => {
  it.each([
    [deals, "dealstage", "contractsent"],
    [companies, "lifecyclestage", "opportunity"],
  ])(
    "has the id and revision by which a look at the account knows it, too: $name",
    (kind: Kind, property: string, value: string) => {
      const stamp = new Date(occurredAt).toISOString();
      const record = recordSchema(kind).parse({
        id: "9001",
        properties: { [property]: value, [kind.stamp]: stamp },
      });
      expect(changedSince(kind.name, null)).toBeNull();
      const { events } = eventsSince({}, [record], new Date(stamp));
      const [looked] = events.map((event) =>
        eventToItem(event, {
          source: "hubspot",
          company: "Globex",
          shown: (_, raw) => raw,
          link: () => null,
        }),
      );
      const event = anEvent({
        subscriptionType: `${kind.name}.propertyChange`,
        propertyName: property,
        propertyValue: value,
      });
      const { itemId, revision } = toReportedEvent(event, "Globex");
      expect({ itemId, revision }).toEqual({
        itemId: looked?.itemId,
        revision: looked?.revision,
      });
    },
  );

  it("is known again by what happened: the record, the property, its value and the moment", () => {
    const keyOf = (changes: object) => {
      const { itemId, revision } = toReportedEvent(anEvent(changes), null);
      return `${itemId} ${revision}`;
    };
    const deliveries = [
      { eventId: 1, attemptNumber: 0, changeSource: "CRM_UI" },
      { eventId: 2, attemptNumber: 3, subscriptionId: 7 },
    ];
    expect(new Set(deliveries.map(keyOf)).size).toBe(1);
    const others = [
      {},
      { objectId: 9002 },
      { propertyName: "amount" },
      { propertyValue: "closedwon" },
      { occurredAt: occurredAt + 1 },
      { subscriptionType: "company.propertyChange" },
      { subscriptionType: "deal.creation", propertyName: undefined },
      { subscriptionType: "deal.deletion", propertyName: undefined },
    ];
    expect(new Set(others.map(keyOf)).size).toBe(others.length);
    const long = { propertyValue: "x".repeat(65_536) };
    expect(toReportedEvent(anEvent(long), null).revision.length).toBeLessThan(
      200,
    );
  });

  it("is of a company where it says so: of the company itself, or of a link to one", () => {
    const link = { subscriptionType: "deal.associationChange" };
    const ends = { objectId: undefined, fromObjectId: 9001, toObjectId: 1001 };
    for (const [changes, company] of [
      [{}, null],
      [{ subscriptionType: "company.creation" }, "9001"],
      [
        { subscriptionType: "object.propertyChange", objectTypeId: "0-2" },
        "9001",
      ],
      [{ subscriptionType: "object.creation", objectTypeId: "0-3" }, null],
      [{ ...link, ...ends, associationType: "DEAL_TO_COMPANY" }, "1001"],
      [{ ...link, ...ends, associationType: "COMPANY_TO_DEAL" }, "9001"],
      [{ ...link, ...ends, associationType: "DEAL_TO_CONTACT" }, null],
    ] as const)
      expect(pickCompanyId(anEvent(changes)), JSON.stringify(changes)).toBe(
        company,
      );
  });

  it("is told as a look tells it", () => {
    expect(toReportedEvent(anEvent({}), "Globex")).toMatchObject({
      title: "Globex: deal 9001 now has stage contractsent",
      text: "Globex: deal 9001 now has stage contractsent. HubSpot recorded this at 2026-11-20T10:00:00.123Z as deal 9001.",
      url: "https://app.hubspot.com/contacts/33/record/0-3/9001",
      facts: { record: "deal", stage: "contractsent" },
      about: { identifiers: { hubspot_deal: "9001" } },
    });
    const titleOf = (changes: object) =>
      toReportedEvent(anEvent(changes), "Globex").title;
    expect(
      titleOf({ propertyName: "closedate", propertyValue: "1795168800000" }),
    ).toBe("Globex: deal 9001 now has close date 2026-11-20");
    expect(titleOf({ propertyName: "amount", propertyValue: "" })).toBe(
      "Globex: deal 9001 now has no amount",
    );
    expect(
      titleOf({ subscriptionType: "company.merge", propertyName: undefined }),
    ).toBe("Globex: the company was merged with another");
    expect(
      titleOf({
        subscriptionType: "deal.associationChange",
        propertyName: undefined,
        fromObjectId: 9001,
        toObjectId: 1001,
        associationRemoved: true,
      }),
    ).toBe("Globex: deal 9001 is no longer linked to 1001");
  });

  it("never says nor keeps what a contact is called", () => {
    const ofContact = {
      subscriptionType: "contact.propertyChange",
      propertyName: "lastname",
      propertyValue: "Quackenbush",
    };
    const told = toReportedEvent(anEvent(ofContact), "Globex");
    expect(told.title).toBe("Globex: contact 9001 has a changed lastname");
    expect(JSON.stringify(told)).not.toContain("Quackenbush");
    const title = { propertyName: "jobtitle", propertyValue: "VP Finance" };
    expect(
      toReportedEvent(anEvent({ ...ofContact, ...title }), null).title,
    ).toBe("HubSpot: contact 9001 now has job title VP Finance");
  });

  it("names a record, a moment and what happened, or is none", () => {
    for (const [changes, field] of [
      [{ objectId: undefined }, "objectId"],
      [{ objectId: -1 }, "objectId"],
      [{ objectId: "1; DROP" }, "objectId"],
      [{ occurredAt: 9e12 }, "occurredAt"],
      [{ subscriptionType: "deal" }, "subscriptionType"],
    ] as const) {
      const { error } = HubspotEvent.safeParse({
        subscriptionType: "deal.creation",
        objectId: 1,
        occurredAt,
        ...changes,
      });
      expect(error?.issues.map(({ path }) => path[0])).toEqual([field]);
    }
  });
});
