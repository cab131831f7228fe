import * as at from "../../domain/collections.ts";
import type { Stage } from "../../ports/stage.ts";
import { need } from "../../ports/store.ts";
import { decide } from "./review.ts";

/** Puts a snoozed card before its audience again, unless a person or another stage was faster. */
export const wake: Stage<"snooze-end", "store" | "clock"> = {
  topic: "snooze-end",
  run: async ({ tenantId, payload }, { store, clock }) => {
    const [tenant, read] = await Promise.all([
      need(at.tenant(tenantId), store),
      store.read(at.opportunity(tenantId, payload.opportunityId)),
    ]);
    if (read === null || read.data.version !== payload.version)
      return { skipped: "it has already been woken, decided or rewritten" };
    const { reviewHours } = tenant.data;
    const by = "system:snooze-end";
    const command = { kind: "wake", by, reviewHours } as const;
    const woken = decide({ tenantId, read }, command, clock.now());
    return woken.ok ? woken.outcome : { skipped: woken.why };
  },
};
