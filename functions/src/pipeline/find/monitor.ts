import { sourceFacts } from "../../domain/sources/source.ts";
import * as at from "../../domain/collections.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import type { Emission } from "../../domain/messages/message.ts";
import { toMessageId } from "../../domain/messages/topics.ts";
import { asRaw } from "../../domain/messages/unreadable.ts";
import type { SourceItem } from "../../domain/signals/signal.ts";
import type { Job, Outcome, Stage } from "../../ports/stage.ts";
import { need } from "../../ports/store.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Due, Poll } from "./poll.ts";
import { recordFailure, recordPoll } from "./sourceState.ts";
import { storableItems } from "./storableItems.ts";

/** How many documents one commit announces; a continuation takes the rest. */
const itemsPerCommit = 100;

/** The ports that a poll uses. */
export type PollNeeds = "store" | "connectors" | "clock" | "redactor";

/**
 * Polls an account's sources independently of each other and announces every document that is new since the last
 * poll.
 */
export const monitor: Stage<"account-due", PollNeeds> =
  pollingStage("account-due");

/** The stage for one of the two topics that request a poll. */
export function pollingStage<T extends Due>(topic: T): Stage<T, PollNeeds> {
  return {
    topic,
    run: (job: Job<Due>, deps) => monitorAccount(topic, job, deps),
    whenParked: recordFailure,
  };
}

/** Requests a poll of each source, or polls the one named. */
async function monitorAccount(
  topic: Due,
  job: Job<Due>,
  deps: Pick<Deps, PollNeeds>,
): Promise<Outcome> {
  const { tenantId, payload } = job;
  const account = await need(
    at.account(tenantId, payload.accountId),
    deps.store,
  );
  const { sources } = account.data;
  if (payload.sourceKey !== null) {
    const source = sources.find(({ key }) => key === payload.sourceKey);
    return source === undefined
      ? { skipped: "the source was removed from the account" }
      : pollSource({ topic, job, account, source }, deps);
  }
  if (sources.length === 0) return { skipped: "the account has no sources" };
  return {
    emits: sources.map(({ key, kind }) => ({
      topic: sourceFacts[kind].key === null ? "account-due" : "vendor-due",
      payload: { ...payload, sourceKey: key },
    })),
  };
}

async function pollSource(
  poll: Poll,
  deps: Pick<Deps, PollNeeds>,
): Promise<Outcome> {
  const { topic, source } = poll;
  const { tenantId, payload, abortSignal } = poll.job;
  const connector = deps.connectors[source.kind];
  if (connector === undefined)
    throw new PermanentError(
      "not-found",
      `There is no connector for ${source.kind}.`,
    );
  const state = await deps.store.read(
    at.sourceState(tenantId, payload.accountId, source.key),
  );
  const keyed = connector.forTenant?.(tenantId) ?? connector;
  const cursor = state?.data.cursor ?? null;
  await poll.job.takeLease();
  const result = await keyed.poll(source, cursor, abortSignal);

  const { items, dropped } = storableItems(result, deps.redactor);
  const announcements = items.map((item) => announce(poll, item));
  // By what has not been announced yet, not by position: the feed may have changed since the last part.
  const unannounced =
    announcements.length > itemsPerCommit
      ? await notYetAnnounced(tenantId, announcements, deps)
      : announcements;
  const emits = unannounced.slice(0, itemsPerCommit);
  if (unannounced.length > itemsPerCommit) {
    const rest = { ...payload, part: payload.part + 1 };
    return { emits: [...emits, { topic, payload: rest }] };
  }
  const recorded = recordPoll(
    poll,
    { state, cursor: result.cursor, found: items.length, dropped },
    deps.clock.now(),
  );
  return { ...recorded, emits };
}

function announce({ job, source }: Poll, item: SourceItem) {
  const { accountId } = job.payload;
  return {
    topic: "signal-received",
    payload: {
      accountId,
      sourceKey: source.key,
      item,
      handedIn: null,
      by: null,
    },
  } as const;
}

async function notYetAnnounced<E extends Emission<"signal-received">>(
  tenantId: TenantId,
  announcements: readonly E[],
  { store }: Pick<Deps, "store">,
): Promise<readonly E[]> {
  const messages = await store.readAll(
    announcements.map(({ topic, payload }) =>
      asRaw(at.message(tenantId, toMessageId(topic, payload))),
    ),
  );
  return announcements.filter((_, i) => messages[i] === null);
}
