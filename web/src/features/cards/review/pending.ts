import { useSyncExternalStore } from "react";
import type { InboxItem } from "../../../../../functions/src/domain/cards/inbox.ts";

/** Where a card stands by what was decided here, until the database says the same. */
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

/** Notes where a card will stand; null forgets it. */
export function setPending(id: string, state: Pending | null): void {
  const next = new Map(pending);
  if (state === null) next.delete(id);
  else next.set(id, state);
  pending = next;
  for (const watcher of watchers) watcher();
}

/** Everything that was decided here and has not come back yet. */
export function usePending(): ReadonlyMap<string, Pending> {
  return useSyncExternalStore(watch, () => pending);
}

type Standing = Pick<InboxItem, "status" | "version"> & {
  readonly id: string;
};

/** Whether the card is as the database has it, though something else was decided here. */
export function isAhead(
  item: Standing,
  decided: ReadonlyMap<string, Pending>,
): boolean {
  const own = decided.get(item.id);
  return (
    own !== undefined && (own.version === null || own.version > item.version)
  );
}
