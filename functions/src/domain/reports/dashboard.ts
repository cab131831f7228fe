import { z } from "zod";
import { CrmName } from "../crm/activation.ts";
import { stamps, type Unstamped } from "../kernel/document.ts";
import { toDateText, Instant, minuteMs } from "../kernel/instant.ts";
import { toRecord } from "../kernel/records.ts";
import { Opportunity } from "../cards/opportunity.ts";

/** Accounts that a day names; those with the most cards, where there are more. */
const maxAccounts = 2_000;

/** The time to card that is promised; a bound of the buckets, so that whether it is kept is told exactly. */
export const timeToCardTargetMs = 15 * minuteMs;

/**
 * The upper bounds of the times to card, in milliseconds: 15 minutes × 2^(k/2) for k from −20 (0.9 s) to 20
 * (10.7 days). A time belongs to the first bound that it does not exceed, or to one bucket more behind the
 * last. They never change, so that days are added up by adding their counts; a percentile read from them is
 * at most 42 % too high, never too low.
 */
export const timeToCardBoundsMs: readonly number[] = Array.from(
  { length: 41 },
  (_, i) => Math.round(timeToCardTargetMs * 2 ** ((i - 20) / 2)),
);

const count = z.int().nonnegative();
const counts = z.record(z.string(), count);

/** Of the cards of a day, what became of them in one CRM, as far as their status tells: of one that reached a part of its CRMs alone it does not tell which (`unclear`). */
const CrmCounts = z.object({ done: count, failed: count, unclear: count });

/** What a day says of a CRM that came after it. */
const none = { done: 0, failed: 0, unclear: 0 };

/** The cards that were first presented on one UTC day, and what has become of them; recomputed from them whenever one of them changes. */
export const DashboardDay = z.object({
  ...stamps,
  day: z.iso.date(),
  cards: count,
  /** A card of several sources counts once for each. */
  bySource: counts,
  byCategory: counts,
  /** By the account's id: names are for those alone who see the account. */
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
  /** Cards by how long they took from the first word of their signal, in the buckets of `timeToCardBoundsMs`. */
  timeToCard: z.array(count).length(timeToCardBoundsMs.length + 1),
  activations: z.record(CrmName, CrmCounts.default(none)),
  /** Cards with evidence and all six factors of their score; of these, with an asset or a playbook as well. */
  explained: count,
  equipped: count,
  /** False where the day had more cards than one recount reads. */
  complete: z.boolean(),
});
export type DashboardDay = z.infer<typeof DashboardDay>;

/** How far the days are folded, and how many accounts are watched. */
export const DashboardOverview = z.object({
  ...stamps,
  /** What was changed before is in the days. */
  checkpoint: Instant,
  accountsWatched: count,
});
export type DashboardOverview = z.infer<typeof DashboardOverview>;

/** As much of a card as a day is counted from; what else it holds is not read. */
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

/** The day, counted from all of its cards: the same in whatever order they come. */
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

  /** An activation settles in every connected CRM at once, so that the status tells the same of each. */
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

/** How often each is there, in the order of names. */
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
