import { z } from "@hono/zod-openapi";
import type { LeftOut, Query, Read } from "../../ports/store.ts";
import type { ApiDeps } from "./context.ts";
import { badField } from "./problem.ts";

/** Documents per read when a list is read as a whole. */
const perRead = 300;

/** The size of a page, and where it starts. */
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
    .openapi({ description: "The nextCursor of the previous page." }),
});

/** One page of a list; nextCursor is null on the last page. */
export function pageSchema<S extends z.ZodType>(item: S) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    unreadable: z.int().default(0).openapi({
      description:
        "How many items were left out of this page because they cannot be read; /health/detailed lists them.",
    }),
  });
}

/** A list to be read page by page. */
export interface Listing<T> extends Pick<Query<T>, "collection"> {
  readonly where?: Query<T>["where"];
  /** The field to order by; ties are ordered by id, in the same direction. */
  readonly by: readonly [keyof T & string, "asc" | "desc"];
  /** The schema of a cursor's values: the field's value and the id. */
  readonly cursor: z.ZodType<readonly unknown[]>;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
  readonly unreadable: number;
}

/** Reads the page of a list that the query asks for. */
export async function readPage<T>(
  { limit, cursor }: z.infer<typeof PageQuery>,
  { collection, where = [], by, cursor: values }: Listing<T>,
  { store }: Pick<ApiDeps, "store">,
): Promise<Page<Read<T>>> {
  const [field, direction] = by;
  const reads = await store.query({
    collection,
    where,
    orderBy: [by, ["__name__", direction]],
    limit: limit + 1,
    ...startAfter(cursor, values),
  });
  return toPage(reads, limit, ({ id, data }) => [data[field], id]);
}

/** The same, with each document's id among its fields. */
export async function readEntries<T>(
  asked: z.infer<typeof PageQuery>,
  listing: Listing<T>,
  deps: Pick<ApiDeps, "store">,
): Promise<Page<{ readonly id: string } & T>> {
  const { items, ...rest } = await readPage(asked, listing, deps);
  return { items: items.map(({ id, data }) => ({ id, ...data })), ...rest };
}

/** The first documents of a list, at most `most`; ordered by id if no order is given. */
export async function readFirst<T>(
  most: number,
  {
    collection,
    where = [],
    by,
  }: Omit<Listing<T>, "cursor" | "by"> & Partial<Pick<Listing<T>, "by">>,
  { store }: Pick<ApiDeps, "store">,
): Promise<readonly Read<T>[]> {
  const all: Read<T>[] = [];
  while (all.length < most) {
    const last = all.at(-1);
    const limit = Math.min(perRead, most - all.length);
    const reads = await store.query({
      collection,
      where,
      orderBy: [...(by ? [by] : []), ["__name__", by?.[1] ?? "asc"]],
      limit,
      ...(last && {
        startAfter: [...(by ? [last.data[by[0]]] : []), last.id],
      }),
    });
    for (const read of reads) all.push(read);
    if (reads.length < limit) break;
  }
  return all;
}

/** Where a list continues: after the item with these sort values. They are not secret, and no filter depends on them. */
export function startAfter<T extends readonly unknown[]>(
  cursor: string | undefined,
  values: z.ZodType<T>,
): { readonly startAfter?: T } {
  if (cursor === undefined) return {};
  const parsed = values.safeParse(decodeCursor(cursor));
  if (parsed.success) return { startAfter: parsed.data };
  throw badField("cursor", "is not a cursor of this list");
}

/** Makes a page of what was read, one item more than the limit. */
export function toPage<T>(
  reads: readonly T[] & { readonly unreadable?: readonly LeftOut[] },
  limit: number,
  valuesOf: (last: T) => readonly unknown[],
): Page<T> {
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
    // What comes after the last item turns up again on the next page.
    unreadable: left.filter(({ behind }) => behind < limit).length,
  };
}

function decodeCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}

/** A moment in a cursor: one of ours, so between 1970 and 9999. */
export const CursorMoment = z.iso
  .datetime()
  .max(40)
  .transform((text) => new Date(text))
  .refine((at) => at.getUTCFullYear() >= 1970 && at.getUTCFullYear() < 10_000);

/** A text in a cursor that the database can compare: no lone surrogates, at most 1,500 bytes. */
export const CursorText = z
  .string()
  .refine((text) => !/\p{Cs}/u.test(text) && isIndexable(text));

/** Whether the database accepts a text as a filter value (at most 1,500 bytes). */
export function isIndexable(text: string): boolean {
  return Buffer.byteLength(text) <= 1500;
}
