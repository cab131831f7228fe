import { z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import { endsSoon, polledKinds } from "../../domain/sources/source.ts";
import type { Query } from "../../ports/store.ts";
import type { SourceState } from "../../domain/accounts/account.ts";
import type { ApiDeps } from "../http/context.ts";

/** How many of each are listed here; the operations page lists them all. */
const maxListed = 20;
/** Counting stops here. */
const maxCounted = 100_000;

const Unwell = z.object({
  accountId: z.string(),
  sourceKey: z.string(),
  kind: z.enum(polledKinds).nullable(),
  level: z.enum(["failing", "silent"]),
  since: z.iso.datetime().nullable().openapi({
    description:
      "Failing: its last successful poll. Silent: when its silence became unusual.",
  }),
  error: z.string().nullable(),
});

const Ending = z.object({
  kind: z.enum(polledKinds),
  endsAt: z.iso.datetime(),
  sources: z.int(),
});

/** The health of the tenant's sources: how many there are, and which fail or are silent. */
export const SourcesHealth = z
  .object({
    total: z.int(),
    failing: z.int(),
    silent: z.int(),
    unwell: z.array(Unwell),
    ending: z.array(Ending).openapi({
      description:
        "Kinds of source in use that their vendor discontinues soon.",
    }),
  })
  .openapi("SourcesHealth");

/** Reads only unhealthy sources, so that the cost does not depend on how many are healthy. */
export async function readSourcesHealth(
  tenantId: TenantId,
  { store, clock }: Pick<ApiDeps, "store" | "clock">,
): Promise<z.infer<typeof SourcesHealth>> {
  const collection = at.sourceStates(tenantId);
  const toQuery = (
    where: Query<SourceState>["where"],
    orderBy: NonNullable<Query<SourceState>["orderBy"]>,
  ) => ({ collection, where, orderBy, limit: maxListed });
  const failing = toQuery(
    [["consecutiveFailures", ">", 0]],
    [["consecutiveFailures", "desc"]],
  );
  const silent = toQuery(
    [["silentAt", "<=", clock.now()]],
    [["silentAt", "asc"]],
  );
  const ends = polledKinds.flatMap((kind) => {
    const endsAt = endsSoon(kind, clock.now());
    return endsAt === null ? [] : [{ kind, endsAt: endsAt.toISOString() }];
  });
  const [total, failures, silences, worst, quietest, ...ofEnding] =
    await Promise.all([
      store.count({ collection, where: [], limit: maxCounted }),
      store.count({ ...failing, limit: maxCounted }),
      store.count({ ...silent, limit: maxCounted }),
      store.query(failing),
      store.query(silent),
      ...ends.map(({ kind }) =>
        store.count({
          collection,
          where: [["kind", "==", kind]],
          limit: maxCounted,
        }),
      ),
    ]);
  return {
    total,
    failing: failures,
    silent: silences,
    ending: ends
      .map((end, i) => ({ ...end, sources: ofEnding[i] ?? 0 }))
      .filter(({ sources }) => sources > 0),
    unwell: [
      ...worst.map(({ data }) => toFailing(data)),
      ...quietest
        .filter(({ data }) => data.consecutiveFailures === 0)
        .map(({ data }) => toSilent(data)),
    ],
  };
}

function toFailing(state: SourceState) {
  const since = state.lastGoodAt?.toISOString() ?? null;
  const { lastError: error } = state;
  return { ...sourceRef(state), level: "failing" as const, since, error };
}

function toSilent(state: SourceState) {
  const since = state.silentAt?.toISOString() ?? null;
  return { ...sourceRef(state), level: "silent" as const, since, error: null };
}

function sourceRef({ accountId, sourceKey, kind }: SourceState) {
  return { accountId, sourceKey, kind };
}
