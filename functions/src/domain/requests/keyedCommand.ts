import { z } from "zod";
import { stamps } from "../kernel/document.ts";
import { addMs, dayMs, Instant, secondMs } from "../kernel/instant.ts";

/** How long an answer is repeated to whoever sends the same Idempotency-Key. */
export const answerKeptMs = dayMs;

/** A request ends within 60 s, the function's timeout; a command still without an answer by then has died. */
export const commandLeaseMs = 75 * secondMs;

/** A command sent with an Idempotency-Key, and its answer; its id is made from the person and the key. */
export const KeyedCommand = z.object({
  ...stamps,
  /** The request: method, path and body, hashed. */
  fingerprint: z.string(),
  /** While it has no answer, nobody else may carry it out before this. */
  leaseUntil: Instant,
  answer: z.object({ status: z.int(), body: z.string() }).nullable(),
  expiresAt: Instant,
});
export type KeyedCommand = z.infer<typeof KeyedCommand>;

/**
 * What a request finds under its key: nothing, so that it carries out the command itself; an answer; a command under
 * way; or a different command.
 */
export function commandState(
  command: KeyedCommand | null,
  fingerprint: string,
  now: Date,
): "open" | "answered" | "running" | "another" {
  // Retention is not exact: an expired document may still exist.
  if (command === null || command.expiresAt <= now) return "open";
  if (command.fingerprint !== fingerprint) return "another";
  if (command.answer !== null) return "answered";
  return command.leaseUntil > now ? "running" : "open";
}

/** A command that starts now. */
export function toStartedCommand(fingerprint: string, now: Date) {
  return {
    fingerprint,
    leaseUntil: addMs(now, commandLeaseMs),
    answer: null,
    expiresAt: addMs(now, answerKeptMs),
  };
}
