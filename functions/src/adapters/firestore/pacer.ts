import type {
  CollectionReference,
  DocumentReference,
  DocumentSnapshot,
  Firestore,
} from "firebase-admin/firestore";
import { addMs, minuteMs } from "../../domain/kernel/instant.ts";
import { RetryableError } from "../../domain/kernel/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Pacer } from "../../ports/crm.ts";

/** A caller that would have to wait longer than this is sent away to try again later. */
const maxAheadMs = 20_000;

/** Quotas of a day are small, so that few spend at the same moment. */
const maxSpendTries = 20;

/** How far around the last turn those look who want one at the same moment, so that they do not all want the same, and that few are left out. */
const maxSpread = 3;

/** More slots than there will ever be. */
const furthest = 1e15;

/** A slot's id, by which the furthest slot comes first: ids are sorted upwards without an index, and never downwards. */
function countingDown(slot: number): string {
  return String(furthest - slot).padStart(16, "0");
}

function unreached(cause: unknown): RetryableError {
  return new RetryableError(
    "store-busy",
    "The pacer could not reach the database.",
    { cause },
  );
}

/**
 * Keeps to a vendor's rate over all instances. Time is cut into slots of one request each; whoever
 * creates a slot's document owns it, and `create` has exactly one winner. No document is written twice.
 * The slots of turns are 10 % longer than the rate asks, so that no window of a second holds more than the rate;
 * those that are booked are as long as it asks, since whoever books can be told that it was too much.
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

      function taken(wanted: number): Promise<boolean> {
        return take(
          db.doc(`system/pacer/slots/${vendor}_${slotMs}_${wanted}`),
          new Date(wanted * slotMs),
        );
      }
    },

    spend: async ({ key, limit, windowMs }) => {
      const began = Math.floor(clock.now().getTime() / windowMs) * windowMs;
      const ledger = db.doc(`pacers/${key}_${windowMs}/windows/${began}`);
      const end = new Date(began + windowMs);
      for (let tries = 0; tries < maxSpendTries; tries++) {
        const read = await ledger.get().catch((error: unknown) => {
          throw unreached(error);
        });
        const spent: unknown = read.get("spent") ?? 0;
        if (typeof spent !== "number" || spent >= limit)
          throw new RetryableError(
            "vendor-busy",
            `All ${limit} requests to ${key} are spent until ${end.toISOString()}.`,
            { retryAfterMs: end.getTime() - clock.now().getTime() },
          );
        if (await spentOne(ledger, read, spent + 1, end)) return;
      }
      throw new RetryableError(
        "store-busy",
        `Too many want to ask ${key} at once.`,
      );
    },

    book: async ({ key, everyMs }) => {
      const slotMs = Math.ceil(everyMs);
      const slots = db.collection(`pacers/${key}_${slotMs}/slots`);
      const current = () => Math.floor(clock.now().getTime() / slotMs);
      let slot = current();
      let spread = 0;
      while (
        !(await take(slots.doc(countingDown(slot)), new Date(slot * slotMs)))
      ) {
        const next = (await lastOf(slots)) + 1;
        const from = Math.max(current(), next - spread);
        slot = from + Math.floor(Math.random() * (next + spread - from + 1));
        spread = Math.min(maxSpread, spread * 2 + 1);
      }
      return new Date(slot * slotMs);
    },
  };

  /** Whether the ledger was still as it was read. */
  async function spentOne(
    ledger: DocumentReference,
    read: DocumentSnapshot,
    spent: number,
    end: Date,
  ): Promise<boolean> {
    const expiresAt = addMs(end, minuteMs);
    try {
      if (read.updateTime === undefined)
        await ledger.create({ spent, expiresAt });
      else await ledger.update({ spent }, { lastUpdateTime: read.updateTime });
      return true;
    } catch (error) {
      // ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED: somebody else was first.
      if (
        error !== null &&
        typeof error === "object" &&
        "code" in error &&
        (error.code === 6 || error.code === 9 || error.code === 10)
      )
        return false;
      throw unreached(error);
    }
  }

  /** Whether the slot is the caller's now. */
  async function take(slot: DocumentReference, at: Date): Promise<boolean> {
    try {
      await slot.create({ at, expiresAt: addMs(at, minuteMs) });
      return true;
    } catch (error) {
      if (
        error !== null &&
        typeof error === "object" &&
        "code" in error &&
        error.code === 6
      )
        return false;
      throw unreached(error);
    }
  }

  /** The furthest slot that is taken. */
  async function lastOf(slots: CollectionReference): Promise<number> {
    const first = slots.limit(1).select().get();
    const found = await first.catch((error: unknown) => {
      throw unreached(error);
    });
    const [last] = found.docs;
    return last === undefined ? -1 : furthest - Number(last.id);
  }

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
