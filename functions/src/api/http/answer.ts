import { z } from "@hono/zod-openapi";
import type { ApiDeps } from "./context.ts";
import { type Problem, Refused } from "./problem.ts";

/** A moment on the wire: ISO 8601, UTC. */
export const Moment = z.iso.datetime().openapi({ format: "date-time" });

/** A JSON answer with an example of it, for a route's description. */
export function json<S extends z.ZodType>(
  schema: S,
  description: string,
  example: z.input<S>,
) {
  return { description, content: { "application/json": { schema, example } } };
}

/** A JSON body that must be sent, with an example of it. */
export function body<S extends z.ZodType>(schema: S, example: z.input<S>) {
  return {
    required: true,
    content: { "application/json": { schema, example } },
  } as const;
}

/** A value as its route's schema promises it: moments as text, and nothing that the schema does not name. */
export function shown<S extends z.ZodType>(
  schema: S,
  value: unknown,
): z.output<S> {
  return schema.parse(onWire(value));
}

function onWire(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(onWire);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, onWire(inner)]),
  );
}

const tries = 3;

/**
 * Reads, decides and commits by `attempt`; where somebody else was faster (null), anew, three times in all.
 * Then it is 409, with how the thing stands by then, where that can be told.
 */
export async function persistently<T>(
  attempt: () => Promise<T | null>,
  current: () => Promise<Problem["current"]> = () => Promise.resolve(undefined),
): Promise<T> {
  for (let n = 0; n < tries; n++) {
    const done = await attempt();
    if (done !== null) return done;
  }
  const stands = await current();
  throw new Refused(
    409,
    "Others keep changing the same thing; please look at it again.",
    stands === undefined ? {} : { current: stands },
  );
}

/** Text that any store can keep: halves of surrogate pairs become U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\u{FFFD}");
}

/** What a person wrote, as it may be kept: without anybody's address or number. */
export function cleaned(
  text: string,
  { redactor }: Pick<ApiDeps, "redactor">,
): string {
  return redactor.redact(wellFormed(text));
}
