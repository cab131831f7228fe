import { useMemo, useState } from "react";
import type { InboxItem } from "../../../../../functions/src/domain/cards/inbox.ts";
import { type ReviewKind, isOffered } from "../review/review.ts";
import { useReviews } from "../review/Reviews.tsx";
import type { WithId } from "../../../lib/firestore/live.ts";
import { useMay } from "../../../lib/session/session.ts";

export interface InboxActions {
  readonly canSelect: boolean;
  /** By id, whether they are still listed or not. */
  readonly selected: ReadonlySet<string>;
  /** The selected cards that are listed. */
  readonly chosen: readonly WithId<InboxItem>[];
  readonly select: (ids: readonly string[]) => void;
  readonly toggle: (id: string) => void;
  /** Decides on the selected cards, or where there are none on the active one; asks first where the decision needs it. */
  readonly act: (kind: ReviewKind) => void;
}

/** Which cards are selected, and what can be done with them. */
export function useInboxActions(
  items: readonly WithId<InboxItem>[],
  active: WithId<InboxItem> | undefined,
): InboxActions {
  const may = useMay();
  const { decide, ask } = useReviews();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const chosen = useMemo(
    () => items.filter(({ id }) => selected.has(id)),
    [items, selected],
  );
  const act = (kind: ReviewKind) => {
    const cards = (chosen.length > 0 ? chosen : active ? [active] : []).filter(
      (item) => isOffered(kind, item, may),
    );
    const [first, ...others] = cards;
    if (first === undefined) return;
    if (kind === "approve" && others.length === 0) void decide(first, { kind });
    else if (kind === "refine") ask({ kind, cards: [first] });
    else if (kind === "approve" || kind === "reject" || kind === "snooze")
      ask({ kind, cards }, () => {
        setSelected(new Set());
      });
  };
  return {
    canSelect: may("opportunity.bulk_decide"),
    selected,
    chosen,
    select: (ids) => {
      setSelected(new Set(ids));
    },
    toggle: (id) => {
      setSelected((before) => {
        const after = new Set(before);
        if (!after.delete(id)) after.add(id);
        return after;
      });
    },
    act,
  };
}
