import { z } from "zod";

/**
 * A moment in time that the database can hold (Firestore, Data types: Date and time); stored as a Timestamp, sent by
 * the API as ISO 8601.
 */
export const Instant = z
  .date()
  .min(new Date("0001-01-01T00:00:00.000Z"))
  .max(new Date("9999-12-31T23:59:59.999Z"));
export type Instant = z.infer<typeof Instant>;

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** The moment `ms` milliseconds after `at` (before it, where negative). */
export function addMs(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

/** Whole UTC days since 1970-01-01. */
export function toDay(at: Date): number {
  return Math.floor(at.getTime() / dayMs);
}

/** The date, `yyyy-mm-dd`, of a day counted from 1970-01-01. */
export function toDateText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}
