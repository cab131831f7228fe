import type { DashboardDay } from "../../../../functions/src/domain/reports/dashboard.ts";
import {
  type Dashboard,
  mergeDays,
  type Target,
  toTargets,
} from "../../../../functions/src/domain/reports/dashboardSum.ts";
import type { Unstamped } from "../../../../functions/src/domain/kernel/document.ts";
import { toDateText } from "../../../../functions/src/domain/kernel/instant.ts";

type Day = Unstamped<DashboardDay>;

/** Below so many decisions no acceptance rate is given. */
export const enoughDecided = 20;

/** Seven UTC days in figures; rates are null where there is nothing to take one of. */
export interface Week {
  /** `yyyy-mm-dd`, both within the week. */
  readonly first: string;
  readonly last: string;
  readonly cards: number;
  readonly cardsPerAccount: number | null;
  readonly decided: number;
  readonly acceptance: number | null;
}

/** The last `weeks` weeks, the oldest first; the last one ends today, so that each is complete. */
export function toWeeks(
  days: readonly Day[],
  accountsWatched: number,
  { weeks, today }: { readonly weeks: number; readonly today: number },
): readonly Week[] {
  return Array.from({ length: weeks }, (_, i) => {
    const last = today - 7 * (weeks - 1 - i);
    const merged = mergeDays(daysWithin(days, last - 6, last), 1);
    return {
      first: toDateText(last - 6),
      last: toDateText(last),
      cards: merged.cards,
      cardsPerAccount:
        accountsWatched === 0 ? null : merged.cards / accountsWatched,
      decided: countDecided(merged),
      acceptance: merged.acceptance,
    };
  });
}

/** The same weeks as one. */
export function toPeriod(
  days: readonly Day[],
  { weeks, today }: { readonly weeks: number; readonly today: number },
): Dashboard {
  return mergeDays(daysWithin(days, today - 7 * weeks + 1, today), weeks);
}

/** How many cards were accepted or rejected. */
export function countDecided({
  byStatus,
}: Pick<Dashboard, "byStatus">): number {
  return byStatus.accepted + byStatus.rejected;
}

/** A target as it is shown: with too few decisions it is neither met nor missed. */
export interface DisplayedTarget extends Omit<Target, "reason"> {
  readonly reason: Target["reason"] | "too-few-decided";
}

/** The seven targets against the figures; `stuck` null: it could not be asked. */
export function displayedTargets(
  merged: Dashboard,
  accountsWatched: number,
  stuck: number | null,
): readonly DisplayedTarget[] {
  const decided = countDecided(merged);
  return toTargets(merged, accountsWatched, stuck).map((target) =>
    target.id === "KPI-02" && decided > 0 && decided < enoughDecided
      ? { ...target, value: null, met: null, reason: "too-few-decided" }
      : target,
  );
}

/** The most frequent first, then by name; what is beyond `most` is left out. */
export function mostFrequent(
  counts: Readonly<Record<string, number>>,
  most: number,
): readonly (readonly [string, number])[] {
  return Object.entries(counts)
    .toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, most);
}

function daysWithin(
  days: readonly Day[],
  first: number,
  last: number,
): readonly Day[] {
  const [from, to] = [toDateText(first), toDateText(last)];
  return days.filter(({ day }) => day >= from && day <= to);
}
