import { onMessagePublished } from "firebase-functions/v2/pubsub";
import { z } from "zod";
import { decodeHandoff } from "../domain/messages/handoff.ts";
import { MessageId, TenantId } from "../domain/kernel/ids.ts";
import type { TopicName } from "../domain/messages/topics.ts";
import { budgetFor, crewFor } from "../pipeline/index.ts";
import type { Deps } from "../ports/deps.ts";
import { deliver } from "../delivery/deliver.ts";

/** A ring: which message to process, and optionally its document as it was created. */
const Doorbell = z.object({
  tenantId: TenantId,
  messageId: MessageId,
  handoff: z.string().optional(),
});

type Secret = ReturnType<
  typeof import("firebase-functions/params").defineSecret
>;

type Limit = ReturnType<typeof import("firebase-functions/params").defineInt>;

interface Options {
  readonly region: string;
  readonly maxInstances: Limit;
  readonly memory: "256MiB" | "512MiB";
  readonly concurrency: number;
  readonly serviceAccount: string;
  readonly secrets?: Secret[];
}

/** The function that processes one topic's messages. It never asks Pub/Sub to retry: the message document keeps the state, and the sweeper rings again. */
export function onTopic(
  topic: TopicName,
  options: Options,
  deps: () => Promise<Deps>,
) {
  const timeoutSeconds = Math.ceil(budgetFor(topic) / 1000) + 10;
  return onMessagePublished(
    { topic, retry: false, timeoutSeconds, ...options },
    async (event) => {
      const carried = await deps();
      const ring = Doorbell.safeParse(event.data.message.json);
      if (!ring.success) {
        carried.log.write(
          "ERROR",
          "a ring that is not one of ours was dropped",
          { topic, error: z.prettifyError(ring.error) },
        );
        return;
      }
      const { handoff: text, ...wanted } = ring.data;
      const handoff = text === undefined ? null : decodeHandoff(text);
      await deliver(
        { ...wanted, ...(handoff && { handoff }) },
        crewFor(topic),
        carried,
      );
    },
  );
}
