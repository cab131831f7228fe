import type { Account } from "../../../../../functions/src/domain/accounts/account.ts";
import type { Found } from "../../../lib/firestore/live.ts";
import type { Figures, Known } from "../figures/figures.ts";
import type { AccountsSearch, SortBy } from "../search.ts";

/** An account as the list shows it. */
export interface Row {
  readonly account: Found<Account>;
  readonly known: Known | null;
  readonly figures: Figures;
}

/** The rows that are asked for, in their order. Every word of `q` must occur in the name, an alias or a domain. */
export function sifted(
  rows: readonly Row[],
  { q, owner, sort = "health", reverse = false }: AccountsSearch,
): readonly Row[] {
  const words = (q ?? "").toLocaleLowerCase().split(/\s+/);
  const compare = comparing[sort];
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

/** Whoever needs somebody first: the worst health, the highest intent, the newest signal. */
const comparing: Readonly<Record<SortBy, (a: Row, b: Row) => number>> = {
  health: (a, b) => a.figures.health.score - b.figures.health.score,
  intent: (a, b) => b.figures.intent - a.figures.intent,
  trend: (a, b) => b.figures.trend - a.figures.trend,
  name: byName,
  signal: (a, b) => lastOf(b) - lastOf(a),
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

function lastOf({ known }: Row): number {
  return known?.lastSignalAt?.getTime() ?? 0;
}
