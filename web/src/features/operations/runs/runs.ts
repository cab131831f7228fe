import type { Message } from "../../../../../functions/src/domain/messages/message.ts";
import { dayMs } from "../../../../../functions/src/domain/kernel/instant.ts";
import type { TopicName } from "../../../../../functions/src/domain/messages/topics.ts";

/** What a look is over with; cards and CRM writes go on long after it. */
export const lookTopics: readonly TopicName[] = [
  "account-due",
  "vendor-due",
  "signal-received",
];

/** For so long the messages of a run are kept once they are done, hence what it can be counted from. */
const messagesKeptMs = 30 * dayMs;

/** What is counted of a run's messages and signals. */
export interface RunCounts {
  readonly received: number;
  readonly receivedDone: number;
  readonly signals: number;
  readonly open: number;
  readonly parked: number;
}

/** How a look went. */
export interface RunFigures {
  readonly state: "running" | "finished" | "parked";
  readonly found: number;
  readonly kept: number;
  readonly dropped: number;
}

/** What a run found, kept and dropped; null where its messages are gone. */
export function figuresOf(
  counts: RunCounts,
  startedAt: Date,
  now: Date,
): RunFigures | null {
  const { received, receivedDone, signals, open, parked } = counts;
  if (now.getTime() - startedAt.getTime() > messagesKeptMs) return null;
  return {
    state: open > 0 ? "running" : parked > 0 ? "parked" : "finished",
    found: received,
    kept: signals,
    dropped: Math.max(0, receivedDone - signals),
  };
}

/** Why a received document was not kept, as the pipeline noted it; null where it was, or nothing is known yet. */
export function droppedFor({
  state,
  skipped,
}: Pick<Message, "state" | "skipped">): string | null {
  return state === "done" ? skipped : null;
}
