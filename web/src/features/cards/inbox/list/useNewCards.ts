import { useEffect, useRef, useState } from "react";
import type { InboxItem } from "../../../../../../functions/src/domain/cards/inbox.ts";
import type { Found } from "../../../../lib/firestore/live.ts";

/** How long a card that came while one looked is marked as new. */
const markedMs = 60_000;

/** The cards that came while the page was open, in the last minute. */
export function useFresh(
  items: readonly Found<InboxItem>[],
): ReadonlySet<string> {
  const openedAt = useRef(Date.now());
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const now = Date.now();
    const came = items.filter(
      ({ createdAt }) =>
        createdAt.getTime() > openedAt.current &&
        now - createdAt.getTime() < markedMs,
    );
    setFresh((before) =>
      before.size === came.length && came.every(({ id }) => before.has(id))
        ? before
        : new Set(came.map(({ id }) => id)),
    );
    if (came.length === 0) return undefined;
    const forgetting = setTimeout(() => {
      setFresh(new Set());
    }, markedMs);
    return () => {
      clearTimeout(forgetting);
    };
  }, [items]);
  return fresh;
}
