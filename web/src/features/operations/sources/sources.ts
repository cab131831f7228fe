import type { SourceState } from "../../../../../functions/src/domain/accounts/account.ts";
import {
  toSourceLevel,
  type SourceLevel,
} from "../../../../../functions/src/domain/accounts/sourceHealth.ts";

const rank: Readonly<Record<SourceLevel, number>> = {
  failing: 0,
  silent: 1,
  healthy: 2,
};

/** The worst first: most failures, then the silent ones, the longest without a successful poll before the others. */
export function worstFirst<T extends SourceState>(
  states: readonly T[],
  now: Date,
): readonly T[] {
  return states.toSorted(
    (a, b) =>
      rank[toSourceLevel(a, now)] - rank[toSourceLevel(b, now)] ||
      b.consecutiveFailures - a.consecutiveFailures ||
      (a.lastGoodAt?.getTime() ?? 0) - (b.lastGoodAt?.getTime() ?? 0),
  );
}

/** How many there are of each. */
export function countLevels(
  states: readonly SourceState[],
  now: Date,
): Readonly<Record<SourceLevel, number>> {
  const counts = { failing: 0, silent: 0, healthy: 0 };
  for (const state of states) counts[toSourceLevel(state, now)] += 1;
  return counts;
}
