import { onTaskDispatched } from "firebase-functions/v2/tasks";
import { z } from "zod";
import { MessageId, TenantId } from "../domain/ids.ts";
import { TopicName } from "../domain/topics.ts";
import type { Deps } from "../pipeline/ports.ts";

const Later = z.object({
  topic: TopicName,
  tenantId: TenantId,
  messageId: MessageId,
  traceId: z.string(),
});

/** Rings at a moment: the task arrives then, and is passed on as a ring for now. */
export function onTask(region: string, deps: () => Promise<Deps>) {
  const options = {
    region,
    memory: "256MiB",
    serviceAccount: "clientpulse-clock@",
    timeoutSeconds: 60,
    retryConfig: { maxAttempts: 3 },
    rateLimits: { maxConcurrentDispatches: 100 },
  } as const;
  return onTaskDispatched(options, async (request) => {
    const { doorbell, clock, log } = await deps();
    const later = Later.safeParse(request.data);
    if (!later.success) {
      log.write("ERROR", "a task that is not one of ours was dropped", {
        error: z.prettifyError(later.error),
      });
      return;
    }
    await doorbell.ring([{ ...later.data, at: clock.now(), starts: 0 }]);
  });
}
