import { z } from "zod";
import { stamps } from "../kernel/document.ts";
import { addMs, dayMs, Instant, secondMs } from "../kernel/instant.ts";

/** How long an answer is given again to whoever sends the same Idempotency-Key. */
export const answerKeptMs = dayMs;

/** A request ends within 60 s, which is the function's timeout; what has no answer by then died. */
export const commandLeaseMs = 75 * secondMs;

/** A command that was sent with an Idempotency-Key, and the answer that it was given; its id is of the person and the key. */
export const KeyedCommand = z.object({
  ...stamps,
  /** What was asked: method, path and body, hashed. */
  fingerprint: z.string(),
  /** While it has no answer, nobody else may carry it out before this. */
  leaseUntil: Instant,
  answer: z.object({ status: z.int(), body: z.string() }).nullable(),
  expiresAt: Instant,
});
export type KeyedCommand = z.infer<typeof KeyedCommand>;

/** How a command stands for a request with its key: to be carried out by it, answered already, under way, or another one. */
export function commandState(
  command: KeyedCommand | null,
  fingerprint: string,
  now: Date,
): "open" | "answered" | "running" | "another" {
  // Retention is no promise: what has expired may still be there.
  if (command === null || command.expiresAt <= now) return "open";
  if (command.fingerprint !== fingerprint) return "another";
  if (command.answer !== null) return "answered";
  return command.leaseUntil > now ? "running" : "open";
}

/** A command that begins now. */
export function toStartedCommand(fingerprint: string, now: Date) {
  return {
    fingerprint,
    leaseUntil: addMs(now, commandLeaseMs),
    answer: null,
    expiresAt: addMs(now, answerKeptMs),
  };
}
