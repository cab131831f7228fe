import { createRoute, z } from "@hono/zod-openapi";
import { CrmName, type CrmOwner, isConnected } from "../domain/activation.ts";
import * as at from "../domain/collections.ts";
import type { TenantId } from "../domain/ids.ts";
import { Message, shards } from "../domain/message.ts";
import { json, shown } from "./answer.ts";
import { permitted } from "./auth.ts";
import type { Api, ApiDeps } from "./context.ts";
import { ids } from "./examples.ts";
import { problems, queryProblems } from "./problem.ts";
import { SourcesHealth, sourcesHealth } from "./sourceHealth.ts";

/** A probe that takes longer has failed. */
const probeMs = 3_000;
/** Whoever asks more often gets the same answer, so that asking costs nothing. */
const freshMs = 5_000;
/** The clock ticks each minute; work should not lie longer than a few of them. */
const maxHeartbeatAgeS = 180;
const maxDueAgeS = 300;

const Vitals = z.object({
  status: z.enum(["ok", "degraded"]),
  heartbeatAgeS: z
    .int()
    .nullable()
    .openapi({ description: "Since the clock last ticked; null: never." }),
  oldestDueAgeS: z
    .int()
    .nullable()
    .openapi({ description: "How long work has been due; null: none is." }),
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
    200: json(Health, "It answers; `degraded` where something lags", {
      status: "ok",
      heartbeatAgeS: 21,
      oldestDueAgeS: null,
    }),
    503: json(Health, "The database does not answer", {
      status: "degraded",
      heartbeatAgeS: null,
      oldestDueAgeS: null,
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
      status: "ok",
      heartbeatAgeS: 21,
      oldestDueAgeS: null,
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
    const { health, database } = await vitals();
    return c.json(shown(Health, health), database.failed === null ? 200 : 503);
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
    const [sources, { health, database }, vectors] = await Promise.all([
      sourcesHealth(tenantId, deps),
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
    const answer = {
      ...health,
      status: degraded ? "degraded" : health.status,
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
    () => Promise.all([deps.store.read(at.heartbeat), oldestDue(deps)]),
    deps,
  );
  const now = deps.clock.now();
  const ageS = (since: Date | null | undefined) =>
    since === null || since === undefined
      ? null
      : Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000));
  const heartbeatAgeS = ageS(database.value?.[0]?.data.tickedAt);
  const oldestDueAgeS = ageS(database.value?.[1]);
  const well =
    database.failed === null &&
    heartbeatAgeS !== null &&
    heartbeatAgeS <= maxHeartbeatAgeS &&
    (oldestDueAgeS ?? 0) <= maxDueAgeS;
  const status = well ? ("ok" as const) : ("degraded" as const);
  return { health: { status, heartbeatAgeS, oldestDueAgeS }, database };
}

/** Since when the oldest open message is due, over all tenants; by shard, as their index is. */
export async function oldestDue({
  store,
  clock,
}: ApiDeps): Promise<Date | null> {
  const firsts = await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      store.query({
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
