import { useEffect, useMemo } from "react";
import * as at from "../../../../../functions/src/domain/collections.ts";
import type { InboxItem } from "../../../../../functions/src/domain/cards/inbox.ts";
import { isAhead, usePending } from "../review/pending.ts";
import type { WithId } from "../../../lib/firestore/live.ts";
import { type Pages, useLivePages } from "../../../lib/firestore/livePages.ts";
import { whereVisible } from "../../../lib/firestore/audience.ts";
import { useSession } from "../../../lib/session/session.ts";
import {
  type Filters,
  matchesFilters,
  type InboxStatus,
  hasFilters,
} from "./filters.ts";

/** While filters apply, further pages are read until this many cards match. */
const enough = 50;

export interface Inbox {
  readonly pages: Pages<InboxItem>;
  /** The cards to show: they match the filters, and were not decided on here a moment ago. */
  readonly items: readonly WithId<InboxItem>[];
  readonly isSearching: boolean;
}

/** The cards of an inbox, best first, live, as far as they were scrolled to. */
export function useInbox(status: InboxStatus, filters: Filters): Inbox {
  const session = useSession();
  const decided = usePending();
  const pages = useLivePages(at.inbox(session.tenantId), {
    where: [
      ...whereVisible(session),
      ...(status === "all" ? [] : [["status", "==", status] as const]),
    ],
    orderBy: [
      ["score", "desc"],
      ["__name__", "desc"],
    ],
  });
  const items = useMemo(() => {
    const now = new Date();
    return pages.items.filter(
      (item) =>
        matchesFilters(item, filters, now) &&
        (status === "all" ||
          !isAhead(item, decided) ||
          decided.get(item.id)?.status === status),
    );
  }, [pages.items, filters, decided, status]);
  const isSearching =
    hasFilters(filters) && pages.hasMore && items.length < enough;
  const { more } = pages;
  const read = pages.items.length;
  useEffect(() => {
    if (isSearching) more();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each page that came.
  }, [isSearching, read]);
  return { pages, items, isSearching };
}
