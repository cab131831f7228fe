import { useEffect, useMemo, useState } from "react";
import * as at from "../../../../../functions/src/domain/collections.ts";
import {
  type AccountId,
  OpportunityId,
} from "../../../../../functions/src/domain/kernel/ids.ts";
import { useLiveLists } from "../../../lib/firestore/liveLists.ts";
import { useLivePages } from "../../../lib/firestore/livePages.ts";
import { whereVisible } from "../../../lib/firestore/audience.ts";
import { useSession } from "../../../lib/session/session.ts";
import type { EntryKind } from "../search.ts";
import { type Entry, type Parts, buildTimeline } from "./timeline.ts";

const pageSize = 50;
/** At most so many cards, those that changed last, show each of their steps; the others show their status. */
const maxHistories = 100;

export interface TimelineView {
  readonly state: "loading" | "ready" | "failed";
  readonly error: Error | null;
  readonly entries: readonly Entry[];
  readonly hasMore: boolean;
  readonly more: () => void;
  /** All that was read, whatever is shown. */
  readonly parts: Parts;
}

/** What happened at an account, live, fifty entries and then fifty more. */
export function useTimeline(
  accountId: AccountId,
  kinds: readonly EntryKind[],
): TimelineView {
  const [count, setCount] = useState(pageSize);
  const { lists, parts } = useParts(
    accountId,
    Math.min(maxHistories, count / 2),
  );
  const { entries, wanting } = useMemo(
    () => buildTimeline(parts, kinds),
    [parts, kinds],
  );
  const isShort = entries.length < count && wanting.length > 0;
  const read = entries.length;
  const waited = wanting.join(" ");
  useEffect(() => {
    if (isShort) for (const name of wanting) lists[name].more();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each page that is wanting.
  }, [isShort, read, waited, parts]);
  const all = Object.values(lists);
  const error = all.find((list) => list.error !== null)?.error ?? null;
  const isLoading = all.some(({ state }) => state === "loading");
  return {
    state: error !== null ? "failed" : isLoading ? "loading" : "ready",
    error,
    entries: entries.slice(0, count),
    hasMore: entries.length > count || wanting.length > 0,
    more: () => {
      setCount((before) => before + pageSize);
    },
    parts,
  };
}

/** The lists that a timeline is made of, and what was read of them; with the steps of so many cards. */
function useParts(accountId: AccountId, cardsWithSteps: number) {
  const session = useSession();
  const { tenantId } = session;
  const where = [
    ...whereVisible(session),
    ["accountId", "==", accountId],
  ] as const;
  const signals = useLivePages(at.signals(tenantId), {
    where,
    orderBy: [
      ["receivedAt", "desc"],
      ["__name__", "desc"],
    ],
  });
  const byChange = {
    where,
    orderBy: [
      ["updatedAt", "desc"],
      ["__name__", "desc"],
    ],
  } as const;
  const cards = useLivePages(at.inbox(tenantId), byChange);
  const records = useLivePages(at.decisions(tenantId), byChange);
  const activations = useLivePages(at.activations(tenantId), byChange);
  const histories = useHistories(cards.items, cardsWithSteps);
  const parts = useMemo(
    () => ({ signals, cards, records, activations, histories }),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- what was read is all that counts of a list.
    [
      signals.items,
      signals.hasMore,
      cards.items,
      cards.hasMore,
      records.items,
      records.hasMore,
      activations.items,
      activations.hasMore,
      histories,
    ],
  );
  return { lists: { signals, cards, records, activations }, parts };
}

/** The steps of the first so many cards, by the card's id. */
function useHistories(
  cards: readonly { readonly id: string }[],
  most: number,
): Parts["histories"] {
  const { tenantId } = useSession();
  const wanted = useMemo(
    () =>
      new Map(
        cards
          .slice(0, most)
          .map(({ id }) => [id, at.history(tenantId, OpportunityId.parse(id))]),
      ),
    [cards, most, tenantId],
  );
  return useLiveLists(wanted, { orderBy: [["at", "desc"]], limit: pageSize });
}
