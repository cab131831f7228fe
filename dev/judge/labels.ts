import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Category } from "../../functions/src/domain/signals/signal.ts";
import { SignalType } from "../../functions/src/domain/sources/source.ts";

const Account = z.object({
  name: z.string(),
  aliases: z.array(z.string()).default([]),
  ticker: z.string().nullish().default(null),
  industry: z.string().nullish().default(null),
});

/** Sets of others call press releases and pages what the product calls news. */
const Type = z
  .string()
  .transform((type) => SignalType.safeParse(type).data ?? "news");

const Document = z.object({
  id: z.string(),
  type: Type,
  language: z.string(),
  title: z.string(),
  text: z.string(),
  facts: z
    .record(z.string(), z.unknown())
    .transform((facts) =>
      Object.fromEntries(
        Object.entries(facts).flatMap(([name, value]) =>
          typeof value === "string" ? [[name, value] as const] : [],
        ),
      ),
    ),
});

export const AboutLabel = z.enum(["about", "passing_mention", "not_about"]);
export type AboutLabel = z.infer<typeof AboutLabel>;

/** A document with the event that it tells, as a reader labelled it. */
export const EventItem = Document.extend({
  category: Category,
  alsoAccepted: z.array(Category).default([]),
  finer: z.string(),
  happened: z.string(),
});
export type EventItem = z.infer<typeof EventItem>;

/** A document and an account, with whether the one is about the other. */
export const AboutItem = Document.extend({
  account: Account,
  label: AboutLabel,
});
export type AboutItem = z.infer<typeof AboutItem>;

/** A document and an account, with what it is worth to the account's manager, from 0 to 3. */
export const WorthItem = Document.extend({
  account: Account,
  worth: z.number().min(0).max(3),
});
export type WorthItem = z.infer<typeof WorthItem>;

/** The labelled documents of a folder; what it does not hold is empty. */
export interface Labels {
  readonly events: readonly EventItem[];
  readonly about: readonly AboutItem[];
  readonly worth: readonly WorthItem[];
}

/**
 * Reads a folder with `events.jsonl`, `whose.jsonl` and `worth.jsonl`, or with `documents.jsonl`, whose every line has
 * the labels of all three.
 */
export function readLabels(folder: string): Labels {
  const own = readLines(join(folder, "documents.jsonl"));
  const lines = (file: string) => [...own, ...readLines(join(folder, file))];
  return {
    events: parseAll(EventItem, lines("events.jsonl")),
    about: parseAll(AboutItem, lines("whose.jsonl")),
    worth: parseAll(WorthItem, lines("worth.jsonl")),
  };
}

interface Line {
  readonly at: string;
  readonly value: unknown;
}

function readLines(file: string): readonly Line[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((text, i) => {
      if (text.trim() === "") return [];
      const value: unknown = JSON.parse(text);
      return [{ at: `${file}:${i + 1}`, value }];
    });
}

function parseAll<T>(schema: z.ZodType<T>, lines: readonly Line[]): T[] {
  return lines.map(({ at, value }) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new Error(`${at}: ${z.prettifyError(parsed.error)}`);
  });
}
