import { onSchedule } from "firebase-functions/v2/scheduler";
import type { Deps } from "../ports/deps.ts";
import { tick } from "../delivery/tick.ts";

/** The function that ticks every minute. */
export function onClock(region: string, deps: () => Promise<Deps>) {
  const options = {
    region,
    schedule: "* * * * *",
    memory: "256MiB",
    serviceAccount: "clientpulse-clock@",
    timeoutSeconds: 60,
    maxInstances: 2,
  } as const;
  return onSchedule(options, async () => {
    const carried = await deps();
    const { due, rung, folded } = await tick(carried);
    carried.log.write("DEBUG", "tick", { due, rung, folded });
  });
}
