import { z } from "@hono/zod-openapi";
import type { ApiDeps } from "./context.ts";

/** A moment as the API writes it: ISO 8601, UTC. */
export const Moment = z.iso.datetime().openapi({ format: "date-time" });

/** A JSON answer with an example, for a route's description. */
export function json<S extends z.ZodType>(
  schema: S,
  description: string,
  example: z.input<S>,
) {
  return { description, content: { "application/json": { schema, example } } };
}

/** A required JSON body with an example. */
export function body<S extends z.ZodType>(schema: S, example: z.input<S>) {
  return {
    required: true,
    content: { "application/json": { schema, example } },
  } as const;
}

/** A value as its schema promises it to the client: dates as ISO text, and only fields that the schema names. */
export function toWire<S extends z.ZodType>(
  schema: S,
  value: unknown,
): z.output<S> {
  return schema.parse(toJsonValue(value));
}

function toJsonValue(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(toJsonValue);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, toJsonValue(inner)]),
  );
}

/** Text that any store can keep: lone surrogates become U+FFFD. */
export function toWellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\u{FFFD}");
}

/** A person's text as it may be stored: well-formed, and without addresses and numbers of people. */
export function redactText(
  text: string,
  { redactor }: Pick<ApiDeps, "redactor">,
): string {
  return redactor.redact(toWellFormed(text));
}
