import { Instant, minuteMs } from "../kernel/instant.ts";
import { Message } from "./message.ts";
import { explainMisfit, type Raw } from "./unreadable.ts";

/**
 * How long an unreadable message is left alone after it is due: during a rollout, functions of the next release may
 * be about to work on it. Shorter than what health calls overdue.
 */
export const unreadableAfterMs = 3 * minuteMs;

/**
 * What to do about a stored message: nothing, because it can be read or has ended; nothing yet; or park it with these
 * fields alone.
 */
export type Parking =
  | { readonly kind: "readable" | "ended" | "early" }
  | { readonly kind: "park"; readonly patch: ParkingPatch };

/** The fields that parking writes. */
export type ParkingPatch = ReturnType<typeof toPatch>;

/** Decides whether a stored message must be parked as unreadable; its other fields stay unchanged. */
export function decideParking(raw: Raw, now: Date): Parking {
  const parsed = Message.safeParse(raw);
  if (parsed.success) return { kind: "readable" };
  const { state } = raw;
  if (state === "done" || state === "parked") return { kind: "ended" };
  if (untouchedSince(raw).getTime() + unreadableAfterMs > now.getTime())
    return { kind: "early" };
  const was =
    typeof state === "string" && /^[\w-]{1,40}$/.test(state)
      ? ` It was "${state}".`
      : "";
  const reason = `${explainMisfit(parsed.error)}.${was}`.slice(0, 1_000);
  return { kind: "park", patch: toPatch(reason, now) };
}

function toPatch(message: string, now: Date) {
  return {
    state: "parked",
    lease: null,
    error: { code: "unreadable", message, at: now },
  } as const;
}

/**
 * The clock touches open messages each time it rings for them; any other touch means that somebody is working on it.
 */
function untouchedSince({ state, runAt, updatedAt }: Raw): Date {
  const moments = [runAt, ...(state === "open" ? [] : [updatedAt])]
    .map((moment) => Instant.safeParse(moment).data?.getTime() ?? 0)
    .filter((ms) => !Number.isNaN(ms));
  return new Date(Math.max(0, ...moments));
}
