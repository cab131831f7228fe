import { z } from "zod";
import { formatAmount, type CrmRecord } from "./crmEvents.ts";
import { toLine, toItemDate } from "../../item.ts";

/** A record with the properties that were asked for (HubSpot CRM API v3, Objects). */
export const Found = z.object({
  id: z.string().regex(/^\d{1,20}$/),
  properties: z.record(z.string(), z.string().nullable()),
});
export type Found = z.infer<typeof Found>;

/** A kind of record, and the properties of it that are read. */
export interface Kind {
  readonly name: "deal" | "contact" | "company";
  readonly path: string;
  readonly type: string;
  readonly stamp: string;
  /** The properties whose change is an event, by what people call them; the leading one first. */
  readonly state: Readonly<Record<string, string>>;
  /** The property that it is called by. */
  readonly called: string;
  readonly what: (called: string) => string;
}

export const deals: Kind = {
  name: "deal",
  path: "deals",
  type: "0-3",
  stamp: "hs_lastmodifieddate",
  state: { stage: "dealstage", amount: "amount", "close date": "closedate" },
  called: "dealname",
  what: (name) => (name === "" ? "a deal" : `deal “${toLine(name, 120)}”`),
};

export const contacts: Kind = {
  name: "contact",
  path: "contacts",
  type: "0-1",
  stamp: "lastmodifieddate",
  state: {
    "lifecycle stage": "lifecyclestage",
    "lead status": "hs_lead_status",
    "job title": "jobtitle",
  },
  called: "jobtitle",
  what: (title) =>
    title === "" ? "a contact" : `a contact (${toLine(title, 120)})`,
};

export const companies: Kind = {
  name: "company",
  path: "companies",
  type: "0-2",
  stamp: "hs_lastmodifieddate",
  state: {
    "lifecycle stage": "lifecyclestage",
    "lead status": "hs_lead_status",
  },
  called: "name",
  what: () => "the company",
};

/** HubSpot's own lifecycle stages, as it shows them (Knowledge base, Use lifecycle stages). */
const lifecycleStages: Readonly<Record<string, string>> = {
  marketingqualifiedlead: "marketing qualified lead",
  salesqualifiedlead: "sales qualified lead",
};

/** The properties that are asked for. */
export function propertyNames(kind: Kind): readonly string[] {
  const { called, stamp, state } = kind;
  return [...new Set([called, ...Object.values(state), stamp])];
}

/** A record that was found, which must say when it changed. */
export function recordSchema(kind: Kind) {
  return Found.transform(({ id, properties }, context): CrmRecord => {
    const changedAt = toItemDate(properties[kind.stamp] ?? undefined);
    if (changedAt === null) {
      const path = ["properties", kind.stamp];
      context.addIssue({ code: "custom", path, message: "is not a date" });
      return z.NEVER;
    }
    const state = Object.entries(kind.state).map(
      ([field, property]): [string, string] => {
        const value = properties[property]?.trim() ?? "";
        return [field, field === "close date" ? value.slice(0, 10) : value];
      },
    );
    return {
      kind: kind.name,
      itemId: `${kind.name}/${id}`,
      what: kind.what(properties[kind.called]?.trim() ?? ""),
      state: Object.fromEntries(state),
      changedAt,
    };
  });
}

/** HubSpot's number for the kind of that name, in the address of a record. */
export function objectType(name: string): string {
  const kind = [deals, contacts, companies].find((k) => k.name === name);
  return kind?.type ?? "";
}

/** A value as HubSpot shows it; stages have labels of the account's own. */
export function formatValue(field: string, value: string): string {
  if (field === "amount") return formatAmount(value);
  if (field === "lead status") return value.toLowerCase().replaceAll("_", " ");
  return field === "lifecycle stage"
    ? (lifecycleStages[value] ?? value)
    : value;
}
