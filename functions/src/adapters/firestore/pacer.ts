import type { Firestore } from "firebase-admin/firestore";
import { addMs, minuteMs } from "../../domain/instant.ts";
import { RetryableError } from "../../domain/errors.ts";
import type { Clock, Pacer } from "../../pipeline/ports.ts";

/** A caller that would have to wait longer than this is sent away to try again later. */
const maxAheadMs = 20_000;

/**
 * Keeps to a vendor's rate over all instances. Time is cut into slots of one request each; whoever
 * creates a slot's document owns it, and `create` has exactly one winner. No document is written twice.
 * Slots are 10 % longer than the rate asks, so that no window of a second holds more than the rate.
 */
export function firestorePacer(db: Firestore, clock: Clock): Pacer {
  return {
    turn: async (vendor, perSecond, signal) => {
      const slotMs = Math.ceil(1100 / perSecond);
      const start = clock.now();
      let slot = Math.ceil(start.getTime() / slotMs);
      const last = Math.ceil(addMs(start, maxAheadMs).getTime() / slotMs);
      let stride = 1;
      while (!(await taken(slot))) {
        signal.throwIfAborted();
        // Under a crowd the next free slot is far away: look ever further ahead.
        slot += 1 + Math.floor(Math.random() * stride);
        stride = Math.min(stride * 2, 32);
        if (slot > last)
          throw new RetryableError(
            "vendor-busy",
            `All requests to ${vendor} are taken for ${maxAheadMs / 1000} s.`,
            { retryAfterMs: maxAheadMs },
          );
      }
      await until(slot * slotMs, signal);

      async function taken(wanted: number): Promise<boolean> {
        try {
          const at = new Date(wanted * slotMs);
          await db
            .doc(`system/pacer/slots/${vendor}_${slotMs}_${wanted}`)
            .create({ at, expiresAt: addMs(at, minuteMs) });
          return true;
        } catch (error) {
          if (
            error !== null &&
            typeof error === "object" &&
            "code" in error &&
            error.code === 6
          )
            return false;
          throw new RetryableError(
            "store-busy",
            "The pacer could not reach the database.",
            { cause: error },
          );
        }
      }
    },
  };

  async function until(time: number, signal: AbortSignal): Promise<void> {
    const ms = time - clock.now().getTime();
    if (ms <= 0) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener(
        "abort",
        () => {
          clearTimeout(timer);
          reject(new RetryableError("timed-out", "The run ended first."));
        },
        { once: true },
      );
    });
  }
}
