import { addMs } from "../../domain/kernel/instant.ts";
import { type Message, ringAfterMs } from "../../domain/messages/message.ts";
import type { Outcome } from "../../ports/stage.ts";
import { type Read, update, type Write } from "../../ports/store.ts";

/** A parked message reopened, with its counters at zero. */
export function reopen(read: Read<Message>, now: Date): Write {
  return update(read, {
    state: "open",
    starts: 0,
    attempts: 0,
    turnAt: null,
    runAt: now,
    ringAt: addMs(now, ringAfterMs),
    lease: null,
    error: null,
  });
}

/** The outcome of replaying a parked message; null where it is not parked. */
export function replay(read: Read<Message>, now: Date): Outcome | null {
  if (read.data.state !== "parked") return null;
  const { topic, error } = read.data;
  return {
    writes: [reopen(read, now)],
    audit: [
      {
        action: "UPDATE",
        entity: { kind: "message", id: read.id },
        before: { state: "parked", error: error?.code ?? null },
        after: { state: "open", topic },
        reason: "replayed",
      },
    ],
  };
}
