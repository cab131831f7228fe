import type { SourceState } from "../../../../functions/src/domain/account.ts";
import { dayMs } from "../../../../functions/src/domain/instant.ts";

/** Each source is looked at every hour unless an account says otherwise; one that nobody looked at for so long has been left out. */
const unseenMs = dayMs;

export type SourceLevel = "failing" | "silent" | "healthy";

/** How a source fares: `failing` since its last look, `silent` where no look came for a day or none ever found anything. */
export function levelOf(
  state: Pick<SourceState, "consecutiveFailures" | "lastLookAt" | "itemsFound">,
  now: Date,
): SourceLevel {
  if (state.consecutiveFailures > 0) return "failing";
  const isUnseen = now.getTime() - state.lastLookAt.getTime() > unseenMs;
  return isUnseen || state.itemsFound === 0 ? "silent" : "healthy";
}

const rank: Readonly<Record<SourceLevel, number>> = {
  failing: 0,
  silent: 1,
  healthy: 2,
};

/** The worst first: most failures, then those that say nothing, the longest without a good look before the others. */
export function worstFirst<T extends SourceState>(
  states: readonly T[],
  now: Date,
): readonly T[] {
  return states.toSorted(
    (a, b) =>
      rank[levelOf(a, now)] - rank[levelOf(b, now)] ||
      b.consecutiveFailures - a.consecutiveFailures ||
      (a.lastGoodAt?.getTime() ?? 0) - (b.lastGoodAt?.getTime() ?? 0),
  );
}

/** How many there are of each. */
export function levelsOf(
  states: readonly SourceState[],
  now: Date,
): Readonly<Record<SourceLevel, number>> {
  const counts = { failing: 0, silent: 0, healthy: 0 };
  for (const state of states) counts[levelOf(state, now)] += 1;
  return counts;
}
