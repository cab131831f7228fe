import { Instant, minuteMs } from "../kernel/instant.ts";
import { Message } from "./message.ts";
import { explainMisfit, type Raw } from "./unreadable.ts";

/** How long a message that cannot be read is left alone once it is due: while a release is rolled out, functions of the next one may be about to work on it. Less than what health calls overdue. */
export const unreadableAfterMs = 3 * minuteMs;

/** What to do about a stored message: nothing where it can be read or has ended, nothing yet, or to park it by these fields alone. */
export type Parking =
  | { readonly kind: "readable" | "ended" | "early" }
  | { readonly kind: "park"; readonly patch: ParkingPatch };

/** What parking writes. */
export type ParkingPatch = ReturnType<typeof toPatch>;

/** Decides whether a stored message has to be parked as unreadable; what else it holds stays as it is. */
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

/** The clock touches what is open each time it rings for it; whatever else is touched is being worked on. */
function untouchedSince({ state, runAt, updatedAt }: Raw): Date {
  const moments = [runAt, ...(state === "open" ? [] : [updatedAt])]
    .map((moment) => Instant.safeParse(moment).data?.getTime() ?? 0)
    .filter((ms) => !Number.isNaN(ms));
  return new Date(Math.max(0, ...moments));
}
