import { createRoute, z } from "@hono/zod-openapi";
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
import { json, shown } from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import type { Api, ApiDeps } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import { problems, queryProblems } from "../http/problem.ts";
import { SourcesHealth, sourcesHealth } from "../accounts/sourceHealth.ts";

/** A probe that takes longer has failed. */
const probeMs = 3_000;
/** Whoever asks more often gets the same answer, so that asking costs nothing. */
const freshMs = 5_000;
/** The clock ticks each minute; work should not lie longer than a few of them. */
const maxHeartbeatAgeS = 180;
const maxDueAgeS = 300;

/** So many parked messages are counted, and no more. */
const mostCounted = 1_000;

const Reason = z.enum(["database", "clock", "overdue", "parked", "unreadable"]);
type Reason = z.infer<typeof Reason>;
/** What keeps it from working; all else waits for a person. */
const degrading: readonly Reason[] = ["database", "clock", "overdue"];

const Status = z.enum(["ok", "attention", "degraded"]);
const Vitals = z.object({
  status: Status.openapi({
    description:
      "`degraded`: the work is not done, or not in time. `attention`: it is, and something waits for a person.",
  }),
  reasons: z.array(Reason).openapi({
    description:
      "Why it is not `ok`: the database does not answer, the clock does not tick, work is overdue, work is parked, documents cannot be read.",
  }),
  heartbeatAgeS: z
    .int()
    .nullable()
    .openapi({ description: "Since the clock last ticked; null: never." }),
  oldestDueAgeS: z
    .int()
    .nullable()
    .openapi({ description: "How long work has been due; null: none is." }),
  parked: z
    .int()
    .nullable()
    .openapi({
      description: `Messages that wait for a person, over all tenants; ${mostCounted} stands for more, null for not known.`,
    }),
});
const Health = Vitals.openapi("Health");

const Component = z.object({
  name: z.string(),
  status: z.enum(["ok", "degraded", "down", "not-probed"]),
  detail: z.string(),
  ms: z.int().nullable(),
});
const Detailed = Vitals.extend({
  version: z.string(),
  components: z.array(Component),
  tenant: z
    .object({
      parked: z.int(),
      unreadable: z.int(),
      documents: z.array(z.object({ path: z.string(), reason: z.string() })),
    })
    .openapi({
      description: `This tenant's parked messages, those of them that could not be read (each up to ${mostCounted}), and the documents that this instance met in the last hour and could not read.`,
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

const brief = createRoute({
  method: "get",
  path: "/health",
  tags: ["health"],
  operationId: "getHealth",
  security: [],
  summary: "Whether the clock ticks and the work is done in time",
  responses: {
    200: json(Health, "The work is done; `attention` where some is parked", {
      status: "attention",
      reasons: ["parked"],
      heartbeatAgeS: 21,
      oldestDueAgeS: null,
      parked: 2,
    }),
    503: json(Health, "The work is not done, or not in time", {
      status: "degraded",
      reasons: ["clock"],
      heartbeatAgeS: 1_260,
      oldestDueAgeS: null,
      parked: 0,
    }),
    ...problems(429, 500),
  },
});

const detailed = createRoute({
  method: "get",
  ...permitted("health", "message.read"),
  path: "/health/detailed",
  operationId: "getHealthDetailed",
  summary: "Each component, and what stands in for what",
  responses: {
    200: json(Detailed, "The components", {
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
    }),
    ...queryProblems(),
  },
});

/** No more than is asked for, so that it can be read as long as that can. */
const lastTick = {
  path: at.heartbeat.path,
  schema: Heartbeat.pick({ tickedAt: true }),
};

interface Probe<T> {
  readonly value: T | null;
  readonly ms: number;
  readonly failed: string | null;
}

/** The routes that say how the house is. */
export function healthRoutes(api: Api, deps: ApiDeps): void {
  let last:
    | { readonly at: number; readonly probe: ReturnType<typeof look> }
    | undefined;
  const vitals = () => {
    const now = deps.clock.now().getTime();
    if (last === undefined || now - last.at > freshMs) {
      last = { at: now, probe: look(deps) };
    }
    return last.probe;
  };

  api.openapi(brief, async (c) => {
    const { health } = await vitals();
    return c.json(
      shown(Health, health),
      health.status === "degraded" ? 503 : 200,
    );
  });

  api.openapi(detailed, async (c) => {
    const { tenantId } = c.get("caller");
    const vector = Array.from({ length: deps.embedder.dimension }, (_, i) =>
      i === 0 ? 1 : 0,
    );
    const wanted = {
      kind: "asset",
      accountId: null,
      vector,
      limit: 1,
    } as const;
    const [sources, tenant, { health, database }, vectors] = await Promise.all([
      sourcesHealth(tenantId, deps),
      ofTenant(tenantId, deps),
      vitals(),
      probe(() => deps.vectors.search(tenantId, wanted), deps),
    ]);
    const { heartbeatAgeS } = health;
    const ticks = heartbeatAgeS !== null && heartbeatAgeS <= maxHeartbeatAgeS;
    const components: readonly z.infer<typeof Component>[] = [
      component("firestore", database, "the database"),
      {
        name: "clock",
        status: ticks ? "ok" : "degraded",
        detail:
          heartbeatAgeS === null
            ? "has not ticked yet"
            : `ticked ${heartbeatAgeS} s ago`,
        ms: null,
      },
      component("vectors", vectors, deps.embedder.model),
      notProbed("writer", deps.writer.model ?? deps.writer.name),
      notProbed(
        "crms",
        CrmName.options
          .map(
            (crm) =>
              `${crm}: ${deps.crmProvenance[crm]}, ${ownership(deps.crmOwners[crm], tenantId)}`,
          )
          .join("; "),
      ),
    ];
    const degraded = components.some(
      ({ status }) => status === "down" || status === "degraded",
    );
    const { version, standIns } = deps.settings;
    const reasons = [
      ...health.reasons,
      ...(tenant.unreadable + tenant.documents.length > 0
        ? (["unreadable"] as const)
        : []),
    ];
    const answer = {
      ...health,
      status: degraded ? "degraded" : statusFor(reasons),
      reasons,
      tenant,
      version,
      components,
      sources,
      standIns,
    };
    return c.json(shown(Detailed, answer), 200);
  });
}

/** Whose a CRM is, as one tenant may know it: another's name is not told. */
function ownership(owner: CrmOwner, tenantId: TenantId): string {
  if (owner.serves === "every") return "of every tenant";
  if (owner.serves === "none")
    return "of no tenant (name its owner in the deployment's settings)";
  return isConnected(owner, tenantId) ? "of this tenant" : "of another tenant";
}

async function look(deps: ApiDeps) {
  const database = await probe(
    () =>
      Promise.all([
        deps.store.readAll([lastTick], "leave-out"),
        oldestDue(deps),
        deps.store.count(parkedOf({ path: "messages", group: true })),
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
  const ticks = heartbeatAgeS !== null && heartbeatAgeS <= maxHeartbeatAgeS;
  const reasons: readonly Reason[] =
    database.failed !== null
      ? ["database"]
      : [
          ...(ticks ? [] : (["clock"] as const)),
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

/** What waits for a person at one tenant. */
async function ofTenant(tenantId: TenantId, { store, unreadable }: ApiDeps) {
  const query = parkedOf({ path: at.messages(tenantId).path, group: false });
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

function parkedOf({
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
    limit: mostCounted,
  };
}

/** Since when the oldest open message is due, over all tenants; by shard, as their index is. */
export async function oldestDue({
  store,
  clock,
}: ApiDeps): Promise<Date | null> {
  const firsts = await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      store.query({
        // One that cannot be read is left out: it will be parked, and says nothing of how the work goes.
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
    const failed = `no good answer within ${probeMs} ms`;
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
