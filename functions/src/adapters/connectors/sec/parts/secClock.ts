import { newYorkTime } from "./newYork.ts";

/** By which clock EDGAR's lists give a filer's times, each of which ends in Z. */
export type ListClock = "utc" | "newYork";

/**
 * By which clock a filer's list gives its times, by one time of it and the same as the filing's own header has it; null
 * where neither fits. It belongs to the filer: of 808 filers, 624 were in UTC throughout, 181 in New York's time, and 3 in
 * both (64,936 filings compared in September 2026: datamule-python, issue 115).
 */
export function detectClock(listed: Date, accepted: Date): ListClock | null {
  if (listed.getTime() === accepted.getTime()) return "utc";
  const isNewYork =
    acceptedBy("newYork", listed).getTime() === accepted.getTime();
  return isNewYork ? "newYork" : null;
}

/** The instant of a time in a list by that clock. */
export function acceptedBy(clock: ListClock | null, listed: Date): Date {
  if (clock !== "newYork") return listed;
  const digits = listed.toISOString().replace(/\D/gu, "").slice(0, 14);
  return newYorkTime(digits) ?? listed;
}
