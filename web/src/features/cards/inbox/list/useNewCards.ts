import { useEffect, useRef, useState } from "react";
import type { InboxItem } from "../../../../../../functions/src/domain/cards/inbox.ts";
import type { WithId } from "../../../../lib/firestore/live.ts";

/** How long a card that arrives while the page is open is marked as new. */
const markedMs = 60_000;

/** The ids of the cards that arrived in the last minute, while the page was open. */
export function useNewCards(
  items: readonly WithId<InboxItem>[],
): ReadonlySet<string> {
  const openedAt = useRef(Date.now());
  const [newIds, setNewIds] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const now = Date.now();
    const arrived = items.filter(
      ({ createdAt }) =>
        createdAt.getTime() > openedAt.current &&
        now - createdAt.getTime() < markedMs,
    );
    setNewIds((before) =>
      before.size === arrived.length &&
      arrived.every(({ id }) => before.has(id))
        ? before
        : new Set(arrived.map(({ id }) => id)),
    );
    if (arrived.length === 0) return undefined;
    const forgetting = setTimeout(() => {
      setNewIds(new Set());
    }, markedMs);
    return () => {
      clearTimeout(forgetting);
    };
  }, [items]);
  return newIds;
}
