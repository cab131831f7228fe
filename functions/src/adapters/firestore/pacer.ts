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
      // Begun later than this after its slot, a request could be one too many in its second.
      const graceMs = perSecond * slotMs - 1000;
      const begunAt = clock.now().getTime();
      let slot = Math.ceil(begunAt / slotMs);
      const last = Math.ceil((begunAt + maxAheadMs) / slotMs);
      let stride = 1;
      for (;;) {
        signal.throwIfAborted();
        if (slot > last)
          throw new RetryableError(
            "vendor-busy",
            `All requests to ${vendor} are taken for ${maxAheadMs / 1000} s.`,
            { retryAfterMs: maxAheadMs },
          );
        const askedAt = clock.now().getTime();
        const isMine = await taken(slot);
        const tookMs = clock.now().getTime() - askedAt;
        if (isMine) await until(slot * slotMs, signal);
        const now = clock.now().getTime();
        if (isMine && now <= slot * slotMs + graceMs) return;
        // Under a crowd the next free slot is far away: look ever further ahead, and beyond what an answer takes.
        slot = Math.max(
          slot + 1 + Math.floor(Math.random() * stride),
          Math.ceil((now + tookMs) / slotMs),
        );
        stride = Math.min(stride * 2, 32);
      }

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
    signal.throwIfAborted();
    const ms = time - clock.now().getTime();
    if (ms <= 0) return;
    await new Promise<void>((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        reject(new RetryableError("timed-out", "The run ended first."));
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", stop);
        resolve();
      }, ms);
      signal.addEventListener("abort", stop, { once: true });
    });
  }
}
