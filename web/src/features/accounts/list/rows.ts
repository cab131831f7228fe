import type { Account } from "../../../../../functions/src/domain/accounts/account.ts";
import type { WithId } from "../../../lib/firestore/live.ts";
import type { Figures, KnownContext } from "../figures/figures.ts";
import type { AccountsSearch, SortBy } from "../search.ts";

/** An account as the list shows it. */
export interface Row {
  readonly account: WithId<Account>;
  readonly known: KnownContext | null;
  readonly figures: Figures;
}

/** The rows that match the search, in its order. Every word of `q` must occur in the name, an alias or a domain. */
export function filterAndSort(
  rows: readonly Row[],
  { q, owner, sort = "health", reverse = false }: AccountsSearch,
): readonly Row[] {
  const words = (q ?? "").toLocaleLowerCase().split(/\s+/);
  const compare = comparators[sort];
  return rows
    .filter(({ account: { name, aliases, domains, owners } }) => {
      const text = [name, ...aliases, ...domains].join(" ").toLocaleLowerCase();
      return (
        words.every((word) => text.includes(word)) &&
        (owner === undefined || owners.some((uid) => uid === owner))
      );
    })
    .sort((a, b) => (reverse ? -compare(a, b) : compare(a, b)) || byName(a, b));
}

/** Those that need attention first: the worst health, the highest intent, the newest signal. */
const comparators: Readonly<Record<SortBy, (a: Row, b: Row) => number>> = {
  health: (a, b) => a.figures.health.score - b.figures.health.score,
  intent: (a, b) => b.figures.intent - a.figures.intent,
  trend: (a, b) => b.figures.trend - a.figures.trend,
  name: byName,
  signal: (a, b) => lastSignalMs(b) - lastSignalMs(a),
};

/** Which way each order goes unless it is reversed. */
export const usualOrder: Readonly<Record<SortBy, "ascending" | "descending">> =
  {
    health: "ascending",
    intent: "descending",
    trend: "descending",
    name: "ascending",
    signal: "descending",
  };

function byName(a: Row, b: Row): number {
  return (
    a.account.name.localeCompare(b.account.name) ||
    (a.account.id < b.account.id ? -1 : 1)
  );
}

function lastSignalMs({ known }: Row): number {
  return known?.lastSignalAt?.getTime() ?? 0;
}
