import type { SourceState } from "../../domain/accounts/account.ts";
import { nextRhythm } from "../../domain/accounts/sourceHealth.ts";
import * as at from "../../domain/collections.ts";
import { toItemDecisionRecord } from "../../domain/signals/decisionRecord.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Outcome, ParkedJob } from "../../ports/stage.ts";
import type { DroppedItem, PollResult } from "../../ports/sources.ts";
import { create, type Read, update } from "../../ports/store.ts";
import type { Due, Poll } from "./poll.ts";
import { mostRecorded } from "./storableItems.ts";

/** Counts a failed poll in the source's state; does nothing where no single source was polled. */
export async function recordFailure(
  { tenantId, payload, error }: ParkedJob<Due>,
  deps: Pick<Deps, "store" | "clock">,
): Promise<Outcome> {
  const { accountId, sourceKey } = payload;
  if (sourceKey === null) return {};
  const ref = at.sourceState(tenantId, accountId, sourceKey);
  const state = await deps.store.read(ref);
  const failure = {
    lastError: error.message,
    consecutiveFailures: (state?.data.consecutiveFailures ?? 0) + 1,
    lastPolledAt: deps.clock.now(),
  };
  if (state !== null) return { writes: [update(state, failure)] };
  const neverPolled = {
    accountId,
    sourceKey,
    cursor: null,
    lastGoodAt: null,
    itemsFound: 0,
    droppedItems: 0,
    dropped: [],
    kind: null,
    lastItemAt: null,
    gapMs: null,
    silentAt: null,
  };
  return { writes: [create(ref, { ...neverPolled, ...failure })] };
}

/**
 * The writes at the end of a poll: the source's new state, and records of the items that are dropped for the first
 * time.
 */
export function recordPoll(
  { job: { tenantId, payload }, account, source }: Poll,
  {
    state,
    cursor,
    found,
    dropped,
  }: {
    readonly state: Read<SourceState> | null;
    readonly cursor: PollResult["cursor"];
    /** How many items were found, and how many kept. */
    readonly found: number;
    readonly dropped: readonly DroppedItem[];
  },
  now: Date,
): Pick<Outcome, "writes" | "decisions"> {
  const { accountId } = payload;
  const { audience } = account.data;
  const recorded = dropped.slice(0, mostRecorded);
  const after = {
    accountId,
    sourceKey: source.key,
    cursor,
    lastPolledAt: now,
    lastGoodAt: now,
    lastError: null,
    consecutiveFailures: 0,
    itemsFound: (state?.data.itemsFound ?? 0) + found,
    droppedItems: dropped.length,
    dropped: recorded.map(({ itemId, detail }) => ({ itemId, detail })),
    kind: source.kind,
    ...nextRhythm(state?.data ?? null, { kind: source.kind, found, now }),
  };
  return {
    writes: [
      state === null
        ? create(at.sourceState(tenantId, accountId, source.key), after)
        : update(state, after),
    ],
    decisions: recorded
      .filter(isNewTo(state?.data.dropped ?? []))
      .map(({ itemId, title, detail }) =>
        toItemDecisionRecord(
          { source: source.kind, itemId, revision: "", url: null, title },
          { accountId, audience },
          {
            stage: "monitor",
            verdict: "dropped",
            reason: "unreadable",
            detail,
          },
        ),
      ),
  };
}

/** A source lists its unstorable items at every poll; each is recorded once. */
function isNewTo(before: SourceState["dropped"]) {
  const known = new Set(before.map(({ itemId }) => itemId));
  return ({ itemId }: DroppedItem) => !known.has(itemId);
}
