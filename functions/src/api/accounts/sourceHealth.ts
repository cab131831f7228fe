import { z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import { endsSoon, lookedAt } from "../../domain/sources/source.ts";
import type { Query } from "../../ports/store.ts";
import type { SourceState } from "../../domain/accounts/account.ts";
import type { ApiDeps } from "../http/context.ts";

/** So many of each are named; the operations page lists them all. */
const named = 20;
/** More than this are counted as so many. */
const mostCounted = 100_000;

const Unwell = z.object({
  accountId: z.string(),
  sourceKey: z.string(),
  kind: z.enum(lookedAt).nullable(),
  level: z.enum(["failing", "silent"]),
  since: z.iso.datetime().nullable().openapi({
    description:
      "Failing: when it last answered well; silent: from when on its silence is unusual.",
  }),
  error: z.string().nullable(),
});

const Ending = z.object({
  kind: z.enum(lookedAt),
  endsAt: z.iso.datetime(),
  sources: z.int(),
});

/** How the tenant's sources fare: how many there are, and which are unwell. */
export const SourcesHealth = z
  .object({
    total: z.int(),
    failing: z.int(),
    silent: z.int(),
    unwell: z.array(Unwell),
    ending: z.array(Ending).openapi({
      description:
        "Kinds of source that are looked at here and that their vendor ends soon.",
    }),
  })
  .openapi("SourcesHealth");

/** Asks for what is unwell alone, so that it costs the same however many sources are well. */
export async function sourcesHealth(
  tenantId: TenantId,
  { store, clock }: Pick<ApiDeps, "store" | "clock">,
): Promise<z.infer<typeof SourcesHealth>> {
  const collection = at.sourceStates(tenantId);
  const of = (
    where: Query<SourceState>["where"],
    orderBy: NonNullable<Query<SourceState>["orderBy"]>,
  ) => ({ collection, where, orderBy, limit: named });
  const failing = of(
    [["consecutiveFailures", ">", 0]],
    [["consecutiveFailures", "desc"]],
  );
  const silent = of([["silentAt", "<=", clock.now()]], [["silentAt", "asc"]]);
  const ends = lookedAt.flatMap((kind) => {
    const endsAt = endsSoon(kind, clock.now());
    return endsAt === null ? [] : [{ kind, endsAt: endsAt.toISOString() }];
  });
  const [total, failures, silences, worst, quietest, ...ofEnding] =
    await Promise.all([
      store.count({ collection, where: [], limit: mostCounted }),
      store.count({ ...failing, limit: mostCounted }),
      store.count({ ...silent, limit: mostCounted }),
      store.query(failing),
      store.query(silent),
      ...ends.map(({ kind }) =>
        store.count({
          collection,
          where: [["kind", "==", kind]],
          limit: mostCounted,
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
      ...worst.map(({ data }) => ({
        ...about(data),
        level: "failing" as const,
        since: data.lastGoodAt?.toISOString() ?? null,
        error: data.lastError,
      })),
      ...quietest
        .filter(({ data }) => data.consecutiveFailures === 0)
        .map(({ data }) => ({
          ...about(data),
          level: "silent" as const,
          since: data.silentAt?.toISOString() ?? null,
          error: null,
        })),
    ],
  };
}

function about({ accountId, sourceKey, kind }: SourceState) {
  return { accountId, sourceKey, kind };
}
