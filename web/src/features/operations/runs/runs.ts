import type { Message } from "../../../../../functions/src/domain/messages/message.ts";
import { dayMs } from "../../../../../functions/src/domain/kernel/instant.ts";
import type { TopicName } from "../../../../../functions/src/domain/messages/topics.ts";

/** The topics whose messages make up a run; cards and CRM writes go on long after it. */
export const monitorTopics: readonly TopicName[] = [
  "account-due",
  "vendor-due",
  "signal-received",
];

/** How long the done messages of a run are kept, from which it is counted. */
const messagesKeptMs = 30 * dayMs;

/** The counts of a run's messages and signals. */
export interface RunCounts {
  readonly received: number;
  readonly receivedDone: number;
  readonly signals: number;
  readonly open: number;
  readonly parked: number;
}

/** How a run went. */
export interface RunFigures {
  readonly state: "running" | "finished" | "parked";
  readonly found: number;
  readonly kept: number;
  readonly dropped: number;
}

/** What a run found, kept and dropped; null once its messages have expired. */
export function runFigures(
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
export function dropReason({
  state,
  skipped,
}: Pick<Message, "state" | "skipped">): string | null {
  return state === "done" ? skipped : null;
}
