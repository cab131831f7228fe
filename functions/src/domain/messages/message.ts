import { z } from "zod";
import { stamps, type Unstamped } from "../kernel/document.ts";
import { MessageId } from "../kernel/ids.ts";
import { addMs, Instant, secondMs } from "../kernel/instant.ts";
import { idFrom } from "../kernel/hash.ts";
import { toMessageId, type Payload, TopicName } from "./topics.ts";

/** How often a message may be started without an end before it is parked as `crashed`: it kills its process. */
export const maxStarts = 20;

/** The number of independent streams in which the sweeper reads the open messages. */
export const shards = 8;

/**
 * How long after an emission the sweeper rings again, in milliseconds: what was lost, or died with its process, costs
 * this and one sweep's interval. Until then a first start needs no claim.
 */
export const ringAfterMs = 8 * secondMs;

/** A piece of work to be done. This document is the truth; Pub/Sub is only its doorbell. */
export const Message = z.object({
  ...stamps,
  topic: TopicName,
  payload: z.record(z.string(), z.unknown()),
  state: z.enum(["open", "done", "parked"]),
  /** How often it was claimed since a run last ended properly, and how often a run ended in an error. */
  starts: z.int().nonnegative(),
  attempts: z.int().nonnegative(),
  /** Its turn at a vendor with a limited rate; null where it has none. */
  turnAt: Instant.nullable().default(null),
  /** Not before. */
  runAt: Instant,
  /** When the sweeper rings next. */
  ringAt: Instant,
  lease: z.object({ owner: z.string(), expiresAt: Instant }).nullable(),
  runId: z.string().nullable(),
  causedBy: z.string().nullable(),
  traceId: z.string(),
  accountId: z.string().nullable(),
  error: z
    .object({ code: z.string(), message: z.string(), at: Instant })
    .nullable(),
  /** Why a done message wrote nothing, if so. */
  skipped: z.string().nullable(),
  shard: z
    .int()
    .min(0)
    .max(shards - 1),
  /** Set only when done, so that retention never removes parked work. */
  expiresAt: Instant.nullable(),
});
export type Message = z.infer<typeof Message>;

/** What a stage, the API or the clock wants done next. */
export interface Emission<T extends TopicName = TopicName> {
  readonly topic: T;
  readonly payload: Payload<T>;
  /** Not before this; at once if absent. */
  readonly runAt?: Date;
}

/** Where a new message comes from. */
export interface Origin {
  readonly traceId: string;
  readonly runId: string | null;
  readonly causedBy: string | null;
}

/**
 * The message document for an emission: open and unstarted; the sweeper rings for it soon after it is due, should the
 * doorbell fail.
 */
export function newMessage(
  emission: Emission,
  origin: Origin,
  now: Date,
): { id: MessageId; data: Unstamped<Message> } {
  const id = toMessageId(emission.topic, emission.payload);
  const runAt = emission.runAt ?? now;
  return {
    id,
    data: {
      topic: emission.topic,
      payload: emission.payload,
      state: "open",
      starts: 0,
      attempts: 0,
      turnAt: null,
      runAt,
      ringAt: runAt > now ? runAt : addMs(now, ringAfterMs),
      lease: null,
      ...origin,
      accountId:
        "accountId" in emission.payload ? emission.payload.accountId : null,
      error: null,
      skipped: null,
      shard: toShard(id),
      expiresAt: null,
    },
  };
}

/**
 * The message document for work in a form that cannot be processed: parked from the start with its reason, for a
 * person to see. The same work gives the same document each time.
 */
export function unreadableMessage(
  { topic, payload, reason }: UnreadableWork,
  origin: Origin,
  now: Date,
): { id: MessageId; data: Unstamped<Message> } {
  const id = MessageId.parse(`${topic}_${idFrom(JSON.stringify(payload))}`);
  return {
    id,
    data: {
      topic,
      payload,
      state: "parked",
      starts: 0,
      attempts: 0,
      turnAt: null,
      runAt: now,
      ringAt: now,
      lease: null,
      ...origin,
      accountId: null,
      error: { code: "bad-payload", message: reason, at: now },
      skipped: null,
      shard: toShard(id),
      expiresAt: null,
    },
  };
}

/** Work of which nothing is known but what was sent, already redacted. */
interface UnreadableWork {
  readonly topic: TopicName;
  readonly payload: Readonly<Record<string, string>>;
  readonly reason: string;
}

function toShard(id: MessageId): number {
  return parseInt(idFrom(id).slice(0, 8), 16) % shards;
}

/** Whether a message may be claimed now; if not, why not. */
export function isClaimable(
  message: Message,
  now: Date,
): "yes" | "ended" | "early" | "leased" {
  if (message.state !== "open") return "ended";
  if (message.runAt > now) return "early";
  if (message.lease !== null && message.lease.expiresAt > now) return "leased";
  return "yes";
}
