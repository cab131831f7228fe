import { useEffect, useState } from "react";
import type { InboxItem } from "../../../../../functions/src/domain/cards/inbox.ts";
import type { WithId } from "../../../lib/firestore/live.ts";

/** Keeps a card open: when the open one leaves the list, the one that takes its place is opened; where there is room, one always is. */
export function useOpenCard({
  items,
  card,
  isReady,
  isWide,
  onOpen,
}: {
  readonly items: readonly WithId<InboxItem>[];
  readonly card: string | null;
  readonly isReady: boolean;
  readonly isWide: boolean;
  readonly onOpen: (id: string | undefined) => void;
}): void {
  const [place, setPlace] = useState<{
    readonly id: string;
    readonly index: number;
  } | null>(null);
  useEffect(() => {
    if (!isReady) return;
    const index = items.findIndex(({ id }) => id === card);
    if (index >= 0 && card !== null) {
      setPlace((before) =>
        before?.id === card && before.index === index
          ? before
          : { id: card, index },
      );
      return;
    }
    const wasHere = place !== null && place.id === card;
    if (!wasHere && !(isWide && card === null)) return;
    const next = items[Math.min(wasHere ? place.index : 0, items.length - 1)];
    // Navigating to the same address would still cancel a navigation to another page.
    if (next !== undefined || card !== null) onOpen(next?.id);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only the list's and the choice's changes ask for it.
  }, [items, card, isReady, isWide]);
}
