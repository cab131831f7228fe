import { z } from "zod";
import { Message } from "./message.ts";

/** A message as it was created, and the stamp that the database gave it: what a ring may carry along. */
export const Handoff = z.object({
  data: Message,
  stamp: z.object({ seconds: z.number(), nanoseconds: z.number() }),
});
export type Handoff = z.infer<typeof Handoff>;

/** What is longer is read from the database: a ring is to be quick, and texts are not to lie about in more places than one. */
const maxLength = 8_000;

/** A message as text, its moments kept apart from texts that look like one; null where it is too long for a ring. */
export function encodeHandoff({ data, stamp }: Handoff): string | null {
  const { seconds, nanoseconds } = stamp;
  const text = JSON.stringify(
    markMoments({ data, stamp: { seconds, nanoseconds } }),
  );
  return text.length <= maxLength ? text : null;
}

/** The message that a ring carries, or null where what it carries is none: then it is read. */
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

/** The value with whatever `change` has another for in its place, all the way down. */
function mapDeep(value: unknown, change: (value: unknown) => unknown): unknown {
  const other = change(value);
  if (other !== undefined) return other;
  if (Array.isArray(value)) return value.map((inner) => mapDeep(inner, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mapDeep(inner, change)]),
  );
}
