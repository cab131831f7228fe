import * as at from "../../domain/collections.ts";
import type { MessageId } from "../../domain/kernel/ids.ts";
import type { About } from "../../domain/resolution/lookup.ts";
import { type Emission, newMessage } from "../../domain/messages/message.ts";
import { toMessageId } from "../../domain/messages/topics.ts";
import { asRaw } from "../../domain/messages/unreadable.ts";
import { type Author, commitOutcome } from "../../delivery/commit.ts";
import { toFirstRing, ring } from "../../delivery/ring.ts";
import { create } from "../../ports/store.ts";
import { redactText, toWellFormed } from "../http/answer.ts";
import { retryOnConflict } from "../http/command.ts";
import type { ApiDeps } from "../http/context.ts";

/** How many signals go into one commit: even the longest texts in the widest script stay below 3 MiB. */
const perCommit = 25;

type IncomingSignal = Emission<"signal-received">;

/** The result of submitting a signal. */
export interface Receipt {
  readonly messageId: MessageId;
  /** Whether the signal is new; one submitted before is left as it is. */
  readonly isNew: boolean;
}

/** Emits each signal once, with an audit entry, no matter how often it is submitted, even concurrently. Commits 25 signals at a time. */
export async function takeInSignals(
  signals: readonly IncomingSignal[],
  author: Author,
  deps: ApiDeps,
): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  for (let i = 0; i < signals.length; i += perCommit) {
    const part = signals.slice(i, i + perCommit);
    receipts.push(...(await takeInBatch(part, author, deps)));
  }
  return receipts;
}

/** The results that submitting the signals would have; nothing is written. */
export async function previewReceipts(
  signals: readonly IncomingSignal[],
  { tenantId }: Pick<Author, "tenantId">,
  { store }: Pick<ApiDeps, "store">,
): Promise<readonly Receipt[]> {
  const ids = signals.map(({ payload }) =>
    toMessageId("signal-received", payload),
  );
  const known = await store.readAll(
    ids.map((id) => asRaw(at.message(tenantId, id))),
  );
  return ids.map((messageId, i) => {
    // Of two identical signals, the first is new.
    return { messageId, isNew: !known[i] && ids.indexOf(messageId) === i };
  });
}

async function takeInBatch(
  signals: readonly IncomingSignal[],
  author: Author,
  deps: ApiDeps,
): Promise<readonly Receipt[]> {
  const { tenantId, origin } = author;
  return retryOnConflict(async () => {
    const receipts = await previewReceipts(signals, author, deps);
    const newSignals = signals.filter((_, i) => receipts[i]?.isNew);
    if (newSignals.length === 0) return receipts;

    const now = deps.clock.now();
    const messages = newSignals.map((signal) =>
      newMessage(signal, origin, now),
    );
    const committed = await commitOutcome(
      {
        outcome: { audit: newSignals.map(toAuditEntry) },
        own: messages.map(({ id, data }) =>
          create(at.message(tenantId, id), data),
        ),
      },
      author,
      deps,
    );
    // Another request is submitting one of them.
    if (committed.kind === "conflict") return null;
    const { stamp } = committed;
    await ring(
      messages.map((message) =>
        toFirstRing(tenantId, { ...message, stamp, now }),
      ),
      deps,
    );
    return receipts;
  });
}

function toAuditEntry({ payload }: IncomingSignal) {
  const { accountId, item } = payload;
  return {
    action: "CREATE",
    entity: { kind: "message", id: toMessageId("signal-received", payload) },
    before: null,
    after: { accountId, source: item.source },
    reason: "a signal was handed in",
  } as const;
}

/** What identifies a signal's account, as it may be stored. Identifiers are dropped only if they contain an e-mail address, since many look like phone numbers. */
export function redactAbout(
  { identifiers = {}, domains = [], names = [] }: About,
  deps: Pick<ApiDeps, "redactor">,
): About {
  const isNobodys = (value: string) => !value.includes("@");
  return {
    identifiers: Object.fromEntries(
      Object.entries(identifiers)
        .filter(([, value]) => isNobodys(value))
        .map(([name, value]) => [name, toWellFormed(value)]),
    ),
    domains: domains.filter(isNobodys).map(toWellFormed),
    names: names.map((name) => redactText(name, deps).slice(0, 200)),
  };
}
