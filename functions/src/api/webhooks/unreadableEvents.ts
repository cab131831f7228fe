import * as at from "../../domain/collections.ts";
import { unreadableMessage } from "../../domain/messages/message.ts";
import { type Author, commitOutcome } from "../../delivery/commit.ts";
import { create } from "../../ports/store.ts";
import { cleaned, persistently } from "../http/answer.ts";
import type { ApiDeps } from "../http/context.ts";

/** As much of an event that cannot be read is kept, in UTF-16 units. */
const longestKept = 4_000;

/** An event that is not as its sender's events are, and what is wrong with it. */
export interface UnreadableEvent {
  readonly sent: unknown;
  readonly issues: readonly {
    readonly path: readonly PropertyKey[];
    readonly message: string;
  }[];
}

/** Parks each event that cannot be read, once and without anybody's address, where operators see it. */
export async function keepUnreadable(
  sender: string,
  events: readonly UnreadableEvent[],
  { author, deps }: { readonly author: Author; readonly deps: ApiDeps },
): Promise<void> {
  if (events.length === 0) return;
  const now = deps.clock.now();
  const messages = events.map((event) => {
    const sent = cleaned(JSON.stringify(event.sent), deps).slice(
      0,
      longestKept,
    );
    const why = event.issues.map(
      ({ path, message }) =>
        `${path.map(String).join(".") || "it"}: ${message}`,
    );
    return unreadableMessage(
      {
        topic: "signal-received",
        payload: { sourceKey: sender, sent },
        reason: `An event is not as it must be: ${why.join("; ")}`.slice(
          0,
          500,
        ),
      },
      author.origin,
      now,
    );
  });
  const { tenantId } = author;
  const unique = [...new Map(messages.map((one) => [one.id, one])).values()];
  await persistently(async () => {
    const known = await deps.store.readAll(
      unique.map(({ id }) => at.message(tenantId, id)),
    );
    const fresh = unique.filter((_, i) => known[i] === null);
    if (fresh.length === 0) return true;
    const writes = fresh.map(({ id, data }) =>
      create(at.message(tenantId, id), data),
    );
    const committed = await commitOutcome(
      { outcome: {}, own: writes },
      author,
      deps,
    );
    return committed.kind === "conflict" ? null : true;
  });
}
