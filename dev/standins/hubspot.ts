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

const Upsert = z.strictObject({
  inputs: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        idProperty: z.string(),
        properties: z.record(z.string(), z.string()),
      }),
    )
    .min(1)
    .max(100),
});

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
 * The part of the HubSpot API that we use: account information, reading a task or note by its unique
 * property, upserting a batch of them (207 with an error per refused item), linking one to a company,
 * and a page for each task. Refuses unknown properties and ids, as HubSpot does.
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

  function upsert(kind: Kind, body: unknown): Answer {
    const batch = Upsert.safeParse(body);
    if (!batch.success) return refused(batch.error.message);
    const written = batch.data.inputs.map((input) => {
      const fault = faultOf(kind, input, keyProperty);
      if (fault !== null) return { fault };
      const before = held[kind].get(input.id);
      const object: CrmObject = {
        id: before?.id ?? String(++ids),
        properties: { ...before?.properties, ...input.properties },
        companies: before?.companies ?? new Set(),
        createdAt: before?.createdAt ?? new Date().toISOString(),
      };
      held[kind].set(input.id, object);
      return { result: { ...shown(object), new: before === undefined } };
    });
    const results = written.flatMap(({ result }) => result ?? []);
    const errors = written.flatMap(({ fault }) => fault ?? []);
    const at = new Date().toISOString();
    const answer = {
      status: "COMPLETE",
      results,
      startedAt: at,
      completedAt: at,
    };
    if (errors.length === 0) return { status: 200, body: answer };
    return {
      status: 207,
      body: { ...answer, numErrors: errors.length, errors },
    };
  }

  function link(kind: Kind, id: string, company: string): Answer {
    const found = [...held[kind]].find(([, object]) => object.id === id);
    if (found === undefined || !/^\d+$/.test(company)) {
      return refused(`No company with id ${company}`, 404, "OBJECT_NOT_FOUND");
    }
    const [key, object] = found;
    const companies = new Set(object.companies).add(company);
    held[kind].set(key, { ...object, companies });
    const at = new Date().toISOString();
    return {
      status: 200,
      body: { status: "COMPLETE", results: [], startedAt: at, completedAt: at },
    };
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
    const [, kind, rest] =
      /^\w+ \/crm\/v[34]\/objects\/(tasks|notes)\/(.+)$/s.exec(route) ?? [];
    if ((kind === "tasks" || kind === "notes") && rest !== undefined) {
      if (method === "POST" && rest === "batch/upsert") {
        return upsert(kind, json(text));
      }
      if (method === "GET") return read(kind, rest, query);
      const [, id, company] =
        /^(\d+)\/associations\/default\/companies\/(.+)$/.exec(rest) ?? [];
      if (method === "PUT" && id !== undefined && company !== undefined) {
        return link(kind, id, company);
      }
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
      isWrite: ({ path }) => path.endsWith("/batch/upsert"),
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

function faultOf(
  kind: Kind,
  input: z.output<typeof Upsert>["inputs"][number],
  keyProperty: string,
) {
  const { id, idProperty, properties } = input;
  if (idProperty !== keyProperty || properties[keyProperty] !== id) {
    return itemError(`${idProperty} is not the unique property of this item`);
  }
  for (const [name, value] of Object.entries(properties)) {
    if (name === keyProperty) continue;
    const pattern = known[kind].get(name);
    if (pattern === undefined) {
      return itemError(`Property "${name}" does not exist`);
    }
    if (!pattern.test(value)) {
      return itemError(`Property values were not valid: ${name}`);
    }
  }
  return null;
}

function itemError(message: string) {
  return {
    status: "error",
    category: "VALIDATION_ERROR",
    message,
    context: {},
  };
}

function refused(
  message: string,
  status = 400,
  category = "VALIDATION_ERROR",
): Answer {
  return { status, body: { status: "error", message, category } };
}
