import { z } from "zod";
import { stamps } from "../kernel/document.ts";
import { Instant } from "../kernel/instant.ts";

/** The longest text that is archived, in characters. */
export const maxSnapshotCharacters = 4_000_000;

/** The archived, redacted text that evidence points into; its id is the SHA-256 of the text. */
export const Snapshot = z.object({
  ...stamps,
  /** gzip of the UTF-8 text; empty where it is kept in parts. */
  gzip: z.instanceof(Uint8Array),
  parts: z.int().nonnegative(),
  characters: z.int().nonnegative(),
  /** The headings of the text, each with the span below it. */
  sections: z
    .array(z.object({ title: z.string(), start: z.int(), end: z.int() }))
    .max(200)
    .default([]),
  url: z.string().nullable(),
  licence: z.string(),
  fetchedAt: Instant,
});
export type Snapshot = z.infer<typeof Snapshot>;

export const SnapshotPart = z.object({
  ...stamps,
  gzip: z.instanceof(Uint8Array),
});
export type SnapshotPart = z.infer<typeof SnapshotPart>;
