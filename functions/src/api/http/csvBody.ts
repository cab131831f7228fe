import { z } from "@hono/zod-openapi";
import { type CsvRecord, parseCsv } from "../../domain/imports/csv.ts";
import type { CollectionRef } from "../../domain/kernel/references.ts";
import type { Read } from "../../ports/store.ts";
import { maxBytesOf } from "./bodies.ts";
import { wellFormed } from "./answer.ts";
import type { ApiContext, ApiDeps } from "./context.ts";
import { badField, Refused } from "./problem.ts";

/** The most that one import takes. */
export const maxRecords = 1_000;
const pageSize = 300;

/** A text is at most 16,000 characters, and no import knows a hundred columns. */
const limits = {
  records: maxRecords + 1,
  columns: 100,
  characters: 20_000,
};
/** A character has a byte at the least. */
const maxCharacters = maxBytesOf("/import");
const Body = z.object({ csv: z.string().min(1).max(maxCharacters) });

/** A table as a body: CSV itself, or JSON that holds it, with an example. */
export function csvBody(example: string) {
  return {
    content: {
      "application/json": { schema: Body, example: { csv: example } },
      "text/csv": { schema: z.string().max(maxCharacters), example },
    },
  };
}

/** The records of a request's table, the header first: at most 1,000 of columns that mean something; 400 names what is wrong with it as a whole. */
export async function recordsIn(
  c: ApiContext,
  unknownColumns: (header: readonly string[]) => readonly string[],
): Promise<readonly CsvRecord[]> {
  const read = parseCsv(wellFormed(await textOf(c)), limits);
  if (!read.ok) throw badField("csv", `line ${read.line}: ${read.why}`);
  const [header] = read.records;
  if (header === undefined) throw badField("csv", "is empty");
  const unknown = unknownColumns(header.values);
  if (unknown.length > 0)
    throw badField(
      "csv",
      `has columns that mean nothing: ${unknown.join(", ").slice(0, 500)}`,
    );
  return read.records;
}

/** All documents of a collection of some thousands, in pages. */
export async function everyOne<T>(
  collection: CollectionRef<T>,
  { store }: Pick<ApiDeps, "store">,
): Promise<readonly Read<T>[]> {
  const all: Read<T>[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await store.query({
      collection,
      where: [],
      orderBy: [["__name__", "asc"]],
      limit: pageSize,
      ...(last === undefined ? {} : { startAfter: [last.id] }),
    });
    for (const read of page) all.push(read);
    if (page.length < pageSize) return all;
  }
}

async function textOf(c: ApiContext): Promise<string> {
  const type = c.req.header("Content-Type") ?? "";
  if (/^text\/csv\b/i.test(type)) return c.req.text();
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(type))
    throw new Refused(415, "Send text/csv, or JSON with the text as csv.");
  // Parsed by the route's schema before it came here; JSON bodies are kept.
  return Body.parse(await c.req.json()).csv;
}
