import { z } from "zod";
import { PermanentError } from "../../../../domain/kernel/errors.ts";
import { ForeignDate } from "../../../../domain/kernel/foreignDate.ts";
import type { CrmRecord } from "./crmEvents.ts";
import { toLine } from "../../item.ts";

/** Records of each kind of the first poll. */
const firstRecords = 100;

const Id = z.string().regex(/^[a-z0-9]{15}(?:[a-z0-9]{3})?$/i);
const Text = z.string().nullish();
const Stamped = z.object({ Id, SystemModstamp: ForeignDate });

/** An opportunity, as the query asks for it. */
export const Opportunity = Stamped.extend({
  Name: Text,
  StageName: Text,
  Amount: z.number().nullish(),
  CloseDate: Text,
});
/** A contact, without a name or an address. */
export const Contact = Stamped.extend({ Title: Text });

/** A list of records, the rest of which is at another address (REST API Developer Guide, Query). */
export const List = z.object({
  records: z.array(z.unknown()),
  nextRecordsUrl: z
    .string()
    .regex(/^\/services\/data\/[\w./-]+$/)
    .optional(),
});
export type List = z.infer<typeof List>;

/** What the query finds: one account with the lists of its records, null where it has none of a kind. */
export const Answer = z.object({
  records: z.array(
    Stamped.extend({
      Name: Text,
      Type: Text,
      Rating: Text,
      Opportunities: List.nullish(),
      Contacts: List.nullish(),
    }),
  ),
});

/** What a user without access is not shown, as Salesforce names it: fields by `Object.Field`, lists by `Account.List`. */
export type Hidden = ReadonlySet<string>;

/** The fields that are asked for wherever they may be read; the others every user may read who sees the record. */
const readable = {
  Account: ["Name", "Type", "Rating"],
  Opportunity: ["Name", "StageName", "Amount", "CloseDate"],
  Contact: ["Title"],
} as const;

/** One query for the account and what changed of it, without what is hidden: Salesforce counts requests by the day. */
export function accountQuery(
  accountId: string,
  since: (kind: string) => Date | null,
  hidden: Hidden = new Set(),
): string {
  if (!Id.safeParse(accountId).success)
    throw new PermanentError(
      "bad-payload",
      "accountId of a Salesforce source must be a record's id, 15 or 18 letters and digits",
    );
  const whereChanged = (kind: string) => {
    const from = since(kind);
    return from === null
      ? `ORDER BY SystemModstamp DESC LIMIT ${firstRecords}`
      : `WHERE SystemModstamp > ${from.toISOString()} ORDER BY SystemModstamp ASC`;
  };
  const fields = (object: keyof typeof readable) =>
    [
      "Id",
      ...readable[object].filter((field) => !hidden.has(`${object}.${field}`)),
      "SystemModstamp",
    ].join(", ");
  const list = (name: string, object: "Opportunity" | "Contact") =>
    hidden.has(`Account.${name}`)
      ? []
      : [
          `(SELECT ${fields(object)} FROM ${name} ${whereChanged(object.toLowerCase())})`,
        ];
  const selected = [
    fields("Account"),
    ...list("Opportunities", "Opportunity"),
    ...list("Contacts", "Contact"),
  ];
  return `SELECT ${selected.join(", ")} FROM Account WHERE Id = '${accountId}'`;
}

/** What a refused query could not read, by the words of the refusal; null where it was refused for something else. */
export function hiddenField(refusal: string): string | null {
  const [, field, object] =
    /No such column '(\w+)' on (?:entity|sobject of type) '?(\w+)/u.exec(
      refusal,
    ) ?? [];
  if (field !== undefined && object !== undefined) {
    const fields = Object.entries(readable).find(([name]) => name === object);
    const isKnown = fields?.[1].some((name) => name === field) ?? false;
    return isKnown ? `${object}.${field}` : null;
  }
  const [, list] =
    /Didn't understand relationship '(Opportunities|Contacts)'/u.exec(
      refusal,
    ) ?? [];
  return list === undefined ? null : `Account.${list}`;
}

/** An opportunity as a record. */
export function opportunityToRecord(
  found: z.infer<typeof Opportunity>,
): CrmRecord {
  const { Name, StageName, Amount, CloseDate } = found;
  return toRecord("opportunity", found, {
    what: Name ? `opportunity “${toLine(Name, 120)}”` : "an opportunity",
    state: {
      stage: StageName,
      amount: Amount === null ? null : Amount?.toString(),
      "close date": CloseDate,
    },
  });
}

/** A contact as a record, called by the job title. */
export function contactToRecord(found: z.infer<typeof Contact>): CrmRecord {
  const { Title } = found;
  return toRecord("contact", found, {
    what: Title ? `a contact (${toLine(Title, 120)})` : "a contact",
    state: { "job title": Title },
  });
}

/** The account itself as a record. */
export function accountToRecord(
  found: z.infer<typeof Answer>["records"][number],
): CrmRecord {
  const state = { type: found.Type, rating: found.Rating };
  return toRecord("account", found, { what: "the account", state });
}

function toRecord(
  kind: string,
  { Id: itemId, SystemModstamp: changedAt }: z.infer<typeof Stamped>,
  {
    what,
    state,
  }: {
    readonly what: string;
    readonly state: Readonly<Record<string, string | null | undefined>>;
  },
): CrmRecord {
  // What may not be read is not known; what is null is empty.
  const values = Object.entries(state).flatMap(
    ([field, value]): [string, string][] =>
      value === undefined ? [] : [[field, value?.trim() ?? ""]],
  );
  return { kind, itemId, what, state: Object.fromEntries(values), changedAt };
}
