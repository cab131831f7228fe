import type { Opportunity } from "../../domain/cards/opportunity.ts";
import * as at from "../../domain/collections.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import { SignalId, type TenantId } from "../../domain/kernel/ids.ts";
import { happenedAt } from "../../domain/signals/occurrence.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Job } from "../../ports/stage.ts";
import type { Read } from "../../ports/store.ts";
import { readText } from "../snapshots.ts";
import { findRelated } from "./findRelated.ts";
import type { CardMaterial, SourceText } from "./writeCard.ts";

/** How many of a card's own signals are read for it, newest first. */
const signalsPerCard = 6;

/** A card's signals. */
export interface CardSignals {
  /** Those that this message brings. */
  readonly own: readonly Read<Signal>[];
  /** These and the card's earlier ones, most relevant first. */
  readonly all: readonly Read<Signal>[];
}

/** The signals of a card; throws `not-found` if none of those that the message names exists. */
export async function findSignals(
  { tenantId, payload }: Job<"signal-qualified">,
  existing: Read<Opportunity> | null,
  { recent }: Pick<Deps, "recent">,
): Promise<CardSignals> {
  const ids = [
    ...new Set([...payload.signalIds, ...(existing?.data.signalIds ?? [])]),
  ];
  const reads = await Promise.all(
    ids.map((id) => recent.read(at.signal(tenantId, id))),
  );
  const all = reads
    .filter((read) => read !== null)
    .sort(
      (a, b) =>
        b.data.relevance - a.data.relevance ||
        happenedAt(b.data).getTime() - happenedAt(a.data).getTime() ||
        a.id.localeCompare(b.id),
    );
  const brought: ReadonlySet<string> = new Set(payload.signalIds);
  const own = all.filter(({ id }) => brought.has(id));
  if (own.length === 0)
    throw new PermanentError(
      "not-found",
      `The signals of ${payload.opportunityId} do not exist.`,
    );
  return { own, all: all.slice(0, signalsPerCard) };
}

/**
 * What the writer gets: the texts of the card's signals and of related ones, assets, the playbook and a person's
 * note.
 */
export async function gather(
  job: Job<"signal-qualified">,
  {
    existing,
    signals: { all },
  }: {
    readonly existing: Read<Opportunity> | null;
    readonly signals: CardSignals;
  },
  deps: Pick<Deps, "store" | "recent" | "embedder" | "vectors" | "log">,
): Promise<CardMaterial> {
  const { tenantId } = job;
  const [related, own] = await Promise.all([
    findRelated(job, all, deps),
    readTexts(tenantId, all, deps),
  ]);
  const { signals, assets, playbook, gaps } = related;
  const others = await readTexts(tenantId, signals, deps);
  const state = existing?.data.state;
  const note = state?.status === "draft" ? state.note : null;
  return { sources: [...own, ...others], assets, playbook, gaps, note };
}

function readTexts(
  tenantId: TenantId,
  signals: readonly Read<Signal>[],
  deps: Pick<Deps, "recent">,
): Promise<readonly SourceText[]> {
  return Promise.all(
    signals.map(async ({ id, data }) => ({
      id: SignalId.parse(id),
      data,
      text: await readText(tenantId, data.snapshotId, deps.recent),
    })),
  );
}
