import {
  onTaskDispatched,
  type TaskQueueOptions,
} from "firebase-functions/v2/tasks";
import { z } from "zod";
import { MessageId, TenantId } from "../domain/kernel/ids.ts";
import { addMs, secondMs } from "../domain/kernel/instant.ts";
import { TopicName } from "../domain/messages/topics.ts";
import type { Deps } from "../ports/deps.ts";
import { sweepDue } from "../delivery/sweep.ts";

/** Two such sweeps in a row overlap by little: what one leaves is taken by the next. */
const sweepBudgetMs = 10 * secondMs;

const Later = z.object({
  topic: TopicName,
  tenantId: TenantId,
  messageId: MessageId,
  traceId: z.string(),
});

const Sweep = z.object({ sweep: z.iso.datetime() });

/** The function that Cloud Tasks call: a task is either a delayed ring, which is passed on now, or a request to sweep what is due. */
export function onTask(
  where: Pick<TaskQueueOptions, "region" | "maxInstances">,
  deps: () => Promise<Deps>,
) {
  const options = {
    ...where,
    memory: "256MiB",
    serviceAccount: "clientpulse-clock@",
    timeoutSeconds: 60,
    retryConfig: { maxAttempts: 3 },
    rateLimits: { maxConcurrentDispatches: 100 },
  } as const satisfies TaskQueueOptions;
  return onTaskDispatched(options, async (request) => {
    const carried = await deps();
    const { doorbell, clock, log } = carried;
    if (Sweep.safeParse(request.data).success) {
      await sweepDue(addMs(clock.now(), sweepBudgetMs), carried);
      return;
    }
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
