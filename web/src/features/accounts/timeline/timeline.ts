import type { Activation } from "../../../../../functions/src/domain/crm/activation.ts";
import type { DecisionRecord } from "../../../../../functions/src/domain/signals/decisionRecord.ts";
import type { InboxItem } from "../../../../../functions/src/domain/cards/inbox.ts";
import type { HistoryEntry } from "../../../../../functions/src/domain/cards/opportunity.ts";
import type { Signal } from "../../../../../functions/src/domain/signals/signal.ts";
import type { WithId } from "../../../lib/firestore/live.ts";
import type { EntryKind } from "../search.ts";

/** One thing that happened at an account. */
export type Entry = {
  /** Unique in the timeline. */
  readonly key: string;
  readonly at: Date;
} & (
  | { readonly kind: "signal"; readonly signal: WithId<Signal> }
  | {
      readonly kind: "card" | "decision";
      readonly card: WithId<InboxItem>;
      /** Null where only the card's status is known. */
      readonly step: WithId<HistoryEntry> | null;
    }
  | { readonly kind: "drop"; readonly record: WithId<DecisionRecord> }
  | {
      readonly kind: "crm";
      readonly activation: WithId<Activation>;
      /** Null where the card was not read. */
      readonly card: WithId<InboxItem> | null;
    }
);

/** A list, the newest first, as far as it was read. */
interface ListSoFar<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
}

export interface Parts {
  /** By `receivedAt`. */
  readonly signals: ListSoFar<WithId<Signal>>;
  /** By `updatedAt`. */
  readonly cards: ListSoFar<WithId<InboxItem>>;
  /** By `updatedAt`. */
  readonly records: ListSoFar<WithId<DecisionRecord>>;
  /** By `updatedAt`. */
  readonly activations: ListSoFar<WithId<Activation>>;
  /** The steps of cards, of as many as they were read for. */
  readonly histories: ReadonlyMap<string, readonly WithId<HistoryEntry>[]>;
}

interface Timeline {
  readonly entries: readonly Entry[];
  /** The lists that have to be read on before older entries can be shown; none where everything is here. */
  readonly wanting: readonly ListName[];
}

type ListName = Exclude<keyof Parts, "histories">;

const listByKind: Readonly<Record<EntryKind, ListName>> = {
  signal: "signals",
  card: "cards",
  decision: "cards",
  drop: "records",
  crm: "activations",
};

/**
 * What happened, the newest first, as far back as it is known of every kind that is asked for: what is
 * older than the last entry read of one list is left out until that list was read on, so that nothing
 * comes in between later. A card changes when its history grows, hence no step is newer than its card.
 */
export function buildTimeline(
  parts: Parts,
  kinds: readonly EntryKind[],
): Timeline {
  const lists = [...new Set(kinds.map((kind) => listByKind[kind]))];
  const reached = new Map(
    lists.flatMap((name) => {
      const end = listEnd(parts, name);
      return end === null ? [] : [[name, end] as const];
    }),
  );
  const horizon = Math.max(-Infinity, ...reached.values());
  const entries = lists
    .flatMap((name) => listEntries(parts, name))
    .filter(({ kind, at }) => kinds.includes(kind) && at.getTime() >= horizon)
    .sort(newestFirst);
  const wanting = [...reached]
    .filter(([, end]) => end === horizon)
    .map(([name]) => name);
  return { entries, wanting };
}

/** Entries in runs of one day each, in their order; `dayOf` says which day a moment belongs to where the reader is. */
export function byDay(
  entries: readonly Entry[],
  dayOf: (at: Date) => string,
): readonly { readonly day: string; readonly entries: readonly Entry[] }[] {
  const days: { readonly day: string; readonly entries: Entry[] }[] = [];
  for (const entry of entries) {
    const day = dayOf(entry.at);
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}

/** How far back a list was read; null where there is nothing more of it. */
function listEnd(parts: Parts, name: ListName): number | null {
  if (!parts[name].hasMore) return null;
  const last =
    name === "signals"
      ? parts.signals.items.at(-1)?.receivedAt
      : parts[name].items.at(-1)?.updatedAt;
  return last?.getTime() ?? Infinity;
}

function listEntries(parts: Parts, name: ListName): readonly Entry[] {
  switch (name) {
    case "signals":
      return parts.signals.items.map((signal) => ({
        key: `signal ${signal.id}`,
        kind: "signal",
        at: signal.receivedAt,
        signal,
      }));
    case "records":
      return parts.records.items
        .filter(({ verdict }) => verdict !== "kept")
        .map((record) => ({
          key: `drop ${record.id}`,
          kind: "drop",
          at: record.updatedAt,
          record,
        }));
    case "activations":
      return parts.activations.items.map((activation) => ({
        key: `crm ${activation.id}`,
        kind: "crm",
        at: activation.updatedAt,
        activation,
        card:
          parts.cards.items.find(({ id }) => id === activation.opportunityId) ??
          null,
      }));
    case "cards":
      return parts.cards.items.flatMap((card) =>
        cardEntries(card, parts.histories.get(card.id)),
      );
  }
}

function cardEntries(
  card: WithId<InboxItem>,
  steps: readonly WithId<HistoryEntry>[] | undefined,
): readonly Entry[] {
  if (steps === undefined)
    return [
      {
        key: `card ${card.id}`,
        kind: "card",
        at: card.updatedAt,
        card,
        step: null,
      },
    ];
  return steps.filter(isShownStep).map((step) => ({
    key: `card ${card.id} ${step.id}`,
    kind: step.by.startsWith("system:") ? "card" : "decision",
    at: step.at,
    card,
    step,
  }));
}

/** What the CRMs' own entries say better is left to them. */
function isShownStep({ to, what }: HistoryEntry): boolean {
  return ![
    "activating",
    "activated",
    "partially_activated",
    "activation_failed",
    "not_connected",
  ].some((status) => to === status && what.startsWith(status));
}

function newestFirst(a: Entry, b: Entry): number {
  return b.at.getTime() - a.at.getTime() || (a.key < b.key ? -1 : 1);
}
