import { z } from "@hono/zod-openapi";
import { type CsvRecord, parseCsv } from "../../domain/imports/csv.ts";
import { maxBodyBytes } from "./bodies.ts";
import { toWellFormed } from "./answer.ts";
import type { ApiContext } from "./context.ts";
import { badField, Refusal } from "./problem.ts";

/** The most records that one import accepts. */
export const maxRecords = 1_000;

/** A text has at most 16,000 characters, and no import has 100 columns. */
const limits = {
  records: maxRecords + 1,
  columns: 100,
  characters: 20_000,
};
/** A character takes at least one byte. */
const maxCharacters = maxBodyBytes("/import");
const Body = z.object({ csv: z.string().min(1).max(maxCharacters) });

/** A table as a body: CSV, or JSON that contains it, with an example. */
export function csvBody(example: string) {
  return {
    content: {
      "application/json": { schema: Body, example: { csv: example } },
      "text/csv": { schema: z.string().max(maxCharacters), example },
    },
  };
}

/** The records of a request's table, the header first, at most 1,000. 400 if the CSV is malformed or has unknown columns. */
export async function readRecords(
  c: ApiContext,
  unknownColumns: (header: readonly string[]) => readonly string[],
): Promise<readonly CsvRecord[]> {
  const read = parseCsv(toWellFormed(await readText(c)), limits);
  if (!read.ok) throw badField("csv", `line ${read.line}: ${read.why}`);
  const [header] = read.records;
  if (header === undefined) throw badField("csv", "is empty");
  const unknown = unknownColumns(header.values);
  if (unknown.length > 0)
    throw badField(
      "csv",
      `has unknown columns: ${unknown.join(", ").slice(0, 500)}`,
    );
  return read.records;
}

async function readText(c: ApiContext): Promise<string> {
  const type = c.req.header("Content-Type") ?? "";
  if (/^text\/csv\b/i.test(type)) return c.req.text();
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(type))
    throw new Refusal(
      415,
      "Send text/csv, or JSON with the text in the field csv.",
    );
  // The route's schema has already parsed it; Hono caches JSON bodies.
  return Body.parse(await c.req.json()).csv;
}
