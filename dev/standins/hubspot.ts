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

/**
 * The part of the HubSpot API that we use: account information, creating a task or note with its link to
 * a company, reading one by its unique property, and a page for each task. Refuses unknown properties
 * and ids, and a second record with the value of a unique property, as HubSpot does.
 */
export async function startHubspot(
  options: Options & Partial<typeof hubspotDefaults>,
): Promise<CrmStandIn> {
  const { accessToken, keyProperty } = { ...hubspotDefaults, ...options };
  const held: Record<Kind, Map<string, CrmObject>> = {
    tasks: new Map(),
    notes: new Map(),
  };
  let ids = 0;

  function read(kind: Kind, key: string, query: URLSearchParams): Answer {
    if (query.get("idProperty") !== keyProperty) {
      return refused(`${query.get("idProperty")} is not a unique property`);
    }
    const object = held[kind].get(key);
    if (object === undefined) {
      return refused("resource not found", 404, "OBJECT_NOT_FOUND");
    }
    return { status: 200, body: shown(object) };
  }

  function create(kind: Kind, body: unknown): Answer {
    const wanted = Creation.safeParse(body);
    if (!wanted.success) return refused(wanted.error.message);
    const { properties, associations } = wanted.data;
    const fault = faultOf(kind, properties, keyProperty);
    if (fault !== null) return refused(fault);
    const companies = new Set(associations.map(({ to }) => to.id));
    for (const { to, types } of associations) {
      const known = types.every(
        ({ associationTypeId: id }) => id === companyLinks[kind],
      );
      if (!known) return refused("Invalid association type");
      if (!/^\d+$/.test(to.id)) return refused(`No company with id ${to.id}`);
    }
    const key = properties[keyProperty] ?? "";
    if (held[kind].has(key)) {
      return refused(
        `Property values were not valid: ${keyProperty}: ${key} is already the value of another record`,
      );
    }
    const id = String(++ids);
    const createdAt = new Date().toISOString();
    const object: CrmObject = { id, properties, companies, createdAt };
    held[kind].set(key, object);
    return { status: 201, body: shown(object) };
  }

  function page(id: string): Answer {
    const task = [...held.tasks.values()].find((t) => t.id === id);
    if (task === undefined) return refused("resource not found", 404);
    const lines = Object.entries(task.properties);
    return {
      status: 200,
      body: lines.map(([k, v]) => `${k}: ${v}`).join("\n"),
    };
  }

  function answer({ method, path, query, authorization, text }: Asked): Answer {
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
    if (route === "GET /account-info/v3/details") {
      return { status: 200, body: { portalId, uiDomain: "app.hubspot.com" } };
    }
    const [, kind, key] =
      /^\w+ \/crm\/v3\/objects\/(tasks|notes)(?:\/(.+))?$/s.exec(route) ?? [];
    if (kind === "tasks" || kind === "notes") {
      if (method === "POST" && key === undefined)
        return create(kind, json(text));
      if (method === "GET" && key !== undefined) return read(kind, key, query);
    }
    return refused("resource not found", 404, "OBJECT_NOT_FOUND");
  }

  const listed = (kind: Kind) =>
    [...held[kind]].map(([key, { id, properties, companies, createdAt }]) => ({
      id,
      key,
      subject:
        properties["hs_task_subject"] ?? properties["hs_note_body"] ?? "",
      accountId: [...companies][0] ?? null,
      createdAt,
    }));

  return serveCrm(
    {
      answer,
      isWrite: ({ method }) => method === "POST",
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

function refused(
  message: string,
  status = 400,
  category = "VALIDATION_ERROR",
): Answer {
  return { status, body: { status: "error", message, category } };
}
