import { z } from "zod";
import {
  json,
  serveCrm,
  type Answer,
  type Asked,
  type CrmStandIn,
  type Options,
} from "./crmServer.ts";

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

interface CrmObject {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
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
  const held: Record<Kind, CrmObject[]> = { tasks: [], notes: [] };
  const isUniqueOf = (kind: Kind) =>
    typeof isUnique === "boolean" ? isUnique : isUnique[kind];
  const withKey = (kind: Kind, key: string) =>
    held[kind].filter(({ properties }) => properties[keyProperty] === key);
  let ids = 0;

  function read(kind: Kind, key: string, query: URLSearchParams): Answer {
    if (!isUniqueOf(kind) || query.get("idProperty") !== keyProperty) {
      return refused(`${query.get("idProperty")} is not a unique property`);
    }
    const [object] = withKey(kind, key);
    if (object === undefined) {
      return refused("resource not found", 404, "OBJECT_NOT_FOUND");
    }
    return { status: 200, body: shown(object) };
  }

  function search(kind: Kind, body: unknown, now: Date): Answer {
    const wanted = Search.safeParse(body);
    if (!wanted.success) return refused(wanted.error.message);
    const [{ filters }] = wanted.data.filterGroups;
    const [{ propertyName, value }] = filters;
    if (propertyName !== keyProperty)
      return refused(`Property "${propertyName}" does not exist`);
    const results = withKey(kind, value)
      .filter(
        ({ createdAt }) => Date.parse(createdAt) + searchLagMs <= now.getTime(),
      )
      .slice(0, wanted.data.limit)
      .map(shown);
    return { status: 200, body: { total: results.length, results } };
  }

  function create(kind: Kind, body: unknown, now: Date): Answer {
    const wanted = Creation.safeParse(body);
    if (!wanted.success) return refused(wanted.error.message);
    const { properties, associations } = wanted.data;
    const fault = faultOf(kind, properties, keyProperty);
    if (fault !== null) return refused(fault);
    const against = forbidden.filter((name) => name in properties);
    if (against.length > 0) return refusedByRules(against);
    const companies = new Set(associations.map(({ to }) => to.id));
    for (const { to, types } of associations) {
      const known = types.every(
        ({ associationTypeId: id }) => id === companyLinks[kind],
      );
      if (!known) return refused("Invalid association type");
      if (!/^\d+$/.test(to.id)) return refused(`No company with id ${to.id}`);
    }
    const key = properties[keyProperty] ?? "";
    if (isUniqueOf(kind) && withKey(kind, key).length > 0) {
      return refused(
        `Property values were not valid: ${keyProperty}: ${key} is already the value of another record`,
      );
    }
    const id = String(++ids);
    const createdAt = now.toISOString();
    const object: CrmObject = { id, properties, companies, createdAt };
    held[kind].push(object);
    return { status: 201, body: shown(object) };
  }

  function page(id: string): Answer {
    const task = held.tasks.find((t) => t.id === id);
    if (task === undefined) return refused("resource not found", 404);
    const lines = Object.entries(task.properties);
    return {
      status: 200,
      body: lines.map(([k, v]) => `${k}: ${v}`).join("\n"),
    };
  }

  function answer(asked: Asked, now: Date): Answer {
    const { method, path, query, authorization, text } = asked;
    const route = `${method} ${path}`;
    const opened = /^GET \/contacts\/4242\/record\/0-27\/(\d+)$/.exec(route);
    if (opened?.[1] !== undefined) return page(opened[1]);
    if (authorization !== `Bearer ${accessToken}`) {
      return refused(
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
      if (method === "POST" && key === undefined)
        return create(kind, json(text), now);
      if (method === "POST" && key === "search")
        return search(kind, json(text), now);
      if (method === "GET" && key !== undefined) return read(kind, key, query);
    }
    return refused("resource not found", 404, "OBJECT_NOT_FOUND");
  }

  const listed = (kind: Kind) =>
    held[kind].map(({ id, properties, companies, createdAt }) => ({
      id,
      key: properties[keyProperty] ?? "",
      subject:
        properties["hs_task_subject"] ?? properties["hs_note_body"] ?? "",
      accountId: [...companies][0] ?? null,
      createdAt,
    }));

  return serveCrm(
    {
      answer,
      isWrite: ({ method, path }) =>
        method === "POST" && !path.endsWith("/search"),
      held: () => ({
        tasks: listed("tasks"),
        notes: listed("notes"),
        signIns: 0,
      }),
    },
    options,
  );
}

function shown({ id, properties, createdAt }: CrmObject) {
  return { id, properties, createdAt, updatedAt: createdAt, archived: false };
}

/** What HubSpot would say of these properties, or null. */
function faultOf(
  kind: Kind,
  properties: Readonly<Record<string, string>>,
  keyProperty: string,
): string | null {
  for (const [name, value] of Object.entries(properties)) {
    if (name === keyProperty) continue;
    const pattern = known[kind].get(name);
    if (pattern === undefined) return `Property "${name}" does not exist`;
    if (!pattern.test(value)) return `Property values were not valid: ${name}`;
  }
  return properties[keyProperty] === undefined
    ? `Required property ${keyProperty} is missing`
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
  return refused(`Property values were not valid: ${JSON.stringify(faults)}`);
}

function refused(
  message: string,
  status = 400,
  category = "VALIDATION_ERROR",
): Answer {
  return { status, body: { status: "error", message, category } };
}
