import {
  type DashboardDay,
  timeToCardBoundsMs,
  timeToCardTargetMs,
} from "./dashboard.ts";
import { CrmName } from "../crm/activation.ts";
import type { Unstamped } from "../kernel/document.ts";
import { toRecord } from "../kernel/records.ts";

type Counts = Readonly<Record<string, number>>;

/** Several days combined. A share is null where its denominator is zero. */
export interface Dashboard {
  readonly weeks: number;
  readonly cards: number;
  readonly cardsPerWeek: number;
  /** Per account that had a card; the target of coverage counts all watched accounts. */
  readonly cardsPerAccountPerWeek: number | null;
  readonly accountsWithCards: number;
  /** Accepted cards as a share of those accepted or rejected. */
  readonly acceptance: number | null;
  readonly byStatus: DashboardDay["byStatus"];
  readonly bySource: Counts;
  readonly byCategory: Counts;
  readonly byAccount: Counts;
  readonly rejectedFor: Counts;
  /** The time to card that this percentage of cards did not exceed, in milliseconds; null without a card. */
  readonly timeToCard: {
    readonly p50: number | null;
    readonly p95: number | null;
  };
  readonly activations: DashboardDay["activations"];
  readonly explained: number;
  readonly equipped: number;
  readonly complete: boolean;
}

/** The combined days of the given number of weeks, in any order; days without a card may be missing. */
export function mergeDays(
  days: readonly Unstamped<DashboardDay>[],
  weeks: number,
): Dashboard {
  const sum = (of: (day: Unstamped<DashboardDay>) => number) =>
    days.reduce((total, day) => total + of(day), 0);
  const cards = sum((day) => day.cards);
  const byStatus = {
    open: sum((day) => day.byStatus.open),
    accepted: sum((day) => day.byStatus.accepted),
    rejected: sum((day) => day.byStatus.rejected),
    snoozed: sum((day) => day.byStatus.snoozed),
    expired: sum((day) => day.byStatus.expired),
  };
  const byAccount = addCounts(days.map((day) => day.byAccount));
  const accountsWithCards = Object.keys(byAccount).length;
  const times = timeToCardBoundsMs
    .map((_, i) => sum((day) => day.timeToCard[i] ?? 0))
    .concat(sum((day) => day.timeToCard[timeToCardBoundsMs.length] ?? 0));
  const sumCrm = (name: CrmName) => ({
    done: sum((day) => day.activations[name].done),
    failed: sum((day) => day.activations[name].failed),
    unclear: sum((day) => day.activations[name].unclear),
  });
  return {
    weeks,
    cards,
    cardsPerWeek: cards / weeks,
    cardsPerAccountPerWeek: share(cards, accountsWithCards * weeks),
    accountsWithCards,
    acceptance: share(byStatus.accepted, byStatus.accepted + byStatus.rejected),
    byStatus,
    bySource: addCounts(days.map((day) => day.bySource)),
    byCategory: addCounts(days.map((day) => day.byCategory)),
    byAccount,
    rejectedFor: addCounts(days.map((day) => day.rejectedFor)),
    timeToCard: { p50: percentile(times, 0.5), p95: percentile(times, 0.95) },
    activations: toRecord(CrmName.options, sumCrm),
    explained: sum((day) => day.explained),
    equipped: sum((day) => day.equipped),
    complete: days.every((day) => day.complete),
  };
}

/** One of the product's seven targets; `value` and `met` are null where it is not measured, and `reason` says why. */
export interface Target {
  readonly id: `KPI-0${1 | 2 | 3 | 4 | 5 | 6 | 7}`;
  readonly target: string;
  readonly value: number | null;
  readonly met: boolean | null;
  readonly reason: TargetReason | null;
}

/** Why a target has no value; a code, for a front end to put into words. */
type TargetReason =
  | "no-accounts"
  | "nothing-decided"
  | "outcomes-not-read"
  | "no-cards"
  | "measured-in-the-browser"
  | "not-asked";

/**
 * Coverage, relevance, conversion, time to card, propagation, reliability and explainability, in this order. `stuck`
 * is the number of automatic tasks that have been stuck for more than an hour; null: not asked.
 */
export function toTargets(
  merged: Dashboard,
  accountsWatched: number,
  stuck: number | null,
): readonly Target[] {
  const { cards, acceptance, timeToCard } = merged;
  const atLeast = (least: number) => (value: number) => value >= least;
  const atMost = (most: number) => (value: number) => value <= most;
  return [
    target("KPI-01", ">= 2 cards/account/week", {
      value: share(cards, accountsWatched * merged.weeks),
      isMet: atLeast(2),
      without: "no-accounts",
    }),
    target("KPI-02", ">= 70 % accepted", {
      value: acceptance,
      isMet: atLeast(0.7),
      without: "nothing-decided",
    }),
    target("KPI-03", ">= 20 % to pipeline", {
      value: null,
      isMet: atLeast(0.2),
      without: "outcomes-not-read",
    }),
    target("KPI-04", "p95 < 15 min", {
      value: timeToCard.p95,
      isMet: atMost(timeToCardTargetMs),
      without: "no-cards",
    }),
    target("KPI-05", "p95 <= 2 s", {
      value: null,
      isMet: atMost(2_000),
      without: "measured-in-the-browser",
    }),
    target("KPI-06", "0 stuck > 1 h", {
      value: stuck,
      isMet: atMost(0),
      without: "not-asked",
    }),
    target("KPI-07", "100 % explained", {
      value: share(merged.equipped, cards),
      isMet: atLeast(1),
      without: "no-cards",
    }),
  ];
}

function target(
  id: Target["id"],
  text: string,
  {
    value,
    isMet,
    without,
  }: {
    readonly value: number | null;
    readonly isMet: (value: number) => boolean;
    readonly without: TargetReason;
  },
): Target {
  const met = value === null ? null : isMet(value);
  return {
    id,
    target: text,
    value,
    met,
    reason: value === null ? without : null,
  };
}

/** The smallest bound that the given part of the times does not exceed; after the last bound, twice the last. */
function percentile(times: readonly number[], part: number): number | null {
  const total = times.reduce((sum, n) => sum + n, 0);
  if (total === 0) return null;
  const wanted = Math.ceil(part * total);
  let seen = 0;
  const bucket = times.findIndex((n) => (seen += n) >= wanted);
  return timeToCardBoundsMs[bucket] ?? 2 * (timeToCardBoundsMs.at(-1) ?? 0);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function addCounts(all: readonly Counts[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [name, n] of all.flatMap((counts) => Object.entries(counts)))
    sums.set(name, (sums.get(name) ?? 0) + n);
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}
