import type { Asset, Playbook } from "../../domain/cards/library.ts";
import * as at from "../../domain/collections.ts";
import { RetryableError } from "../../domain/kernel/errors.ts";
import { SignalId, type TenantId } from "../../domain/kernel/ids.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Job } from "../../ports/stage.ts";
import type { Read } from "../../ports/store.ts";
import type { Hit } from "../../ports/vectors.ts";

/** Below this cosine similarity, two texts have little in common but their language. */
const minSimilarity = 0.35;
/** Failed runs after which a card is written without the vector index. */
const patience = 2;
const maxSignals = 2;
const maxAssets = 3;

/**
 * What fits a card's signals (earlier signals of the account, assets, the playbook), and what could not be looked up.
 */
export interface Related {
  readonly signals: readonly Read<Signal>[];
  readonly assets: readonly Read<Asset>[];
  readonly playbook: Read<Playbook> | null;
  readonly gaps: readonly string[];
}

type Needs = Pick<Deps, "store" | "recent" | "embedder" | "vectors" | "log">;

/**
 * Looks up what fits a card's signals, the main one first. A vector index that keeps failing leaves a gap on the
 * card; it never costs the card.
 */
export async function findRelated(
  job: Job<"signal-qualified">,
  [main, ...others]: readonly Read<Signal>[],
  deps: Needs,
): Promise<Related> {
  const { tenantId, payload } = job;
  const { playbookId } = payload;
  const [playbook, hits] = await Promise.all([
    playbookId === null
      ? null
      : deps.recent.read(at.playbook(tenantId, playbookId)),
    main === undefined ? noHits : search(job, main.data.title, deps),
  ]);
  const { gaps } = hits;
  if (main === undefined) return { signals: [], assets: [], playbook, gaps };
  const own = new Set([main, ...others].map(({ id }) => id));
  const near = hits.signals.filter((hit) => !own.has(hit.of));
  const [signals, assets] = await Promise.all([
    deps.store.readAll(
      nearest(near, maxSignals).map((id) =>
        at.signal(tenantId, SignalId.parse(id)),
      ),
      "leave-out",
    ),
    findAssets(
      tenantId,
      {
        category: main.data.category,
        byMeaning: nearest(hits.assets, maxAssets),
      },
      deps,
    ),
  ]);
  return {
    signals: signals.filter((read) => read !== null),
    assets,
    playbook,
    gaps,
  };
}

interface Hits {
  readonly signals: readonly Hit[];
  readonly assets: readonly Hit[];
  readonly gaps: readonly string[];
}

const noHits: Hits = { signals: [], assets: [], gaps: [] };

/** What the vector index finds near a title. */
async function search(
  {
    tenantId,
    messageId,
    message,
    payload,
    abortSignal,
  }: Job<"signal-qualified">,
  title: string,
  deps: Needs,
): Promise<Hits> {
  const { accountId } = payload;
  try {
    const [vector = []] = await deps.embedder.embed([title], abortSignal);
    const [signals, assets] = await Promise.all([
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
    return { signals, assets, gaps: [] };
  } catch (error) {
    if (!(error instanceof RetryableError) || message.attempts < patience)
      throw error;
    deps.log.write(
      "WARNING",
      "the vector index did not answer; the card is written without it",
      { messageId, error: error.message },
    );
    const gap = "Related signals and assets could not be looked up.";
    return { ...noHits, gaps: [gap] };
  }
}

/** Assets found by meaning, topped up with those that name the signal's category. */
async function findAssets(
  tenantId: TenantId,
  {
    category,
    byMeaning,
  }: {
    readonly category: Signal["category"];
    readonly byMeaning: readonly string[];
  },
  { store }: Pick<Deps, "store">,
): Promise<readonly Read<Asset>[]> {
  const near = (
    await store.readAll(
      byMeaning.map((id) => at.asset(tenantId, id)),
      "leave-out",
    )
  ).filter((read) => read !== null && read.data.active);
  if (near.length === maxAssets) return near.filter((read) => read !== null);
  const ofCategory = await store.query({
    collection: at.assets(tenantId),
    where: [
      ["active", "==", true],
      ["categories", "array-contains-any", [category]],
    ],
    limit: maxAssets,
  });
  const assets = new Map(
    [...near, ...ofCategory]
      .filter((read) => read !== null)
      .map((read) => [read.id, read]),
  );
  return [...assets.values()].slice(0, maxAssets);
}

function nearest(hits: readonly Hit[], most: number): readonly string[] {
  const alike = hits.filter(({ score }) => score >= minSimilarity);
  return [...new Set(alike.map(({ of }) => of))].slice(0, most);
}
