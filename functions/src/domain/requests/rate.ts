import { z } from "zod";
import { stamps } from "../kernel/document.ts";
import {
  addMs,
  hourMs,
  Instant,
  minuteMs,
  secondMs,
} from "../kernel/instant.ts";

/** How many requests a caller may make: `perMinute` in the long run, and `burst` at once after a pause. */
export interface Rate {
  readonly name: string;
  readonly perMinute: number;
  readonly burst: number;
}

/**
 * What a caller has used of a rate: only the time until which it is used up (the generic cell rate algorithm, ITU-T
 * I.371).
 */
export const Budget = z.object({
  ...stamps,
  usedUntil: Instant,
  expiresAt: Instant,
});
export type Budget = z.infer<typeof Budget>;

/**
 * A share of a budget that one instance may spend on its own until a moment; or no share, and when there will be one.
 */
export interface Share {
  readonly requests: number;
  /** How many requests the budget has left besides this share. */
  readonly besides: number;
  /** The share must be spent by then; without one, when to ask again. */
  readonly until: Date;
  /** When the whole budget is available again. */
  readonly wholeAt: Date;
  readonly budget: Pick<Budget, "usedUntil" | "expiresAt">;
}

/**
 * The next share of a budget: a fifth of what is left, so that an instance asks rarely while there is much and leaves
 * little unspent while others starve; but at least one second's worth, so that a caller at their limit costs one
 * write a second.
 */
export function nextShare(
  usedUntil: Date | null,
  { perMinute, burst }: Rate,
  now: Date,
): Share {
  const eachMs = minuteMs / perMinute;
  const from = usedUntil === null || usedUntil < now ? now : usedUntil;
  const usedMs = from.getTime() - now.getTime();
  const there = Math.max(0, Math.floor(burst - usedMs / eachMs));
  const aSecond = Math.ceil(perMinute / 60);
  const requests = Math.min(there, Math.max(Math.ceil(there / 5), aSecond));
  const wholeAt = addMs(from, Math.ceil(requests * eachMs));
  const nextMs = usedMs - (burst - 1) * eachMs;
  return {
    requests,
    besides: there - requests,
    until: addMs(now, requests > 0 ? minuteMs : Math.max(secondMs, nextMs)),
    wholeAt,
    budget: { usedUntil: wholeAt, expiresAt: addMs(wholeAt, hourMs) },
  };
}
