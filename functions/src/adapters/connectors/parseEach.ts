import { z } from "zod";
import { PermanentError } from "../../domain/kernel/errors.ts";
import { idFrom } from "../../domain/kernel/hash.ts";
import type { DroppedItem, PollResult } from "../../ports/sources.ts";
import { toLine } from "./item.ts";

/** The entries of a vendor's list that can be read, and those that cannot, each with its reason. */
export interface ParsedList<T> {
  readonly read: readonly T[];
  readonly dropped: readonly DroppedItem[];
}

/** Where vendors write what an entry is called, the surest first. */
const Named = z
  .looseObject({})
  .transform((entry) => ({
    id: firstText(entry, [
      "id",
      "Id",
      "_id",
      "accession",
      "shortcode",
      "url",
      "link",
    ]),
    title: firstText(entry, ["title", "name", "text", "Name"]),
  }))
  .catch({ id: "", title: "" });

/** Each entry of a vendor's list by itself, so that one that does not fit its schema takes no other along. */
export function parseEach<T>(
  entries: readonly unknown[],
  schema: z.ZodType<T>,
): ParsedList<T> {
  const read: T[] = [];
  const dropped: DroppedItem[] = [];
  for (const entry of entries) {
    const parsed = schema.safeParse(entry);
    if (parsed.success) read.push(parsed.data);
    else dropped.push(toDroppedItem(entry, firstFault(parsed.error)));
  }
  return { read, dropped };
}

/** Throws PermanentError ("bad-answer") where a source lists entries of which none can be read: then it is the vendor's answer that has changed. */
export function assertSomeRead(
  { read, dropped }: ParsedList<unknown>,
  source: string,
): void {
  const [first] = dropped;
  if (read.length > 0 || first === undefined) return;
  throw new PermanentError(
    "bad-answer",
    `${source} lists nothing that can be read: ${first.detail}`,
  );
}

/** The part of a PollResult that lists what was left out; empty where nothing was. */
export function withDropped(
  dropped: readonly DroppedItem[],
): Pick<PollResult, "dropped"> {
  return dropped.length > 0 ? { dropped } : {};
}

/** An entry that is left out, under its own id where it has one. */
export function toDroppedItem(entry: unknown, detail: string): DroppedItem {
  const { id, title } = Named.parse(entry);
  return {
    itemId: id || `unnamed ${idFrom(String(JSON.stringify(entry)))}`,
    title: toLine(title, 500),
    detail: toLine(detail, 300),
  };
}

/** The first thing that is wrong, with its field. */
function firstFault(error: z.ZodError): string {
  const [issue] = error.issues;
  const field = issue?.path.map(String).join(".") || "the entry";
  return `${field} ${issue?.message ?? "does not fit"}`;
}

function firstText(
  entry: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): string {
  for (const field of fields) {
    const value = entry[field];
    if (typeof value === "number") return String(value);
    if (typeof value === "string" && value.trim() !== "") return value;
  }
  return "";
}
