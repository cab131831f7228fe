import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { sha256 } from "../../functions/src/domain/kernel/hash.ts";
import { type TenantId } from "../../functions/src/domain/kernel/ids.ts";

/** A collection of the house, by the names of the functions that lead to it. */
export interface Kept {
  readonly name: string;
  /** The path of the collection, the documents above it named by `above`. */
  readonly path: string;
  readonly schema: z.ZodType;
}

interface Ref {
  readonly path: string;
  readonly schema: z.ZodType;
}

/** Every collection below a tenant that `domain/collections.ts` names, a new one too; those of single documents under their own folder. */
export function collectionsOf(tenantId: TenantId, above: string): Kept[] {
  const found = new Map<string, Kept>();
  for (const [name, lead] of Object.entries(at)) {
    if (typeof lead !== "function" || lead === at.lastSegment) continue;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each leads somewhere from a tenant and ids; a number stands for a part.
    const ref = (lead as (...ids: readonly string[]) => Ref)(
      tenantId,
      ...Array.from({ length: lead.length - 1 }, () => above),
    );
    const parts = ref.path.split("/");
    const path =
      parts.length % 2 === 1 ? ref.path : parts.slice(0, -1).join("/");
    if (path === "tenants" || !path.startsWith(`tenants/${tenantId}/`))
      continue;
    const known = found.get(path);
    // The whole document rather than a part of it.
    if (known === undefined || shapeSize(ref.schema) > shapeSize(known.schema))
      found.set(path, { name, path, schema: ref.schema });
  }
  return [...found.values()];
}

function shapeSize(schema: z.ZodType): number {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape).length : 0;
}

const texts = [
  "acme",
  "u:anna",
  "anna@acme.example",
  "https://acme.example/news",
  sha256("acme"),
  "2026-03-01",
  "2026-03-01T00:00:00.000Z",
  "a".repeat(8),
  "en",
];
const lengths = [1, 0, ...Array.from({ length: 200 }, (_, n) => n + 2)];
const numbers = [1, 0, 0.5, 50, 3_600_000];

/** A document that fits its schema, made by what the schema says; throws where that is not enough. */
export function sampleOf(schema: z.ZodType, now: Date): unknown {
  const sample = candidates(schema, now).find(
    (one) => schema.safeParse(one).success,
  );
  if (sample === undefined)
    throw new Error(
      `No sample is known: ${schema.safeParse(candidates(schema, now)[0]).error?.message} Add a value that fits to test/support/samples.ts.`,
    );
  return sample;
}

function candidates(schema: z.core.$ZodType, now: Date): readonly unknown[] {
  const inner = (one: z.core.$ZodType) => candidates(one, now);
  const first = (one: z.core.$ZodType) =>
    inner(one).find((value) => z.safeParse(one, value).success);
  const simple = new Map<string, readonly unknown[]>([
    ["string", texts],
    ["number", numbers],
    ["boolean", [true]],
    ["date", [now]],
    ["null", [null]],
  ]).get(schema._zod.def.type);
  if (simple !== undefined) return simple;
  if (schema instanceof z.ZodObject) {
    const entries = Object.entries(schema.shape).map(
      ([key, value]: [string, z.core.$ZodType]) => [key, first(value)] as const,
    );
    return [Object.fromEntries(entries.filter(([, v]) => v !== undefined))];
  }
  if (schema instanceof z.ZodArray) {
    const one = first(schema.element);
    if (one === undefined) return [[]];
    return lengths.map((length) => Array.from({ length }, () => one));
  }
  if (schema instanceof z.ZodEnum) return schema.options;
  if (schema instanceof z.ZodLiteral) return [...schema.values];
  if (schema instanceof z.ZodUnknown) return [{}];
  if (schema instanceof z.ZodRecord) {
    const value = first(schema.def.valueType);
    const keys = inner(schema.def.keyType).map(String);
    return [{}, Object.fromEntries(keys.map((key) => [key, value]))];
  }
  if (schema instanceof z.ZodNullable) return [...inner(schema.unwrap()), null];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return inner(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(inner);
  if (schema instanceof z.ZodTuple) return [schema.def.items.map(first)];
  if (schema instanceof z.ZodPipe)
    return [...inner(schema.def.in), ...inner(schema.def.out)];
  if (schema instanceof z.ZodCatch) return inner(schema.unwrap());
  return [new Uint8Array([1])];
}
