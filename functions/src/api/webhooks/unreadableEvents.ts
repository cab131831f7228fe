import * as at from "../../domain/collections.ts";
import { unreadableMessage } from "../../domain/messages/message.ts";
import { type Author, commitOutcome } from "../../delivery/commit.ts";
import { create } from "../../ports/store.ts";
import { redactText } from "../http/answer.ts";
import { retryOnConflict } from "../http/command.ts";
import type { ApiDeps } from "../http/context.ts";

/** How much of an unreadable event is kept, in UTF-16 units. */
const maxKeptCharacters = 4_000;

/** An event that does not fit its sender's schema, and why. */
export interface UnreadableEvent {
  readonly sent: unknown;
  readonly issues: readonly {
    readonly path: readonly PropertyKey[];
    readonly message: string;
  }[];
}

/** Parks each unreadable event once, without anybody's address, where operators see it. */
export async function parkUnreadable(
  sender: string,
  events: readonly UnreadableEvent[],
  { author, deps }: { readonly author: Author; readonly deps: ApiDeps },
): Promise<void> {
  if (events.length === 0) return;
  const now = deps.clock.now();
  const messages = events.map((event) => {
    const sent = redactText(JSON.stringify(event.sent), deps).slice(
      0,
      maxKeptCharacters,
    );
    const why = event.issues.map(
      ({ path, message }) =>
        `${path.map(String).join(".") || "it"}: ${message}`,
    );
    return unreadableMessage(
      {
        topic: "signal-received",
        payload: { sourceKey: sender, sent },
        reason: `The event does not fit its schema: ${why.join("; ")}`.slice(
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
  await retryOnConflict(async () => {
    const stored = await deps.store.readAll(
      unique.map(({ id }) => at.message(tenantId, id)),
    );
    const newMessages = unique.filter((_, i) => stored[i] === null);
    if (newMessages.length === 0) return true;
    const writes = newMessages.map(({ id, data }) =>
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
