import { z } from "zod";
import { Message } from "./message.ts";

/** A message as created, with its stamp from the database: what a ring may carry. */
export const Handoff = z.object({
  data: Message,
  stamp: z.object({ seconds: z.number(), nanoseconds: z.number() }),
});
export type Handoff = z.infer<typeof Handoff>;

/**
 * Anything longer is read from the database: rings must be quick, and texts must not spread to more places than
 * necessary.
 */
const maxLength = 8_000;

/**
 * A message as text, with moments distinguished from texts that look like moments; null where it is too long for a
 * ring.
 */
export function encodeHandoff({ data, stamp }: Handoff): string | null {
  const { seconds, nanoseconds } = stamp;
  const text = JSON.stringify(
    markMoments({ data, stamp: { seconds, nanoseconds } }),
  );
  return text.length <= maxLength ? text : null;
}

/** The message that a ring carries; null if it is not one, and then the message is read instead. */
export function decodeHandoff(text: string): Handoff | null {
  try {
    const raw: unknown = JSON.parse(text);
    return Handoff.safeParse(restoreMoments(raw)).data ?? null;
  } catch {
    return null;
  }
}

const Moment = z.strictObject({ $at: z.iso.datetime() });

function markMoments(value: unknown): unknown {
  return mapDeep(value, (inner) =>
    inner instanceof Date ? { $at: inner.toISOString() } : undefined,
  );
}

function restoreMoments(value: unknown): unknown {
  return mapDeep(value, (inner) => {
    const moment = Moment.safeParse(inner);
    return moment.success ? new Date(moment.data.$at) : undefined;
  });
}

/** The value with every nested value replaced for which `change` returns another. */
function mapDeep(value: unknown, change: (value: unknown) => unknown): unknown {
  const other = change(value);
  if (other !== undefined) return other;
  if (Array.isArray(value)) return value.map((inner) => mapDeep(inner, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mapDeep(inner, change)]),
  );
}
