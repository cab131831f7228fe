import { z } from "@hono/zod-openapi";
import {
  CrmName,
  type CrmOwner,
  isConnected,
} from "../../domain/crm/activation.ts";
import * as at from "../../domain/collections.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import { Message, shards } from "../../domain/messages/message.ts";
import { Heartbeat } from "../../domain/messages/run.ts";
import { asRaw, type Raw } from "../../domain/messages/unreadable.ts";
import type { Query } from "../../ports/store.ts";
import { json, toWire } from "../http/answer.ts";
import { memberAccess } from "../http/auth.ts";
import type { ApiDeps } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import { queryRoute, route, type Route } from "../http/route.ts";
import { problems } from "../http/problem.ts";
import { SourcesHealth, readSourcesHealth } from "../accounts/sourceHealth.ts";

/** A probe that takes longer counts as failed. */
const probeMs = 3_000;
/** Within this time the same answer is given, so that asking often costs nothing. */
const freshMs = 5_000;
/** The clock ticks every minute; due work should not wait longer than a few minutes. */
const maxHeartbeatAgeS = 180;
const maxDueAgeS = 300;

/** Parked messages are counted up to this many. */
const maxCounted = 1_000;

const Reason = z.enum(["database", "clock", "overdue", "parked", "unreadable"]);
type Reason = z.infer<typeof Reason>;
/** The reasons why the system is not working; the others only wait for a person. */
const degrading: readonly Reason[] = ["database", "clock", "overdue"];

const Status = z.enum(["ok", "attention", "degraded"]);
const VitalFields = z.object({
  status: Status.openapi({
    description:
      "`degraded`: work is not done, or not in time. `attention`: work is done, but something waits for a person.",
  }),
  reasons: z.array(Reason).openapi({
    description:
      "Why it is not `ok`: the database does not answer, the clock does not tick, work is overdue, work is parked, or documents cannot be read.",
  }),
  heartbeatAgeS: z.int().nullable().openapi({
    description: "Seconds since the clock last ticked; null if never.",
  }),
  oldestDueAgeS: z.int().nullable().openapi({
    description:
      "How many seconds the oldest due work has waited; null if none is due.",
  }),
  parked: z
    .int()
    .nullable()
    .openapi({
      description: `Messages waiting for a person, across all tenants, counted up to ${maxCounted}; null if unknown.`,
    }),
});
const Health = VitalFields.openapi("Health");

const Component = z.object({
  name: z.string(),
  status: z.enum(["ok", "degraded", "down", "not-probed"]),
  detail: z.string(),
  ms: z.int().nullable(),
});
const Detailed = VitalFields.extend({
  version: z.string(),
  components: z.array(Component),
  tenant: z
    .object({
      parked: z.int(),
      unreadable: z.int(),
      documents: z.array(z.object({ path: z.string(), reason: z.string() })),
    })
    .openapi({
      description: `This tenant's parked messages and how many of them could not be read (each counted up to ${maxCounted}), and the documents that this instance failed to read in the last hour.`,
    }),
  sources: SourcesHealth,
  standIns: z.array(
    z.object({
      need: z.string(),
      standIn: z.string(),
      inProduction: z.string(),
    }),
  ),
}).openapi("HealthDetailed");

const detailedExample: z.input<typeof Detailed> = {
  status: "attention",
  reasons: ["parked", "unreadable"],
  heartbeatAgeS: 21,
  oldestDueAgeS: null,
  parked: 2,
  tenant: {
    parked: 2,
    unreadable: 1,
    documents: [
      {
        path: "tenants/acme/accounts/globex",
        reason: "name: Invalid input: expected string, received undefined",
      },
    ],
  },
  version: "api-00042-xyz",
  components: [
    { name: "firestore", status: "ok", detail: "the database", ms: 12 },
    {
      name: "writer",
      status: "not-probed",
      detail: "extractive",
      ms: null,
    },
  ],
  sources: {
    total: 12,
    failing: 1,
    silent: 0,
    unwell: [
      {
        accountId: ids.account,
        sourceKey: "news",
        kind: "rss",
        level: "failing",
        since: "2026-11-20T10:00:00.000Z",
        error: "https://globex.example/feed answered 503",
      },
    ],
    ending: [
      {
        kind: "google_cse",
        endsAt: "2027-01-01T00:00:00.000Z",
        sources: 2,
      },
    ],
  },
  standIns: [
    {
      need: "writer",
      standIn: "the extractive writer",
      inProduction: "Claude",
    },
  ],
};

/** Only the field that is needed, so that it stays readable even if others do not. */
const lastTick = {
  path: at.heartbeat.path,
  schema: Heartbeat.pick({ tickedAt: true }),
};

interface Probe<T> {
  readonly value: T | null;
  readonly ms: number;
  readonly failed: string | null;
}

type Vitals = Awaited<ReturnType<typeof probeVitals>>;

/** The routes that report whether the system is healthy. */
export const healthRoutes: readonly Route[] = [
  (api, deps) => {
    const vitals = cacheVitals(deps);
    briefRoute(vitals)(api, deps);
    detailedRoute(vitals)(api, deps);
  },
];

function briefRoute(vitals: () => Promise<Vitals>): Route {
  return route(
    {
      method: "get",
      path: "/health",
      tags: ["health"],
      operationId: "getHealth",
      security: [],
      summary: "Whether the clock ticks and work is done in time",
      responses: {
        200: json(Health, "Work is done; `attention` if some is parked", {
          status: "attention",
          reasons: ["parked"],
          heartbeatAgeS: 21,
          oldestDueAgeS: null,
          parked: 2,
        }),
        503: json(Health, "Work is not done, or not in time", {
          status: "degraded",
          reasons: ["clock"],
          heartbeatAgeS: 1_260,
          oldestDueAgeS: null,
          parked: 0,
        }),
        ...problems(429, 500),
      },
    },
    async (c) => {
      const { health } = await vitals();
      const status = health.status === "degraded" ? 503 : 200;
      return c.json(toWire(Health, health), status);
    },
  );
}

function detailedRoute(vitals: () => Promise<Vitals>): Route {
  return queryRoute(
    {
      ...memberAccess("health", "message.read"),
      path: "/health/detailed",
      operationId: "getHealthDetailed",
      summary: "The state of each component, and which stand-ins are in use",
      answer: json(Detailed, "The components", detailedExample),
    },
    async (c, deps) => readDetailed(c.get("caller").tenantId, vitals, deps),
  );
}

/** Returns a function that gives the vitals, probed at most every few seconds. */
function cacheVitals(deps: ApiDeps): () => Promise<Vitals> {
  let last:
    { readonly at: number; readonly probe: Promise<Vitals> } | undefined;
  return () => {
    const now = deps.clock.now().getTime();
    if (last === undefined || now - last.at > freshMs)
      last = { at: now, probe: probeVitals(deps) };
    return last.probe;
  };
}

async function readDetailed(
  tenantId: TenantId,
  vitals: () => Promise<Vitals>,
  deps: ApiDeps,
) {
  const search = smallestSearch(deps);
  const [sources, tenant, { health, database }, vectors] = await Promise.all([
    readSourcesHealth(tenantId, deps),
    readTenantHealth(tenantId, deps),
    vitals(),
    probe(() => deps.vectors.search(tenantId, search), deps),
  ]);
  const components = [
    component("firestore", database, "the database"),
    clockComponent(health),
    component("vectors", vectors, deps.embedder.model),
    notProbed("writer", deps.writer.model ?? deps.writer.name),
    notProbed("crms", describeCrms(tenantId, deps)),
  ];
  const isDegraded = components.some(
    ({ status }) => status === "down" || status === "degraded",
  );
  const reasons = [
    ...health.reasons,
    ...(tenant.unreadable + tenant.documents.length > 0
      ? (["unreadable"] as const)
      : []),
  ];
  const { version, standIns } = deps.settings;
  return {
    ...health,
    status: isDegraded ? "degraded" : statusFor(reasons),
    reasons,
    tenant,
    version,
    components,
    sources,
    standIns,
  };
}

/** A search that costs as little as possible. */
function smallestSearch({ embedder }: Pick<ApiDeps, "embedder">) {
  const vector = Array.from({ length: embedder.dimension }, (_, i) =>
    i === 0 ? 1 : 0,
  );
  return { kind: "asset", accountId: null, vector, limit: 1 } as const;
}

function clockComponent({ heartbeatAgeS }: Vitals["health"]) {
  return {
    name: "clock",
    status: ticks(heartbeatAgeS) ? ("ok" as const) : ("degraded" as const),
    detail:
      heartbeatAgeS === null
        ? "has not ticked yet"
        : `ticked ${heartbeatAgeS} s ago`,
    ms: null,
  };
}

function ticks(heartbeatAgeS: number | null): boolean {
  return heartbeatAgeS !== null && heartbeatAgeS <= maxHeartbeatAgeS;
}

function describeCrms(tenantId: TenantId, deps: ApiDeps): string {
  return CrmName.options
    .map((crm) => {
      const owner = ownership(deps.crmOwners[crm], tenantId);
      return `${crm}: ${deps.crmProvenance[crm]}, ${owner}`;
    })
    .join("; ");
}

/** Which tenant a CRM belongs to, without naming any other tenant. */
function ownership(owner: CrmOwner, tenantId: TenantId): string {
  if (owner.serves === "every") return "of every tenant";
  if (owner.serves === "none")
    return "of no tenant (name its owner in the deployment's settings)";
  return isConnected(owner, tenantId) ? "of this tenant" : "of another tenant";
}

async function probeVitals(deps: ApiDeps) {
  const database = await probe(
    () =>
      Promise.all([
        deps.store.readAll([lastTick], "leave-out"),
        oldestDue(deps),
        deps.store.count(parkedQuery({ path: "messages", group: true })),
      ]),
    deps,
  );
  const [heartbeats, dueSince, parked = null] = database.value ?? [];
  const now = deps.clock.now();
  const ageS = (since: Date | null | undefined) =>
    since === null || since === undefined
      ? null
      : Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000));
  const heartbeatAgeS = ageS(heartbeats?.[0]?.data.tickedAt);
  const oldestDueAgeS = ageS(dueSince);
  const reasons: readonly Reason[] =
    database.failed !== null
      ? ["database"]
      : [
          ...(ticks(heartbeatAgeS) ? [] : (["clock"] as const)),
          ...((oldestDueAgeS ?? 0) <= maxDueAgeS ? [] : (["overdue"] as const)),
          ...(parked === 0 ? [] : (["parked"] as const)),
        ];
  const status = statusFor(reasons);
  return {
    health: { status, reasons, heartbeatAgeS, oldestDueAgeS, parked },
    database,
  };
}

function statusFor(reasons: readonly Reason[]): z.infer<typeof Status> {
  if (reasons.length === 0) return "ok";
  return reasons.some((reason) => degrading.includes(reason))
    ? "degraded"
    : "attention";
}

/** What waits for a person in one tenant. */
async function readTenantHealth(
  tenantId: TenantId,
  { store, unreadable }: ApiDeps,
) {
  const query = parkedQuery({ path: at.messages(tenantId).path, group: false });
  const [parked, unreadableOnes] = await Promise.all([
    store.count(query),
    store.count({
      ...query,
      where: [...query.where, ["error.code", "==", "unreadable"]],
      orderBy: [["error.at", "desc"]],
    }),
  ]);
  const documents = unreadable.below(`tenants/${tenantId}/`);
  return { parked, unreadable: unreadableOnes, documents };
}

function parkedQuery({
  path,
  group,
}: {
  readonly path: string;
  readonly group: boolean;
}): Query<Raw> {
  return {
    collection: asRaw({ path }),
    group,
    where: [["state", "==", "parked"]],
    limit: maxCounted,
  };
}

/** When the oldest due message was due, across all tenants; null if none is. Queried by shard, as the index is. */
export async function oldestDue({
  store,
  clock,
}: ApiDeps): Promise<Date | null> {
  const firsts = await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      store.query({
        // Unreadable ones are left out: they will be parked, and say nothing about the backlog.
        collection: { path: "messages", schema: Message },
        group: true,
        where: [
          ["state", "==", "open"],
          ["shard", "==", shard],
          ["runAt", "<=", clock.now()],
        ],
        orderBy: [["runAt", "asc"]],
        limit: 1,
      }),
    ),
  );
  const times = firsts.flat().map(({ data }) => data.runAt.getTime());
  return times.length === 0 ? null : new Date(Math.min(...times));
}

async function probe<T>(
  work: () => Promise<T>,
  { clock, log }: Pick<ApiDeps, "clock" | "log">,
): Promise<Probe<T>> {
  const startedAt = clock.now().getTime();
  const took = () => clock.now().getTime() - startedAt;
  const { signal, cancel } = clock.abortAfter(probeMs);
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("too late")), {
      once: true,
    });
  });
  try {
    const value = await Promise.race([work(), late]);
    return { value, ms: took(), failed: null };
  } catch (error) {
    const failed = `no valid answer within ${probeMs} ms`;
    log.write("WARNING", "a health probe failed", { error: String(error) });
    return { value: null, ms: took(), failed };
  } finally {
    cancel();
  }
}

function component(name: string, probed: Probe<unknown>, detail: string) {
  const { failed, ms } = probed;
  const status = failed === null ? ("ok" as const) : ("down" as const);
  return { name, status, detail: failed ?? detail, ms };
}

function notProbed(name: string, detail: string) {
  return { name, status: "not-probed" as const, detail, ms: null };
}
