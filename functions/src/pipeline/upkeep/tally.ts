import * as at from "../../domain/collections.ts";
import {
  type CountedCard,
  toDashboardDay,
} from "../../domain/reports/dashboard.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import {
  addMs,
  toDateText,
  dayMs,
  toDay,
  minuteMs,
} from "../../domain/kernel/instant.ts";
import type { Emission } from "../../domain/messages/message.ts";
import { Opportunity } from "../../domain/cards/opportunity.ts";
import type { Stage } from "../../ports/stage.ts";
import { create, type Read, update } from "../../ports/store.ts";
import type { Deps } from "../../ports/deps.ts";

/** How long a slot of the dashboard lasts: at most one fold starts in it, however many people have it open. */
const dashboardSlotMs = minuteMs;
/** A change may become visible this much later than its timestamp says: a commit's deadline plus clock skew. */
const overlapMs = 15 * minuteMs;
const firstLookMs = 56 * dayMs;
const changesPerRun = 1_000;
const cardsPerPage = 1_000;
const cardsPerDay = 10_000;
const countLimit = 100_000;

const Changed = Opportunity.pick({ createdAt: true, updatedAt: true });

/** The fold of a tenant's dashboard in the current slot, requested by whoever has the dashboard open. */
export function dashboardFold(now: Date): Emission<"dashboard-due"> {
  const slot = Math.floor(now.getTime() / dashboardSlotMs);
  return { topic: "dashboard-due", payload: { slot, after: null } };
}

/** Finds the days whose cards have changed since the last fold and has each of them recounted. */
export const tally: Stage<"dashboard-due", "store"> = {
  topic: "dashboard-due",
  run: async ({ tenantId, payload }, { store }) => {
    const { slot, after } = payload;
    // What this fold reads may have changed after the slot began: counting from its start, no change falls between
    // two folds.
    const startedAt = new Date(slot * dashboardSlotMs);
    const overview = await store.read(at.dashboardOverview(tenantId));
    const since =
      overview === null
        ? addMs(startedAt, -firstLookMs)
        : addMs(overview.data.checkpoint, -overlapMs);
    const changes = await store.query({
      collection: { ...at.opportunities(tenantId), schema: Changed },
      slim: true,
      where: [["updatedAt", ">", since]],
      orderBy: [
        ["updatedAt", "asc"],
        ["__name__", "asc"],
      ],
      limit: changesPerRun,
      ...(after && { startAfter: [new Date(after.updatedAt), after.id] }),
    });
    const days = new Set(changes.map(({ data }) => toDay(data.createdAt)));
    const emits: Emission[] = [...days].map((day) => {
      return { topic: "dashboard-day", payload: { day, slot } };
    });
    const last = changes.at(-1);
    if (changes.length === changesPerRun && last !== undefined) {
      const updatedAt = last.data.updatedAt.getTime();
      const next = { slot, after: { updatedAt, id: last.id } };
      return { emits: [...emits, { topic: "dashboard-due", payload: next }] };
    }
    const accountsWatched = await store.count({
      collection: at.schedules(tenantId),
      where: [["active", "==", true]],
      limit: countLimit,
    });
    const { checkpoint = startedAt } = overview?.data ?? {};
    const folded = {
      checkpoint: startedAt > checkpoint ? startedAt : checkpoint,
      accountsWatched,
    };
    return {
      writes: [
        overview === null
          ? create(at.dashboardOverview(tenantId), folded)
          : update(overview, folded),
      ],
      emits,
    };
  },
};

/**
 * Recounts one day from all of its cards. It never adds to an earlier count, so it is right however often and in
 * whatever order it runs.
 */
export const tallyDay: Stage<"dashboard-day", "store"> = {
  topic: "dashboard-day",
  run: async ({ tenantId, payload: { day } }, { store }) => {
    const ref = at.dashboardDay(tenantId, toDateText(day));
    // Read before the cards, so that a recount that began earlier but ends later does not overwrite this one.
    const before = await store.read(ref);
    const { cards, complete } = await readCards(tenantId, day, store);
    const counted = toDashboardDay(day, cards, { complete });
    return {
      writes: [
        before === null ? create(ref, counted) : update(before, counted),
      ],
    };
  },
};

async function readCards(
  tenantId: TenantId,
  day: number,
  store: Deps["store"],
): Promise<{
  readonly cards: readonly CountedCard[];
  readonly complete: boolean;
}> {
  const reads: Read<CountedCard>[] = [];
  let unreadable = 0;
  while (reads.length < cardsPerDay) {
    const last = reads.at(-1);
    const page = await store.query({
      collection: at.countedCards(tenantId),
      slim: true,
      where: [
        ["createdAt", ">=", new Date(day * dayMs)],
        ["createdAt", "<", new Date((day + 1) * dayMs)],
      ],
      orderBy: [
        ["createdAt", "asc"],
        ["__name__", "asc"],
      ],
      limit: cardsPerPage,
      ...(last && { startAfter: [last.data.createdAt, last.id] }),
    });
    reads.push(...page);
    unreadable += page.unreadable?.length ?? 0;
    if (page.length < cardsPerPage) break;
  }
  return {
    cards: reads.map(({ data }) => data),
    complete: reads.length < cardsPerDay && unreadable === 0,
  };
}
