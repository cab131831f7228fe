import { z } from "zod";
import {
  serveCrm,
  type Answer,
  type Asked,
  type CrmStandIn,
  type Options,
} from "./crmServer.ts";
import { json } from "./server.ts";

/** What the stand-in's app is known by, where nothing else is given. */
export const salesforceDefaults = {
  clientId: "standin-client",
  clientSecret: "standin-secret",
  taskKeyField: "ClientPulse_Key__c",
} as const;

const version = "/services/data/v64.0";
const fieldLimits = new Map([
  ["Subject", 255],
  ["Description", 32_000],
  ["ActivityDate", 10],
  ["Priority", 255],
  ["Status", 255],
  ["WhatId", 18],
]);

const picklists = new Map([
  ["Priority", ["High", "Normal", "Low"]],
  ["Status", ["Not Started", "In Progress", "Completed"]],
]);

const lookup =
  /^SELECT Id FROM Task WHERE (?:WhatId = '(\w+)' AND )?(?:CreatedDate >= (\S+) AND )?(\w+) = '((?:[^'\\]|\\.)*)' ORDER BY CreatedDate ASC, Id ASC LIMIT (\d+)$/s;

interface Task {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly createdAt: string;
}

/** A customer's org at Salesforce. */
interface Org {
  readonly settings: Settings;
  readonly tasks: Task[];
  readonly tokens: Set<string>;
}

type Settings = Readonly<Record<keyof typeof salesforceDefaults, string>>;

/**
 * The part of the Salesforce REST API that we use, at one version: the client credentials token, the query for a
 * task by its key, creating a task, and a page for each task. Refuses what Salesforce refuses, in its words.
 */
export async function startSalesforce(
  options: Options & Partial<typeof salesforceDefaults>,
): Promise<CrmStandIn> {
  const settings = { ...salesforceDefaults, ...options };
  const org: Org = { settings, tasks: [], tokens: new Set() };
  return serveCrm(
    {
      answer: (asked, now) => answerTo(org, asked, now),
      isWrite: ({ path }) => path.endsWith("/sobjects/Task"),
      held: () => ({
        tasks: org.tasks.map(({ id, fields, createdAt }) => ({
          id,
          key: fields[settings.taskKeyField] ?? "",
          subject: fields["Subject"] ?? "",
          accountId: fields["WhatId"] ?? null,
          createdAt,
        })),
        notes: [],
        signIns: org.tokens.size,
      }),
    },
    options,
  );
}

function answerTo(org: Org, asked: Asked, now: Date): Answer {
  const route = `${asked.method} ${asked.path}`;
  if (route === "POST /services/oauth2/token") return signIn(org, asked);
  if (route.startsWith("GET /lightning/")) return page(org, asked.path);
  if (!org.tokens.has(asked.authorization.replace(/^Bearer /, ""))) {
    return refuse("INVALID_SESSION_ID", "Session expired or invalid", 401);
  }
  if (route === `GET ${version}/query`) {
    return query(org, asked.query.get("q") ?? "");
  }
  if (route === `POST ${version}/sobjects/Task`) {
    return create(org, json(asked.text), now);
  }
  return refuse("NOT_FOUND", "The requested resource does not exist", 404);
}

function signIn({ settings, tokens }: Org, asked: Asked): Answer {
  const form = new URLSearchParams(asked.text);
  if (form.get("grant_type") !== "client_credentials") {
    return oauthError("unsupported_grant_type", "grant type not supported");
  }
  if (
    form.get("client_id") !== settings.clientId ||
    form.get("client_secret") !== settings.clientSecret
  ) {
    return oauthError("invalid_client", "app must be installed into org");
  }
  const token = `00D000000000001!${tokens.size + 1}`;
  tokens.add(token);
  return {
    status: 200,
    body: {
      access_token: token,
      instance_url: "https://standin.my.salesforce.com",
      id: "https://standin.my.salesforce.com/id/00D000000000001AAA/005000000000001AAA",
      token_type: "Bearer",
    },
  };
}

function query({ settings, tasks }: Org, soql: string): Answer {
  const [, whatId, since, field, literal, limit] = lookup.exec(soql) ?? [];
  if (field === undefined || literal === undefined) {
    return refuse("MALFORMED_QUERY", `unexpected token in: ${soql}`);
  }
  // As in an org with many tasks: a filter by our field alone, which has no index, does not end in time.
  if (since === undefined || Number.isNaN(Date.parse(since))) {
    return refuse(
      "QUERY_TIMEOUT",
      "Your query request was running for too long.",
    );
  }
  if (field !== settings.taskKeyField) {
    return refuse(
      "INVALID_FIELD",
      `No such column '${field}' on entity 'Task'`,
    );
  }
  const key = literal.replace(
    /\\(.)/gs,
    (_, c: string) => ({ n: "\n", r: "\r" })[c] ?? c,
  );
  const found = tasks.filter(
    ({ fields, createdAt }) =>
      fields[settings.taskKeyField] === key &&
      Date.parse(createdAt) >= Date.parse(since) &&
      (whatId === undefined ||
        fields["WhatId"]?.slice(0, 15) === whatId.slice(0, 15)),
  );
  const records = found.slice(0, Number(limit)).map(({ id }) => ({
    attributes: { type: "Task", url: `${version}/sobjects/Task/${id}` },
    Id: id,
  }));
  return {
    status: 200,
    body: { totalSize: records.length, done: true, records },
  };
}

function create({ settings, tasks }: Org, body: unknown, now: Date): Answer {
  const fields = z.record(z.string(), z.string()).safeParse(body).data;
  if (fields === undefined) {
    return refuse("JSON_PARSER_ERROR", "the body is not a Task");
  }
  const limits = new Map(fieldLimits).set(settings.taskKeyField, 255);
  for (const [name, value] of Object.entries(fields)) {
    const refusal = refuseField(name, value, limits.get(name));
    if (refusal !== null) return refusal;
  }
  const id = `00T${String(tasks.length + 1).padStart(12, "0")}AAA`;
  tasks.push({ id, fields, createdAt: now.toISOString() });
  return { status: 201, body: { id, success: true, errors: [] } };
}

function page({ tasks }: Org, path: string): Answer {
  const id = /^\/lightning\/r\/Task\/(\w+)\/view$/.exec(path)?.[1];
  const task = tasks.find((t) => t.id === id);
  if (task === undefined) {
    return refuse("NOT_FOUND", "The requested resource does not exist", 404);
  }
  const lines = Object.entries(task.fields).map(([k, v]) => `${k}: ${v}`);
  return { status: 200, body: lines.join("\n") };
}

function refuseField(name: string, value: string, limit: number | undefined) {
  if (limit === undefined) {
    return refuse(
      "INVALID_FIELD",
      `No such column '${name}' on sobject of type Task`,
    );
  }
  if (value.length > limit && name !== "WhatId") {
    return refuse(
      "STRING_TOO_LONG",
      `${name}: data value too large: ${value} (max length=${limit})`,
    );
  }
  if (name === "WhatId" && !/^(?:\w{15}|\w{18})$/.test(value)) {
    return refuse(
      "MALFORMED_ID",
      `Related To ID: id value of incorrect type: ${value}`,
    );
  }
  if (name === "ActivityDate" && !/^\d{4}-\d\d-\d\d$/.test(value)) {
    return refuse(
      "JSON_PARSER_ERROR",
      `Cannot deserialize instance of date from VALUE_STRING value ${value}`,
    );
  }
  if (picklists.get(name)?.includes(value) === false) {
    return refuse(
      "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
      `${name}: bad value for restricted picklist field: ${value}`,
    );
  }
  return null;
}

function refuse(errorCode: string, message: string, status = 400): Answer {
  return { status, body: [{ message, errorCode }] };
}

function oauthError(error: string, description: string): Answer {
  return { status: 400, body: { error, error_description: description } };
}
