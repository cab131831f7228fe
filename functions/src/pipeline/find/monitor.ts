import type { Account, SourceState } from "../../domain/accounts/account.ts";
import { type Source, sourceFacts } from "../../domain/sources/source.ts";
import { rhythmAfter } from "../../domain/accounts/sourceHealth.ts";
import * as at from "../../domain/collections.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import type { Unstamped } from "../../domain/kernel/document.ts";
import type { AccountId, TenantId } from "../../domain/kernel/ids.ts";
import type { Emission } from "../../domain/messages/message.ts";
import { messageIdOf } from "../../domain/messages/topics.ts";
import { asRaw } from "../../domain/messages/unreadable.ts";
import type { Job, Outcome, Stage } from "../../ports/stage.ts";
import { create, type Read, update, type Write } from "../../ports/store.ts";
import type { Deps } from "../../ports/deps.ts";
import type { DroppedItem } from "../../ports/sources.ts";
import { mostRecorded, storableItems } from "./storableItems.ts";

/** How many found documents one commit announces; the rest follow in a continuation. */
const itemsPerCommit = 100;

/** What a look works with. */
export type LookNeeds = "store" | "connectors" | "clock" | "redactor";

type Due = "account-due" | "vendor-due";

/** Looks at an account's sources, each on its own, and announces every document that is new since the last look. */
export const monitor: Stage<"account-due", LookNeeds> = looking("account-due");

/** The stage of one of the two topics that ask for a look. */
export function looking<T extends Due>(topic: T): Stage<T, LookNeeds> {
  return {
    topic,
    run: async (job: Job<Due>, deps) => {
      const { tenantId, payload } = job;
      const account = await deps.store.read(
        at.account(tenantId, payload.accountId),
      );
      if (account === null)
        throw new PermanentError(
          "not-found",
          `The account ${payload.accountId} does not exist.`,
        );
      const { sources } = account.data;
      if (payload.sourceKey === null) {
        if (sources.length === 0)
          return { skipped: "the account has no sources" };
        return {
          emits: sources.map(({ key, kind }) => ({
            topic:
              sourceFacts[kind].key === null ? "account-due" : "vendor-due",
            payload: { ...payload, sourceKey: key },
          })),
        };
      }
      const source = sources.find(({ key }) => key === payload.sourceKey);
      if (source === undefined)
        return { skipped: "the source was taken off the account" };
      return look(topic, job, { account: account.data, source }, deps);
    },

    whenParked: async ({ tenantId, payload, error }, deps) => {
      if (payload.sourceKey === null) return {};
      const ref = at.sourceState(
        tenantId,
        payload.accountId,
        payload.sourceKey,
      );
      const state = await deps.store.read(ref);
      const seen = {
        lastError: error.message,
        consecutiveFailures: (state?.data.consecutiveFailures ?? 0) + 1,
        lastLookAt: deps.clock.now(),
      };
      const first = {
        accountId: payload.accountId,
        sourceKey: payload.sourceKey,
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
      return {
        writes: [
          state === null
            ? create(ref, { ...first, ...seen })
            : update(state, seen),
        ],
      };
    },
  };
}

async function look(
  topic: Due,
  { tenantId, payload, signal }: Job<Due>,
  { account, source }: { readonly account: Account; readonly source: Source },
  deps: Pick<Deps, LookNeeds>,
): Promise<Outcome> {
  const { accountId, part } = payload;
  const connector = deps.connectors[source.kind];
  if (connector === undefined)
    throw new PermanentError(
      "not-found",
      `There is no connector for ${source.kind}.`,
    );
  const state = await deps.store.read(
    at.sourceState(tenantId, accountId, source.key),
  );
  const own = connector.of?.(tenantId) ?? connector;
  const seen = await own.look(source, state?.data.cursor ?? null, signal);

  const { items, dropped } = storableItems(seen, deps.redactor);

  const found = items.map((item) => ({
    topic: "signal-received" as const,
    payload: {
      accountId,
      sourceKey: source.key,
      item,
      handedIn: null,
      by: null,
    },
  }));
  // By what is not announced yet, never by place: a feed may have moved on since the last part.
  const fresh =
    found.length > itemsPerCommit
      ? await notAnnounced(tenantId, found, deps)
      : found;
  const emits = fresh.slice(0, itemsPerCommit);
  const more = fresh.length > itemsPerCommit;
  if (more)
    return {
      emits: [...emits, { topic, payload: { ...payload, part: part + 1 } }],
    };

  const now = deps.clock.now();
  const after = {
    accountId,
    sourceKey: source.key,
    cursor: seen.cursor,
    lastLookAt: now,
    lastGoodAt: now,
    lastError: null,
    consecutiveFailures: 0,
    itemsFound: (state?.data.itemsFound ?? 0) + items.length,
    droppedItems: dropped.length,
    dropped: dropped
      .slice(0, mostRecorded)
      .map(({ itemId, detail }) => ({ itemId, detail })),
    kind: source.kind,
    ...rhythmAfter(state?.data ?? null, source.kind, items.length, now),
  };
  return {
    writes: [
      remember(state, after, at.sourceState(tenantId, accountId, source.key)),
    ],
    emits,
    decisions: dropped
      .slice(0, mostRecorded)
      .filter(isNewTo(state?.data.dropped ?? []))
      .map((one) => decisionOf(one, { accountId, account, source })),
  };
}

/** A source lists what cannot be stored at every look; it is recorded once. */
function isNewTo(before: SourceState["dropped"]) {
  const known = new Set(before.map(({ itemId }) => itemId));
  return ({ itemId }: DroppedItem) => !known.has(itemId);
}

function decisionOf(
  { itemId, title, detail }: DroppedItem,
  {
    accountId,
    account: { audience },
    source,
  }: {
    readonly accountId: AccountId;
    readonly account: Account;
    readonly source: Source;
  },
) {
  return {
    accountId,
    audience,
    stage: "monitor",
    itemId: `${source.kind}:${itemId}:`,
    signalId: null,
    url: null,
    title,
    verdict: "dropped",
    reason: "unreadable",
    detail,
    setting: null,
  } as const;
}

function remember(
  state: Read<SourceState> | null,
  after: Unstamped<SourceState>,
  ref: ReturnType<typeof at.sourceState>,
): Write {
  return state === null ? create(ref, after) : update(state, after);
}

async function notAnnounced<E extends Emission<"signal-received">>(
  tenantId: TenantId,
  found: readonly E[],
  { store }: Pick<Deps, "store">,
): Promise<readonly E[]> {
  const messages = await store.readAll(
    found.map(({ topic, payload }) =>
      asRaw(at.message(tenantId, messageIdOf(topic, payload))),
    ),
  );
  return found.filter((_, i) => messages[i] === null);
}
