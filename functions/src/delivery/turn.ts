import { addMs, secondMs } from "../domain/kernel/instant.ts";
import { topics } from "../domain/messages/topics.ts";
import { ring, toRing } from "./ring.ts";
import type { Deps } from "../ports/deps.ts";
import { update } from "../ports/store.ts";
import { type Claim, logFacts } from "./claim.ts";

/** Work that comes later than this to its turn loses it, so that latecomers do not all arrive at once. */
const graceMs = 10 * secondMs;

/**
 * Whether work that must keep to a vendor's rate may be done now. If not, its message is postponed to the turn that
 * it was given; this is not a failed run, and no function waits idly.
 */
export async function takeTurn(
  wanted: Claim,
  deps: Deps,
): Promise<"now" | "later" | "not-mine"> {
  const { tenantId, messageId, read, stage } = wanted;
  const payload = topics[stage.topic].payload.safeParse(read.data.payload);
  const pace = payload.success ? stage.pace?.(payload.data, deps) : null;
  if (pace === null || pace === undefined) return "now";
  const { turnAt } = read.data;
  if (turnAt !== null && deps.clock.now() <= addMs(turnAt, graceMs))
    return "now";

  const given = await deps.pacer.book(pace);
  const now = deps.clock.now();
  if (given <= now) return "now";
  const patch = { runAt: given, ringAt: given, turnAt: given };
  const put = await deps.store.commit([update(read, patch)], now);
  if (put.kind === "conflict") return "not-mine";
  deps.log.write("INFO", "waits for its turn", logFacts(wanted, patch));
  await ring([toRing(tenantId, messageId, { ...read.data, ...patch })], deps);
  return "later";
}
