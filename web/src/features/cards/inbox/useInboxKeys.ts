import type { InboxItem } from "../../../../../functions/src/domain/cards/inbox.ts";
import { useKeys } from "../../../lib/page/keys.ts";
import type { WithId } from "../../../lib/firestore/live.ts";
import type { InboxActions } from "./useInboxActions.ts";

/** What the keys do in the inbox; `KeyHelp` lists them. */
export function useInboxKeys({
  items,
  index,
  actions: { canSelect, select, toggle, act },
  onGo,
  onOpen,
  onHelp,
}: {
  readonly items: readonly WithId<InboxItem>[];
  /** The place of the active card; -1 where none is. */
  readonly index: number;
  readonly actions: InboxActions;
  readonly onGo: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly onHelp: () => void;
}): void {
  const active = items[index];
  const step = (by: number) => () => {
    const next = items[Math.max(0, Math.min(items.length - 1, index + by))];
    if (next !== undefined) onGo(next.id);
  };
  const acting = (kind: Parameters<typeof act>[0]) => () => {
    act(kind);
  };
  useKeys({
    j: step(1),
    ArrowDown: step(1),
    k: step(-1),
    ArrowUp: step(-1),
    Enter: () => {
      if (active !== undefined) onOpen(active.id);
    },
    a: acting("approve"),
    r: acting("reject"),
    e: acting("refine"),
    s: acting("snooze"),
    x: () => {
      if (active !== undefined && canSelect) toggle(active.id);
    },
    Escape: () => {
      select([]);
    },
    "/": () => document.getElementById("inbox-search")?.focus(),
    "?": onHelp,
  });
}
