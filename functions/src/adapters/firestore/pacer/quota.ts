import type { DocumentReference, Firestore } from "firebase-admin/firestore";
import { RetryableError } from "../../../domain/kernel/errors.ts";
import { addMs, minuteMs } from "../../../domain/kernel/instant.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Quota } from "../../../ports/crm.ts";
import { isWritten, toUnreachedError } from "./slots.ts";

/** Quotas of a day are small, so that few spend at the same moment. */
const maxTries = 20;

/** Counts one request in the ledger of the quota's current window; throws as the port says. */
export async function spend(
  { key, limit, windowMs }: Quota,
  { db, clock }: { readonly db: Firestore; readonly clock: Clock },
): Promise<void> {
  const began = Math.floor(clock.now().getTime() / windowMs) * windowMs;
  const ledger = db.doc(`pacers/${key}_${windowMs}/windows/${began}`);
  const end = new Date(began + windowMs);
  for (let tries = 0; tries < maxTries; tries++) {
    const read = await readLedger(ledger);
    const spent: unknown = read.get("spent") ?? 0;
    if (typeof spent !== "number" || spent >= limit)
      throw new RetryableError(
        "vendor-busy",
        `All ${limit} requests to ${key} are spent until ${end.toISOString()}.`,
        { retryAfterMs: end.getTime() - clock.now().getTime() },
      );
    const { updateTime } = read;
    const written =
      updateTime === undefined
        ? ledger.create({ spent: spent + 1, expiresAt: addMs(end, minuteMs) })
        : ledger.update({ spent: spent + 1 }, { lastUpdateTime: updateTime });
    if (await isWritten(written)) return;
  }
  throw new RetryableError(
    "store-busy",
    `Too many want to ask ${key} at once.`,
  );
}

function readLedger(ledger: DocumentReference) {
  return ledger.get().catch((error: unknown) => {
    throw toUnreachedError(error);
  });
}
