import { toDay } from "../kernel/instant.ts";

/** When something happened, and the later day that it is announced for; null if it is not. */
interface Occurrence {
  readonly occurredAt: Date;
  readonly announcedFor: Date | null;
}

/**
 * When something happened, given its stated dates, the most reliable first. What is dated after its receipt has not
 * happened yet: the first date up to the receipt counts, or else the receipt itself. A later day is kept as the
 * announced one.
 */
export function toOccurrence(
  stated: readonly (Date | null)[],
  receivedAt: Date,
): Occurrence {
  const dates = stated.filter((at) => at !== null);
  const past = dates.find((at) => at <= receivedAt);
  const ahead = dates.find((at) => toDay(at) > toDay(receivedAt));
  return { occurredAt: past ?? receivedAt, announcedFor: ahead ?? null };
}

/** When a signal happened: never after it was received, even if it was stored with a later date. */
export function happenedAt(signal: {
  readonly occurredAt: Date;
  readonly receivedAt: Date;
}): Date {
  return earlier(signal.occurredAt, signal.receivedAt);
}

/** The earlier of two moments. */
export function earlier(a: Date, b: Date): Date {
  return a <= b ? a : b;
}
