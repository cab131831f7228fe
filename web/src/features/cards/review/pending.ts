import { useSyncExternalStore } from "react";
import type { InboxItem } from "../../../../../functions/src/domain/cards/inbox.ts";

/** A card's status by what was decided here, until the database says the same. */
interface Pending {
  readonly status: string;
  /** The version that the API answered; null while it has not. */
  readonly version: number | null;
  readonly undoUntil: Date | null;
}

let pending: ReadonlyMap<string, Pending> = new Map();
const watchers = new Set<() => void>();

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Notes the status that a card will have; null forgets it. */
export function setPending(id: string, state: Pending | null): void {
  const next = new Map(pending);
  if (state === null) next.delete(id);
  else next.set(id, state);
  pending = next;
  for (const watcher of watchers) watcher();
}

/** Everything decided here that the database does not show yet. */
export function usePending(): ReadonlyMap<string, Pending> {
  return useSyncExternalStore(watch, () => pending);
}

type CardVersion = Pick<InboxItem, "status" | "version"> & {
  readonly id: string;
};

/** Whether what was decided here is ahead of what the database shows. */
export function isAhead(
  item: CardVersion,
  decided: ReadonlyMap<string, Pending>,
): boolean {
  const own = decided.get(item.id);
  return (
    own !== undefined && (own.version === null || own.version > item.version)
  );
}
