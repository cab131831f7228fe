import { z } from "zod";
import type { CollectionRef, DocumentRef } from "../kernel/references.ts";

/** A document as the database holds it, whatever its schema says. */
export const Raw = z.record(z.string(), z.unknown());
export type Raw = z.infer<typeof Raw>;

/** A document that does not fit its schema, and the fields that do not. */
export interface Misfit {
  readonly path: string;
  readonly reason: string;
}

/**
 * The same document or collection, read unparsed: for whoever only asks whether it exists, or has to show or park
 * what cannot be read.
 */
export function asRaw(ref: {
  readonly path: string;
}): DocumentRef<Raw> & CollectionRef<Raw> {
  return { path: ref.path, schema: Raw };
}

/** The first three fields that do not fit, and what is expected of each; repeats no values. */
export function explainMisfit(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map(
      ({ path, message }) =>
        `${path.map(String).join(".") || "the document"}: ${message}`,
    )
    .join("; ");
}

/** A stored value as JSON: moments as ISO 8601, bytes by their number, and other database types by their name. */
export function toJson(value: unknown): unknown {
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return `(${value.byteLength} bytes)`;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value))
    return String(value);
  if (value === null || typeof value !== "object") return value ?? null;
  if (!isPlain(value)) return `(${value.constructor.name})`;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, toJson(inner)]),
  );
}

/** Whether a value is a plain map, not another type of the database. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
