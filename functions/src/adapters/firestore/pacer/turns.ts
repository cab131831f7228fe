import type { Firestore } from "firebase-admin/firestore";
import { RetryableError } from "../../../domain/kernel/errors.ts";
import type { Clock } from "../../../ports/clock.ts";
import { takeSlot } from "./slots.ts";

/** A caller that would have to wait longer than this is sent away to try again later. */
const maxAheadMs = 20_000;

/** Under a crowd the next free slot is looked for ever further ahead, up to so many. */
const maxStride = 32;

/** Waits for a slot of the vendor's rate that is the caller's alone; throws as the port says. Slots are 10 % longer than the rate asks, so that no window of a second holds more than the rate. */
export async function waitForTurn(
  {
    vendor,
    perSecond,
    signal,
  }: {
    readonly vendor: string;
    readonly perSecond: number;
    readonly signal: AbortSignal;
  },
  { db, clock }: { readonly db: Firestore; readonly clock: Clock },
): Promise<void> {
  const slotMs = Math.ceil(1100 / perSecond);
  // Begun later than this after its slot, a request could be one too many in its second.
  const graceMs = perSecond * slotMs - 1000;
  const begunAt = clock.now().getTime();
  const last = Math.ceil((begunAt + maxAheadMs) / slotMs);
  let slot = Math.ceil(begunAt / slotMs);
  for (let stride = 1; ; stride = Math.min(stride * 2, maxStride)) {
    signal.throwIfAborted();
    if (slot > last)
      throw new RetryableError(
        "vendor-busy",
        `All requests to ${vendor} are taken for ${maxAheadMs / 1000} s.`,
        { retryAfterMs: maxAheadMs },
      );
    const startsAt = new Date(slot * slotMs);
    const document = db.doc(`system/pacer/slots/${vendor}_${slotMs}_${slot}`);
    const askedAt = clock.now().getTime();
    const isMine = await takeSlot(document, startsAt);
    const tookMs = clock.now().getTime() - askedAt;
    if (isMine) await waitUntil(startsAt, { clock, signal });
    const now = clock.now().getTime();
    if (isMine && now <= startsAt.getTime() + graceMs) return;
    // The next one to try lies beyond what an answer takes.
    slot = Math.max(
      slot + 1 + Math.floor(Math.random() * stride),
      Math.ceil((now + tookMs) / slotMs),
    );
  }
}

async function waitUntil(
  moment: Date,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
  const ms = moment.getTime() - clock.now().getTime();
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
