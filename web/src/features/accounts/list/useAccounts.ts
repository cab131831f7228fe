import { useEffect, useMemo, useRef } from "react";
import type { AccountContext } from "../../../../../functions/src/domain/accounts/account.ts";
import * as at from "../../../../../functions/src/domain/collections.ts";
import { type WithId, useLiveList } from "../../../lib/firestore/live.ts";
import { type Pages, useLivePages } from "../../../lib/firestore/livePages.ts";
import { whereVisible } from "../../../lib/firestore/audience.ts";
import { useSession } from "../../../lib/session/session.ts";
import { type Figures, accountFigures } from "../figures/figures.ts";
import type { Row } from "./rows.ts";
import { useToday } from "../figures/useToday.ts";

/** Sorting needs all of them: so many are read without being scrolled to. */
const readAhead = 2_000;
/** The most that the rules allow in one list. */
const cardLimit = 200;

interface Accounts {
  readonly state: "loading" | "ready" | "failed";
  readonly error: Error | null;
  readonly rows: readonly Row[];
  /** More are loading, so the order may still change. */
  readonly isReading: boolean;
  /** Whether there are more than are read without being asked for. */
  readonly hasMore: boolean;
  readonly more: () => void;
  /** How many cards of each account are to be reviewed; null where there are too many to count here. */
  readonly toReview: ReadonlyMap<string, number> | null;
}

/** The accounts that the person sees, with their figures of today, live. */
export function useAccounts(): Accounts {
  const session = useSession();
  const { tenantId, tenant } = session;
  const today = useToday();
  const accounts = useLivePages(at.accounts(tenantId), {
    where: whereVisible(session),
    orderBy: [
      ["name", "asc"],
      ["__name__", "asc"],
    ],
  });
  const contexts = useLivePages(at.contexts(tenantId), {
    where: whereVisible(session),
    orderBy: [["__name__", "asc"]],
  });
  useReadAhead(accounts);
  useReadAhead(contexts);
  const figuresFor = useFigures(tenant, today);
  const rows = useMemo(() => {
    const byId = new Map(
      contexts.items.map((context) => [context.id, context]),
    );
    return accounts.items.map((account): Row => {
      const known = byId.get(account.id) ?? null;
      return {
        account,
        known,
        figures: figuresFor(known, account.sources.length),
      };
    });
  }, [accounts.items, contexts.items, figuresFor]);
  const error = accounts.error ?? contexts.error;
  const isReady = accounts.state === "ready" && contexts.state === "ready";
  return {
    state: error !== null ? "failed" : isReady ? "ready" : "loading",
    error,
    rows,
    isReading:
      isReady &&
      [accounts, contexts].some(
        ({ hasMore, items }) => hasMore && items.length < readAhead,
      ),
    hasMore: accounts.hasMore,
    more: () => {
      accounts.more();
      contexts.more();
    },
    toReview: useReviewCounts(),
  };
}

function useReadAhead<T>({ items, hasMore, more }: Pages<T>): void {
  const read = items.length;
  useEffect(() => {
    if (hasMore && read < readAhead) more();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each page that came.
  }, [hasMore, read]);
}

/** Figures, each calculated once as long as the context, the settings and the day stay the same. */
function useFigures(
  tenant: ReturnType<typeof useSession>["tenant"],
  now: Date,
): (known: WithId<AccountContext> | null, sources: number) => Figures {
  const kept = useRef(new WeakMap<object, Figures>());
  return useMemo(() => {
    kept.current = new WeakMap();
    return (known, sources) => {
      const watched = { sources, failingSources: 0 };
      if (known === null) return accountFigures(null, watched, { tenant, now });
      const before = kept.current.get(known);
      if (before !== undefined) return before;
      const figures = accountFigures(known, watched, { tenant, now });
      kept.current.set(known, figures);
      return figures;
    };
  }, [tenant, now]);
}

function useReviewCounts(): Accounts["toReview"] {
  const session = useSession();
  const cards = useLiveList(at.inbox(session.tenantId), {
    where: [...whereVisible(session), ["status", "==", "in_review"]],
    orderBy: [["score", "desc"]],
    limit: cardLimit,
  });
  return useMemo(() => {
    if (cards.state !== "ready" || cards.value.length >= cardLimit) return null;
    const counts = new Map<string, number>();
    for (const { accountId } of cards.value)
      counts.set(accountId, (counts.get(accountId) ?? 0) + 1);
    return counts;
  }, [cards]);
}
