import { z } from "zod";
import {
  serveCrm,
  type Answer,
  type Asked,
  type CrmStandIn,
  type LedgerEntry,
  type Options,
} from "./crmServer.ts";
import { json } from "./server.ts";

/** What the stand-in's account is known by, where nothing else is given. */
export const hubspotDefaults = {
  accessToken: "standin-token",
  keyProperty: "clientpulse_key",
} as const;

const portalId = 4242;

const Creation = z.strictObject({
  properties: z.record(z.string(), z.string()),
  associations: z.array(
    z.strictObject({
      to: z.strictObject({ id: z.string() }),
      types: z
        .array(
          z.strictObject({
            associationCategory: z.literal("HUBSPOT_DEFINED"),
            associationTypeId: z.int(),
          }),
        )
        .min(1),
    }),
  ),
});

/** HubSpot's own kinds of link to a company. */
const companyLinks: Readonly<Record<Kind, number>> = { tasks: 192, notes: 190 };

type Kind = "tasks" | "notes";

type Properties = Readonly<Record<string, string>>;

interface CrmObject {
  readonly id: string;
  readonly properties: Properties;
  readonly companies: ReadonlySet<string>;
  readonly createdAt: string;
}

const known: Readonly<Record<Kind, ReadonlyMap<string, RegExp>>> = {
  tasks: new Map([
    ["hs_task_subject", /^.{1,255}$/su],
    ["hs_task_body", /^.{0,65536}$/su],
    ["hs_task_priority", /^(?:HIGH|MEDIUM|LOW)$/],
    ["hs_task_status", /^(?:NOT_STARTED|COMPLETED)$/],
    ["hs_task_type", /^(?:TODO|EMAIL|CALL)$/],
    ["hs_timestamp", /^\d{4}-\d\d-\d\dT[\d:.]+Z$/],
  ]),
  notes: new Map([
    ["hs_note_body", /^.{0,65536}$/su],
    ["hs_timestamp", /^\d{4}-\d\d-\d\dT[\d:.]+Z$/],
  ]),
};

const Search = z.strictObject({
  filterGroups: z.tuple([
    z.strictObject({
      filters: z.tuple([
        z.strictObject({
          propertyName: z.string(),
          operator: z.literal("EQ"),
          value: z.string(),
        }),
      ]),
    }),
  ]),
  sorts: z.tuple([
    z.strictObject({
      propertyName: z.literal("hs_createdate"),
      direction: z.literal("ASCENDING"),
    }),
  ]),
  properties: z.array(z.string()),
  limit: z.int().positive().max(200),
});

interface Modes {
  /** Whether it keeps the key property unique, as one made with `hasUniqueValue`. */
  readonly isUnique?: boolean | Readonly<Record<Kind, boolean>>;
  /** How long a new record stays out of the search. */
  readonly searchLagMs?: number;
  /** Properties that its administrator has made a rule for which no value of ours meets. */
  readonly forbidden?: readonly string[];
}

/** A customer's account at HubSpot, and the records in it. */
interface Account {
  readonly keyProperty: string;
  readonly isUnique: Readonly<Record<Kind, boolean>>;
  readonly searchLagMs: number;
  readonly forbidden: readonly string[];
  readonly records: Readonly<Record<Kind, CrmObject[]>>;
}

/**
 * The part of the HubSpot API that we use, in a dated and in a numbered version: account information, creating a task or
 * note with its link to a company, reading one by its unique property, searching by it, and a page for each task. Refuses
 * unknown properties and ids, and a second record with the value of a unique property, as HubSpot does.
 */
export async function startHubspot(
  options: Options & Partial<typeof hubspotDefaults> & Modes,
): Promise<CrmStandIn> {
  const {
    accessToken,
    keyProperty,
    isUnique = true,
    searchLagMs = 0,
    forbidden = [],
  } = { ...hubspotDefaults, ...options };
  const account: Account = {
    keyProperty,
    isUnique:
      typeof isUnique === "boolean"
        ? { tasks: isUnique, notes: isUnique }
        : isUnique,
    searchLagMs,
    forbidden,
    records: { tasks: [], notes: [] },
  };
  return serveCrm(
    {
      answer: (asked, now) => answerTo(account, asked, { accessToken, now }),
      isWrite: ({ method, path }) =>
        method === "POST" && !path.endsWith("/search"),
      held: () => ({
        tasks: toLedger(account, "tasks"),
        notes: toLedger(account, "notes"),
        signIns: 0,
      }),
    },
    options,
  );
}

function answerTo(
  account: Account,
  asked: Asked,
  { accessToken, now }: { readonly accessToken: string; readonly now: Date },
): Answer {
  const { method, path, query, authorization } = asked;
  const route = `${method} ${path}`;
  const opened = /^GET \/contacts\/4242\/record\/0-27\/(\d+)$/.exec(route);
  if (opened?.[1] !== undefined) return page(account, opened[1]);
  if (authorization !== `Bearer ${accessToken}`) {
    return refuse(
      "Authentication credentials not found",
      401,
      "INVALID_AUTHENTICATION",
    );
  }
  if (/^GET \/account-info\/(?:v3|2026-0[39])\/details$/.test(route)) {
    return { status: 200, body: { portalId, uiDomain: "app.hubspot.com" } };
  }
  const [, kind, key] =
    /^\w+ \/crm\/(?:v3\/objects|objects\/2026-0[39])\/(tasks|notes)(?:\/(.+))?$/s.exec(
      route,
    ) ?? [];
  if (kind === "tasks" || kind === "notes") {
    const body = json(asked.text);
    if (method === "POST" && key === undefined)
      return create(account, kind, { body, now });
    if (method === "POST" && key === "search")
      return search(account, kind, { body, now });
    if (method === "GET" && key !== undefined)
      return read(account, kind, { key, query });
  }
  return refuse("resource not found", 404, "OBJECT_NOT_FOUND");
}

function read(
  account: Account,
  kind: Kind,
  { key, query }: { readonly key: string; readonly query: URLSearchParams },
): Answer {
  if (
    !account.isUnique[kind] ||
    query.get("idProperty") !== account.keyProperty
  ) {
    return refuse(`${query.get("idProperty")} is not a unique property`);
  }
  const [object] = withKey(account, kind, key);
  if (object === undefined) {
    return refuse("resource not found", 404, "OBJECT_NOT_FOUND");
  }
  return { status: 200, body: toAnswer(object) };
}

/** A request with a body, and when it came. */
interface Sent {
  readonly body: unknown;
  readonly now: Date;
}

function search(account: Account, kind: Kind, { body, now }: Sent): Answer {
  const wanted = Search.safeParse(body);
  if (!wanted.success) return refuse(wanted.error.message);
  const [{ filters }] = wanted.data.filterGroups;
  const [{ propertyName, value }] = filters;
  if (propertyName !== account.keyProperty)
    return refuse(`Property "${propertyName}" does not exist`);
  const listedUntil = now.getTime() - account.searchLagMs;
  const results = withKey(account, kind, value)
    .filter(({ createdAt }) => Date.parse(createdAt) <= listedUntil)
    .slice(0, wanted.data.limit)
    .map(toAnswer);
  return { status: 200, body: { total: results.length, results } };
}

function create(account: Account, kind: Kind, { body, now }: Sent): Answer {
  const wanted = Creation.safeParse(body);
  if (!wanted.success) return refuse(wanted.error.message);
  const { properties, associations } = wanted.data;
  const refusal =
    refuseProperties(account, kind, properties) ??
    refuseLinks(kind, associations) ??
    refuseTwin(account, kind, properties);
  if (refusal !== null) return refusal;
  const { tasks, notes } = account.records;
  const object: CrmObject = {
    id: String(tasks.length + notes.length + 1),
    properties,
    companies: new Set(associations.map(({ to }) => to.id)),
    createdAt: now.toISOString(),
  };
  account.records[kind].push(object);
  return { status: 201, body: toAnswer(object) };
}

function page({ records }: Account, id: string): Answer {
  const task = records.tasks.find((t) => t.id === id);
  if (task === undefined) return refuse("resource not found", 404);
  const lines = Object.entries(task.properties);
  return {
    status: 200,
    body: lines.map(([k, v]) => `${k}: ${v}`).join("\n"),
  };
}

function withKey(
  { records, keyProperty }: Account,
  kind: Kind,
  key: string,
): readonly CrmObject[] {
  return records[kind].filter(
    ({ properties }) => properties[keyProperty] === key,
  );
}

function toLedger(
  { records, keyProperty }: Account,
  kind: Kind,
): readonly LedgerEntry[] {
  return records[kind].map(({ id, properties, companies, createdAt }) => ({
    id,
    key: properties[keyProperty] ?? "",
    subject: properties["hs_task_subject"] ?? properties["hs_note_body"] ?? "",
    accountId: [...companies][0] ?? null,
    createdAt,
  }));
}

function toAnswer({ id, properties, createdAt }: CrmObject) {
  return { id, properties, createdAt, updatedAt: createdAt, archived: false };
}

/** What HubSpot would say of these properties; null where it takes them. */
function refuseProperties(
  { keyProperty, forbidden }: Account,
  kind: Kind,
  properties: Properties,
): Answer | null {
  for (const [name, value] of Object.entries(properties)) {
    if (name === keyProperty) continue;
    const pattern = known[kind].get(name);
    if (pattern === undefined)
      return refuse(`Property "${name}" does not exist`);
    if (!pattern.test(value))
      return refuse(`Property values were not valid: ${name}`);
  }
  if (properties[keyProperty] === undefined)
    return refuse(`Required property ${keyProperty} is missing`);
  const against = forbidden.filter((name) => name in properties);
  return against.length > 0 ? refusedByRules(against) : null;
}

function refuseLinks(
  kind: Kind,
  associations: z.infer<typeof Creation>["associations"],
): Answer | null {
  for (const { to, types } of associations) {
    const isKnown = types.every(
      ({ associationTypeId: id }) => id === companyLinks[kind],
    );
    if (!isKnown) return refuse("Invalid association type");
    if (!/^\d+$/.test(to.id)) return refuse(`No company with id ${to.id}`);
  }
  return null;
}

function refuseTwin(
  account: Account,
  kind: Kind,
  properties: Properties,
): Answer | null {
  const { keyProperty, isUnique } = account;
  const key = properties[keyProperty] ?? "";
  return isUnique[kind] && withKey(account, kind, key).length > 0
    ? refuse(
        `Property values were not valid: ${keyProperty}: ${key} is already the value of another record`,
      )
    : null;
}

/** As HubSpot answers where the account's own rules are not met: the properties stand in the message, as JSON. */
function refusedByRules(names: readonly string[]): Answer {
  const faults = names.map((name) => ({
    isValid: false,
    message: "Enter only letters",
    error: "INVALID_ALPHA",
    name,
  }));
  return refuse(`Property values were not valid: ${JSON.stringify(faults)}`);
}

function refuse(
  message: string,
  status = 400,
  category = "VALIDATION_ERROR",
): Answer {
  return { status, body: { status: "error", message, category } };
}
