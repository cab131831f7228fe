import * as at from "../../domain/collections.ts";
import { RetryableError } from "../../domain/kernel/errors.ts";
import { SignalId, type TenantId } from "../../domain/kernel/ids.ts";
import type { Asset, Playbook } from "../../domain/cards/library.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import type { Job } from "../../ports/stage.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Hit } from "../../ports/vectors.ts";
import type { Read } from "../../ports/store.ts";

/** Below this cosine similarity two texts merely share a language. */
const minSimilarity = 0.35;
/** Runs that failed before a card is written without what the index knows. */
const patience = 2;
const maxSignals = 2;
const maxAssets = 3;

/** What fits a signal: earlier signals of the same account, assets, the playbook; and what could not be looked up. */
export interface Related {
  readonly signals: readonly Read<Signal>[];
  readonly assets: readonly Read<Asset>[];
  readonly playbook: Read<Playbook> | null;
  readonly gaps: readonly string[];
}

interface Wanted {
  readonly tenantId: TenantId;
  readonly job: Job<"signal-qualified">;
  readonly main: Read<Signal> | undefined;
  /** The card's own signals, which are not related but meant. */
  readonly known: readonly string[];
}

/** Looks up what fits; a vector index that keeps failing leaves a gap on the card, never a missing card. */
export async function related(
  { tenantId, job, main, known }: Wanted,
  deps: Pick<Deps, "store" | "embedder" | "vectors" | "log">,
): Promise<Related> {
  const { playbookId, accountId } = job.payload;
  const gaps: string[] = [];
  const [playbook, hits] = await Promise.all([
    playbookId === null
      ? null
      : deps.store.read(at.playbook(tenantId, playbookId)),
    search(),
  ]);
  if (main === undefined) return { signals: [], assets: [], playbook, gaps };
  const others = hits.signals.filter((hit) => !known.includes(hit.of));
  const [signals, assets] = await Promise.all([
    deps.store.readAll(
      best(others, maxSignals).map((id) =>
        at.signal(tenantId, SignalId.parse(id)),
      ),
      "leave-out",
    ),
    assetsFor(tenantId, main.data, best(hits.assets, maxAssets), deps),
  ]);
  return {
    signals: signals.filter((read) => read !== null),
    assets,
    playbook,
    gaps,
  };

  async function search(): Promise<{
    readonly signals: readonly Hit[];
    readonly assets: readonly Hit[];
  }> {
    if (main === undefined) return { signals: [], assets: [] };
    try {
      const [vector = []] = await deps.embedder.embed(
        [main.data.title],
        job.signal,
      );
      const [ofAccount, ofTenant] = await Promise.all([
        deps.vectors.search(tenantId, {
          kind: "signal",
          accountId,
          vector,
          limit: 8,
        }),
        deps.vectors.search(tenantId, {
          kind: "asset",
          accountId: null,
          vector,
          limit: 5,
        }),
      ]);
      return { signals: ofAccount, assets: ofTenant };
    } catch (error) {
      if (!(error instanceof RetryableError) || job.message.attempts < patience)
        throw error;
      deps.log.write(
        "WARNING",
        "the vector index did not answer; the card is written without it",
        { messageId: job.messageId, error: error.message },
      );
      gaps.push("Related signals and assets could not be looked up.");
      return { signals: [], assets: [] };
    }
  }
}

/** Assets found by meaning, filled up with those that name the signal's category. */
async function assetsFor(
  tenantId: TenantId,
  signal: Signal,
  found: readonly string[],
  { store }: Pick<Deps, "store">,
): Promise<readonly Read<Asset>[]> {
  const byMeaning = (
    await store.readAll(
      found.map((id) => at.asset(tenantId, id)),
      "leave-out",
    )
  ).filter((read) => read?.data.active === true);
  if (byMeaning.length === maxAssets)
    return byMeaning.filter((read) => read !== null);
  const byCategory = await store.query({
    collection: at.assets(tenantId),
    where: [
      ["active", "==", true],
      ["categories", "array-contains-any", [signal.category]],
    ],
    limit: maxAssets,
  });
  const assets = new Map(
    [...byMeaning, ...byCategory]
      .filter((read) => read !== null)
      .map((read) => [read.id, read]),
  );
  return [...assets.values()].slice(0, maxAssets);
}

function best(hits: readonly Hit[], most: number): readonly string[] {
  return [
    ...new Set(
      hits.filter(({ score }) => score >= minSimilarity).map(({ of }) => of),
    ),
  ].slice(0, most);
}
