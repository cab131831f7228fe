import type { AccountContext } from "../../domain/accounts/account.ts";
import type { Unstamped } from "../../domain/kernel/document.ts";
import { toDay } from "../../domain/kernel/instant.ts";
import { earlier, happenedAt } from "../../domain/signals/occurrence.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import type { Read } from "../../ports/store.ts";

/** How many of an account's latest signals its context lists. */
const maxLastSignals = 5;

interface Weighed extends Pick<
  AccountContext,
  "accountId" | "audience" | "parts" | "categories" | "intent" | "holds"
> {
  readonly unfolded: readonly Read<Signal>[];
  readonly now: Date;
}

/** An account's context after these signals have been weighed. */
export function toContext(
  context: Read<AccountContext> | null,
  { unfolded, now, ...weighed }: Weighed,
): Unstamped<AccountContext> {
  const before = context?.data;
  const times = [
    ...unfolded.map(({ data }) => happenedAt(data)),
    ...(before?.lastSignalAt ? [before.lastSignalAt] : []),
  ].map((at) => earlier(at, now));
  return {
    ...weighed,
    intentDay: toDay(now),
    signals: (before?.signals ?? 0) + unfolded.length,
    lastSignalAt: new Date(Math.max(...times.map((time) => time.getTime()))),
    lastSignals: toLastSignals(unfolded, before?.lastSignals ?? [], now),
  };
}

function toLastSignals(
  unfolded: readonly Read<Signal>[],
  before: AccountContext["lastSignals"],
  now: Date,
): AccountContext["lastSignals"] {
  const added = unfolded.map(({ id, data }) => ({
    id,
    title: data.title,
    category: data.category,
    occurredAt: happenedAt(data),
    url: data.url,
  }));
  return [...added, ...before]
    .map((one) => ({ ...one, occurredAt: earlier(one.occurredAt, now) }))
    .sort(
      (a, b) =>
        b.occurredAt.getTime() - a.occurredAt.getTime() ||
        a.id.localeCompare(b.id),
    )
    .slice(0, maxLastSignals);
}
