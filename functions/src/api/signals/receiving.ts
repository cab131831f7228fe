import * as at from "../../domain/collections.ts";
import type { MessageId } from "../../domain/kernel/ids.ts";
import type { About } from "../../domain/resolution/lookup.ts";
import { type Emission, newMessage } from "../../domain/messages/message.ts";
import { toMessageId } from "../../domain/messages/topics.ts";
import { asRaw } from "../../domain/messages/unreadable.ts";
import { type Author, commitOutcome } from "../../delivery/commit.ts";
import { toFirstRing, ring } from "../../delivery/ring.ts";
import { create } from "../../ports/store.ts";
import { cleaned, persistently, wellFormed } from "../http/answer.ts";
import type { ApiDeps } from "../http/context.ts";

/** How many signals a commit takes: at their longest, in the widest script, they stay under its 3 MiB. */
const perCommit = 25;

type Received = Emission<"signal-received">;

/** What became of a signal that was handed in. */
export interface Receipt {
  readonly messageId: MessageId;
  /** Whether it was new; what was handed in before is there already, and nothing is done. */
  readonly fresh: boolean;
}

/** Emits each signal once, with an audit entry, however often it is handed in, also at once. Those behind the 25th go into further commits. */
export async function receive(
  signals: readonly Received[],
  author: Author,
  deps: ApiDeps,
): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  for (let i = 0; i < signals.length; i += perCommit) {
    const part = signals.slice(i, i + perCommit);
    receipts.push(...(await receivePart(part, author, deps)));
  }
  return receipts;
}

/** What would become of each if they were handed in; nothing is. */
export async function knownAmong(
  signals: readonly Received[],
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
    // Of two that are the same, the first one is new.
    return { messageId, fresh: !known[i] && ids.indexOf(messageId) === i };
  });
}

async function receivePart(
  signals: readonly Received[],
  author: Author,
  deps: ApiDeps,
): Promise<readonly Receipt[]> {
  const { tenantId, origin } = author;
  return persistently(async () => {
    const receipts = await knownAmong(signals, author, deps);
    const fresh = signals.filter((_, i) => receipts[i]?.fresh);
    if (fresh.length === 0) return receipts;

    const now = deps.clock.now();
    const messages = fresh.map((signal) => newMessage(signal, origin, now));
    const committed = await commitOutcome(
      {
        outcome: { audit: fresh.map(auditOf) },
        own: messages.map(({ id, data }) =>
          create(at.message(tenantId, id), data),
        ),
      },
      author,
      deps,
    );
    // Somebody hands in one of them at this very moment.
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

function auditOf({ payload }: Received) {
  const { accountId, item } = payload;
  return {
    action: "CREATE",
    entity: { kind: "message", id: toMessageId("signal-received", payload) },
    before: null,
    after: { accountId, source: item.source },
    reason: "a signal was handed in",
  } as const;
}

/** What is known of whose a signal is, as it may be kept. Nothing but an address is taken out of an identifier: many look like a number to call. */
export function aboutWithoutPersons(
  { identifiers = {}, domains = [], names = [] }: About,
  deps: Pick<ApiDeps, "redactor">,
): About {
  const isNobodys = (value: string) => !value.includes("@");
  return {
    identifiers: Object.fromEntries(
      Object.entries(identifiers)
        .filter(([, value]) => isNobodys(value))
        .map(([name, value]) => [name, wellFormed(value)]),
    ),
    domains: domains.filter(isNobodys).map(wellFormed),
    names: names.map((name) => cleaned(name, deps).slice(0, 200)),
  };
}
