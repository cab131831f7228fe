import { z } from "zod";
import { CrmName } from "../crm/activation.ts";
import { stamps, type Unstamped } from "../kernel/document.ts";
import { toDateText, Instant, minuteMs } from "../kernel/instant.ts";
import { toRecord } from "../kernel/records.ts";
import { Opportunity } from "../cards/opportunity.ts";

/** The most accounts that a day names; beyond that, those with the most cards. */
const maxAccounts = 2_000;

/** The promised time to card; one of the bucket bounds, so that whether it is met can be told exactly. */
export const timeToCardTargetMs = 15 * minuteMs;

/**
 * The upper bounds of the times to card, in milliseconds: 15 minutes × 2^(k/2) for k from −20 (0.9 s) to 20 (10.7
 * days). A time belongs to the first bound that it does not exceed, or to an extra bucket after the last. The bounds
 * never change, so that days are merged by adding their counts; a percentile read from them is at most 42 % too high,
 * never too low.
 */
export const timeToCardBoundsMs: readonly number[] = Array.from(
  { length: 41 },
  (_, i) => Math.round(timeToCardTargetMs * 2 ** ((i - 20) / 2)),
);

const count = z.int().nonnegative();
const counts = z.record(z.string(), count);

/**
 * The results of a day's cards in one CRM, derived from their status: for a card that reached only some of its CRMs,
 * the status does not tell which (`unclear`).
 */
const CrmCounts = z.object({ done: count, failed: count, unclear: count });

/** A day's counts for a CRM that was introduced after it. */
const none = { done: 0, failed: 0, unclear: 0 };

/**
 * The cards first presented on one UTC day, and their current state; recomputed from them whenever one of them
 * changes.
 */
export const DashboardDay = z.object({
  ...stamps,
  day: z.iso.date(),
  cards: count,
  /** A card with several sources counts once for each. */
  bySource: counts,
  byCategory: counts,
  /** By account id: only those who see an account may see its name. */
  byAccount: counts,
  byStatus: z.object({
    open: count,
    accepted: count,
    rejected: count,
    snoozed: count,
    expired: count,
  }),
  /** Rejected cards by reason. */
  rejectedFor: counts,
  /** Cards by the time since their signal was first received, in the buckets of `timeToCardBoundsMs`. */
  timeToCard: z.array(count).length(timeToCardBoundsMs.length + 1),
  activations: z.record(CrmName, CrmCounts.default(none)),
  /**
   * Cards with evidence and all six factors of their score; and those of them that also have an asset or a playbook.
   */
  explained: count,
  equipped: count,
  /** False where the day had more cards than one recount reads. */
  complete: z.boolean(),
});
export type DashboardDay = z.infer<typeof DashboardDay>;

/** How far the days have been folded, and how many accounts are watched. */
export const DashboardOverview = z.object({
  ...stamps,
  /** Every earlier change is in the days. */
  checkpoint: Instant,
  accountsWatched: count,
});
export type DashboardOverview = z.infer<typeof DashboardOverview>;

/** The fields of a card that a day counts; no others are read. */
export const CountedCard = Opportunity.pick({
  accountId: true,
  category: true,
  sources: true,
  state: true,
  receivedAt: true,
  createdAt: true,
}).extend({
  card: z.object({
    score: z.object({ factors: z.array(z.unknown()) }),
    evidence: z.array(z.unknown()),
    assets: z.array(z.unknown()),
    playbook: z.unknown(),
  }),
});
export type CountedCard = z.infer<typeof CountedCard>;

const factorsOfScore = 6;

/** A day counted from all of its cards: the same in whatever order they come. */
export function toDashboardDay(
  day: number,
  cards: readonly CountedCard[],
  { complete }: { readonly complete: boolean },
): Unstamped<DashboardDay> {
  const statuses = cards.map(({ state }) => state.status);
  const groups = statuses.map((status) => groupOf[status]);
  const countGroup = (group: (typeof groups)[number]) =>
    groups.filter((one) => one === group).length;
  const explained = cards.filter(
    ({ card: { score, evidence } }) =>
      evidence.length > 0 && score.factors.length === factorsOfScore,
  );
  const equipped = explained.filter(
    ({ card: { assets, playbook } }) => assets.length > 0 || playbook !== null,
  );
  return {
    day: toDateText(day),
    cards: cards.length,
    bySource: tally(cards.flatMap(({ sources }) => [...new Set(sources)])),
    byCategory: tally(cards.map(({ category }) => category)),
    byAccount: most(tally(cards.map(({ accountId }) => accountId))),
    byStatus: {
      open: countGroup("open"),
      accepted: countGroup("accepted"),
      rejected: countGroup("rejected"),
      snoozed: countGroup("snoozed"),
      expired: countGroup("expired"),
    },
    rejectedFor: tally(
      cards.flatMap(({ state }) =>
        state.status === "rejected" ? [state.reason] : [],
      ),
    ),
    timeToCard: countTimes(cards),
    activations: toRecord(CrmName.options, countCrm),
    explained: explained.length,
    equipped: equipped.length,
    complete,
  };

  /** An activation settles in every connected CRM at once, so that the status says the same about each. */
  function countCrm(crm: CrmName): z.infer<typeof CrmCounts> {
    const withOutcome = (wanted: (typeof statuses)[number]) =>
      cards.filter(
        ({ state }) =>
          state.status === wanted &&
          (!("crms" in state) || (state.crms?.includes(crm) ?? true)),
      ).length;
    return {
      done: withOutcome("activated"),
      failed: withOutcome("activation_failed"),
      unclear: withOutcome("partially_activated"),
    };
  }
}

const groupOf = {
  draft: "open",
  in_review: "open",
  approved: "accepted",
  activating: "accepted",
  activated: "accepted",
  partially_activated: "accepted",
  activation_failed: "accepted",
  not_connected: "accepted",
  rejected: "rejected",
  snoozed: "snoozed",
  expired: "expired",
} as const satisfies Readonly<
  Record<CountedCard["state"]["status"], keyof DashboardDay["byStatus"]>
>;

function countTimes(cards: readonly CountedCard[]): number[] {
  const buckets = Array.from(
    { length: timeToCardBoundsMs.length + 1 },
    () => 0,
  );
  for (const { createdAt, receivedAt } of cards) {
    const ms = createdAt.getTime() - receivedAt.getTime();
    const first = timeToCardBoundsMs.findIndex((bound) => ms <= bound);
    const bucket = first === -1 ? timeToCardBoundsMs.length : first;
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  return buckets;
}

/** How often each name occurs, in the order of names. */
function tally(names: readonly string[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const name of names.toSorted())
    sums.set(name, (sums.get(name) ?? 0) + 1);
  return Object.fromEntries(sums);
}

function most(sums: Readonly<Record<string, number>>): Record<string, number> {
  const ordered = Object.entries(sums).sort(
    ([a, n], [b, m]) => m - n || (a < b ? -1 : 1),
  );
  const kept = ordered
    .slice(0, maxAccounts)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(kept);
}
