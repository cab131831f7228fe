import { z } from "zod";
import { stamps } from "../kernel/document.ts";
import {
  addMs,
  hourMs,
  Instant,
  minuteMs,
  secondMs,
} from "../kernel/instant.ts";

/** How many requests a caller may make: so many a minute in the long run, and `burst` at once after a pause. */
export interface Rate {
  readonly name: string;
  readonly perMinute: number;
  readonly burst: number;
}

/** What a caller has used of a rate: nothing more than until when it is used up (the generic cell rate algorithm, ITU-T I.371). */
export const Budget = z.object({
  ...stamps,
  usedUntil: Instant,
  expiresAt: Instant,
});
export type Budget = z.infer<typeof Budget>;

/** A share of a budget that one instance may spend on its own until a moment; or none, and when there is some again. */
export interface Share {
  readonly requests: number;
  /** How many the budget holds besides. */
  readonly besides: number;
  /** Spent by then, or asked for again from then on. */
  readonly until: Date;
  /** When the budget is whole again. */
  readonly wholeAt: Date;
  readonly budget: Pick<Budget, "usedUntil" | "expiresAt">;
}

/**
 * The next share of a budget: a fifth of what there is, so that an instance asks seldom while there is much and
 * leaves little unspent while others starve, but what a second brings at least, so that a caller at their limit
 * costs one write a second.
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
