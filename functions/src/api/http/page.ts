import { z } from "@hono/zod-openapi";
import type { LeftOut } from "../../ports/store.ts";
import { badField } from "./problem.ts";

/** How many a page holds, and where it goes on. */
export const PageQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(50)
    .openapi({ description: "At most 100." }),
  cursor: z
    .string()
    .max(2000)
    .optional()
    .openapi({ description: "The nextCursor of the page before." }),
});

/** One page of a list; nextCursor is null on the last. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    unreadable: z.int().default(0).openapi({
      description:
        "How many were left out of this page because they cannot be read; /health/detailed names them.",
    }),
  });
}

/** Where a list goes on: behind the item of these sort values. They are no secret, and no filter hangs on them. */
export function startAfter<T extends readonly unknown[]>(
  cursor: string | undefined,
  values: z.ZodType<T>,
): { readonly startAfter?: T } {
  if (cursor === undefined) return {};
  const parsed = values.safeParse(decoded(cursor));
  if (parsed.success) return { startAfter: parsed.data };
  throw badField("cursor", "is not one that this list gave");
}

/** Cuts what was read, one more than asked for, into a page. */
export function page<T>(
  reads: readonly T[] & { readonly unreadable?: readonly LeftOut[] },
  limit: number,
  valuesOf: (last: T) => readonly unknown[],
): {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
  readonly unreadable: number;
} {
  const items = reads.slice(0, limit);
  const last = items.at(-1);
  const { unreadable: left = [] } = reads;
  if (reads.length <= limit || last === undefined) {
    return { items, nextCursor: null, unreadable: left.length };
  }
  const text = JSON.stringify(valuesOf(last));
  return {
    items,
    nextCursor: Buffer.from(text).toString("base64url"),
    // What comes behind the last item comes up again on the next page.
    unreadable: left.filter(({ behind }) => behind < limit).length,
  };
}

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}

/** A moment among a cursor's values: one of ours, hence of these centuries. */
export const CursorMoment = z.iso
  .datetime()
  .max(40)
  .transform((text) => new Date(text))
  .refine((at) => at.getUTCFullYear() >= 1970 && at.getUTCFullYear() < 10_000);

/** A text among a cursor's values, as the database can compare it: no half of a surrogate pair, and at most 1,500 bytes. */
export const CursorText = z
  .string()
  .refine((text) => !/\p{Cs}/u.test(text) && isIndexable(text));

/** Whether the database takes a text as the value of a filter. */
export function isIndexable(text: string): boolean {
  return Buffer.byteLength(text) <= 1500;
}
