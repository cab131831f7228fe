import type { PubSub, Topic } from "@google-cloud/pubsub";
import { encodeHandoff } from "../../domain/messages/handoff.ts";
import { idFrom } from "../../domain/kernel/hash.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Doorbell, Ring } from "../../ports/messaging.ts";
import type { Enqueuer } from "./tasks.ts";

interface Lines {
  readonly pubsub: () => Promise<PubSub>;
  /** The queue of the function that rings at a moment. */
  readonly queue: () => Promise<Enqueuer>;
  readonly clock: Clock;
}

/** Rings over Pub/Sub for what is due, and puts what is not on Cloud Tasks for its moment. */
export function doorbell({ pubsub, queue, clock }: Lines): Doorbell {
  /** Each gathers what is published within some milliseconds: one of its own for every ring would send it alone. */
  const lines = new Map<string, Topic>();
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
    sweepAt: async (at) => {
      const name = idFrom("sweep", at.getTime());
      const payload = { sweep: at.toISOString() };
      await (await queue()).enqueue({ name, at, payload });
    },
  };

  async function publish({
    topic,
    tenantId,
    messageId,
    traceId,
    handoff,
  }: Ring): Promise<void> {
    const text = handoff === undefined ? null : encodeHandoff(handoff);
    const client = await pubsub();
    const options = { batching: { maxMilliseconds: 5 } };
    const line = lines.get(topic) ?? client.topic(topic, options);
    lines.set(topic, line);
    await line.publishMessage({
      json: { tenantId, messageId, ...(text !== null && { handoff: text }) },
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
    const name = idFrom(tenantId, messageId, at.getTime(), starts);
    const payload = { topic, tenantId, messageId, traceId };
    await (await queue()).enqueue({ name, at, payload });
  }
}
