import type { PubSub } from "@google-cloud/pubsub";
import type { TaskQueue } from "firebase-admin/functions";
import { idFrom } from "../../domain/hash.ts";
import type { Clock, Doorbell, Ring } from "../../pipeline/ports.ts";

interface Lines {
  readonly pubsub: () => Promise<PubSub>;
  /** The queue of the function that rings at a moment. */
  readonly queue: () => Promise<TaskQueue>;
  readonly clock: Clock;
}

/** Rings over Pub/Sub for what is due, and puts what is not on Cloud Tasks for its moment. */
export function doorbell({ pubsub, queue, clock }: Lines): Doorbell {
  return {
    ring: async (rings) => {
      const now = clock.now();
      const due = rings.filter(({ at }) => at <= now);
      const later = rings.filter(({ at }) => at > now);
      await Promise.all([
        ...due.map(async (ring) => publish(ring)),
        ...later.map(async (ring) => enqueue(ring)),
      ]);
    },
  };

  async function publish({
    topic,
    tenantId,
    messageId,
    traceId,
  }: Ring): Promise<void> {
    const client = await pubsub();
    const options = { batching: { maxMilliseconds: 5 } };
    await client.topic(topic, options).publishMessage({
      json: { tenantId, messageId },
      attributes: { traceId },
    });
  }

  async function enqueue({
    topic,
    tenantId,
    messageId,
    traceId,
    at,
    starts,
  }: Ring): Promise<void> {
    // The name holds the message, its moment and its starts, or the second ring of a retry would be dropped as a duplicate.
    const id = idFrom(tenantId, messageId, at.getTime(), starts);
    try {
      await (
        await queue()
      ).enqueue(
        { topic, tenantId, messageId, traceId },
        { id, scheduleTime: at },
      );
    } catch (error) {
      if (!isTwin(error)) throw error;
    }
  }
}

function isTwin(error: unknown): boolean {
  return (
    error !== null &&
    typeof error === "object" &&
    "code" in error &&
    error.code === "functions/task-already-exists"
  );
}
