import { z } from "@hono/zod-openapi";
import {
  dateRange,
  parseDate,
  toDate,
} from "../../domain/kernel/foreignDate.ts";
import { hashId, sha256 } from "../../domain/kernel/hash.ts";
import type { Told } from "./webhookTaking.ts";

const Id = z
  .union([z.int().nonnegative(), z.string().regex(/^\d{1,20}$/)])
  .transform(String)
  .openapi({ type: "integer", minimum: 0, maximum: 1e20 });

/** An event as HubSpot sends it (Webhooks API: Webhook payloads): of one record, or of the link between two. */
export const HubspotEvent = z
  .object({
    subscriptionType: z.string().regex(/^\w{1,60}\.\w{1,60}$/),
    /** Milliseconds. */
    occurredAt: z
      .int()
      .min(0)
      .max(8_640_000_000_000)
      .transform(toDate(`must be ${dateRange}`)),
    objectId: Id.optional(),
    /** With `object.…`: what kind of record it is. */
    objectTypeId: z.string().max(50).optional(),
    propertyName: z.string().max(200).optional(),
    propertyValue: z.string().max(100_000).nullish(),
    /** Of a link: what it is between, such as DEAL_TO_COMPANY, and whether it is gone. */
    associationType: z.string().max(100).optional(),
    fromObjectId: Id.optional(),
    toObjectId: Id.optional(),
    associationRemoved: z.boolean().optional(),
    portalId: Id.optional(),
    appId: Id.optional(),
    eventId: Id.optional(),
    subscriptionId: Id.optional(),
    attemptNumber: z.int().min(0).max(1_000_000).optional(),
    changeSource: z.string().max(200).optional(),
  })
  .refine(
    ({ objectId, fromObjectId }) => (objectId ?? fromObjectId) !== undefined,
    { path: ["objectId"], message: "is missing" },
  )
  .openapi("HubspotEvent");
export type HubspotEvent = z.infer<typeof HubspotEvent>;

/** HubSpot's numbers of the kinds of records that are looked at (CRM API, Object type IDs). */
const typeIds = { contact: "0-1", company: "0-2", deal: "0-3" } as const;

/** The properties that people know under another name; the first of a kind stands in a revision by its value alone, as a look at the account writes it. */
const called: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  deal: { dealstage: "stage", amount: "amount", closedate: "close date" },
  contact: {
    lifecyclestage: "lifecycle stage",
    hs_lead_status: "lead status",
    jobtitle: "job title",
  },
  company: {
    lifecyclestage: "lifecycle stage",
    hs_lead_status: "lead status",
  },
};

/** HubSpot's id of the company that an event is of; null where the event does not say it. */
export function companyOf(event: HubspotEvent): string | null {
  const { associationType = "", fromObjectId, toObjectId } = event;
  if (associationType.endsWith("_TO_COMPANY")) return toObjectId ?? null;
  if (associationType.startsWith("COMPANY_TO_")) return fromObjectId ?? null;
  return kindOf(event) === "company" ? (event.objectId ?? null) : null;
}

/** What an event says, under the id by which a look at the account knows the record, too, and nobody's name. */
export function toldBy(event: HubspotEvent, company: string | null): Told {
  const kind = kindOf(event);
  const id = event.objectId ?? event.fromObjectId ?? "";
  const { occurredAt } = event;
  const stamp = occurredAt.toISOString();
  const what =
    kind === "company" && company !== null ? "the company" : `${kind} ${id}`;
  const title = `${company ?? "HubSpot"}: ${what} ${changeOf(event, kind)}`;
  const companyId = companyOf(event);
  const stage =
    event.propertyName === "dealstage" ? event.propertyValue : undefined;
  return {
    source: "hubspot",
    itemId: `${kind}/${id}`,
    revision: `${happenedIn(event, kind)}@${stamp}`,
    url: addressOf(event, kind, id),
    title,
    text: `${title}. HubSpot recorded this at ${stamp} as ${kind} ${id}.`,
    publisher: "HubSpot",
    occurredAt,
    facts: { record: kind, ...(stage ? { stage } : {}) },
    about: {
      identifiers:
        companyId === null
          ? { [`hubspot_${kind}`]: id }
          : { hubspot: companyId },
    },
    unknown:
      companyId === null
        ? `HubSpot does not say of which company ${kind} ${id} is. A HubSpot source of the account asks for its deals and contacts.`
        : `No account has the HubSpot id ${companyId}.`,
  };
}

function kindOf({ subscriptionType, objectTypeId }: HubspotEvent): string {
  const [kind = ""] = subscriptionType.split(".");
  if (kind !== "object") return kind;
  const known = Object.entries(typeIds).find(([, id]) => id === objectTypeId);
  return known?.[0] ?? "record";
}

function changeOf(event: HubspotEvent, kind: string): string {
  const { propertyName: property, propertyValue } = event;
  const value = propertyValue?.trim() ?? "";
  if (property !== undefined) {
    const name = called[kind]?.[property];
    // Most of what a contact holds is somebody's name or address.
    if (name === undefined && kind === "contact")
      return `has a changed ${property}`;
    const known = name ?? property;
    return value === ""
      ? `now has no ${known}`
      : `now has ${known} ${shownAs(property, value)}`;
  }
  const { toObjectId, associationRemoved, subscriptionType } = event;
  if (toObjectId !== undefined)
    return `is ${associationRemoved === true ? "no longer" : "now"} linked to ${toObjectId}`;
  const [, happened = ""] = subscriptionType.split(".");
  return happenings[happened] ?? `had the event ${happened}`;
}

const happenings: Readonly<Record<string, string>> = {
  creation: "was created",
  deletion: "was deleted",
  privacyDeletion: "was deleted for privacy",
  merge: "was merged with another",
  restore: "was restored",
};

/** A date as a day: HubSpot sends milliseconds. */
function shownAs(property: string, value: string): string {
  if (property === "closedate" && /^\d{12,14}$/.test(value))
    return parseDate(Number(value))?.toISOString().slice(0, 10) ?? value;
  return value.length <= 500 ? value : `${value.slice(0, 499)}…`;
}

/** What of a revision says what happened: at most 175 characters, and of a contact nothing that names it. */
function happenedIn(event: HubspotEvent, kind: string): string {
  const { propertyName: property, propertyValue, subscriptionType } = event;
  if (property === undefined)
    return [
      subscriptionType,
      ...(event.toObjectId === undefined ? [] : [event.toObjectId]),
      ...(event.associationRemoved === true ? ["removed"] : []),
    ].join(" ");
  const value = propertyValue?.trim() ?? "";
  const [leading] = Object.keys(called[kind] ?? {});
  if (property === leading) return value.length <= 150 ? value : sha256(value);
  const isOpen = called[kind]?.[property] !== undefined || kind !== "contact";
  const named = `${property}=${value}`;
  return isOpen && named.length <= 150 ? named : hashId(named);
}

/** Where the record is opened; null where that is not known. */
function addressOf(
  { portalId }: HubspotEvent,
  kind: string,
  id: string,
): string | null {
  const typeId = new Map<string, string>(Object.entries(typeIds)).get(kind);
  return portalId === undefined || typeId === undefined
    ? null
    : `https://app.hubspot.com/contacts/${portalId}/record/${typeId}/${id}`;
}
