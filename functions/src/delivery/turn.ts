import { addMs, secondMs } from "../domain/kernel/instant.ts";
import { topics } from "../domain/messages/topics.ts";
import { ring, toRing } from "./ring.ts";
import type { Deps } from "../ports/deps.ts";
import { update } from "../ports/store.ts";
import { type Claim, logFacts } from "./claim.ts";

/** Who comes later than this to a turn has lost it, lest those who are late come all at once. */
const graceMs = 10 * secondMs;

/**
 * Whether a piece of work that has a vendor's rate to keep may be done now. If not, its message is put
 * off to the turn that it was given; that is no failed run, and no time of a function is spent waiting.
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
