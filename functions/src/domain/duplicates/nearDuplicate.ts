import { z } from "zod";
import { stamps } from "../kernel/document.ts";
import { SnapshotId } from "../kernel/ids.ts";
import { Instant } from "../kernel/instant.ts";
import { SourceKind } from "../sources/source.ts";

/**
 * A near-duplicate of a signal: the same story from another outlet, or again from the same one. Its id is the hash of
 * where it was found.
 */
export const NearDuplicate = z.object({
  ...stamps,
  source: SourceKind,
  itemId: z.string(),
  url: z.string().nullable(),
  title: z.string(),
  publisher: z.string(),
  licence: z.string(),
  publishedAt: Instant.nullable(),
  /** When the pipeline first received it: near-duplicates are shown in this order. */
  seenAt: Instant,
  fetchedAt: Instant,
  /** The archived text of this near-duplicate. */
  snapshotId: SnapshotId,
  /** How similar the texts are, 0 to 1. */
  similarity: z.number().min(0).max(1),
});
export type NearDuplicate = z.infer<typeof NearDuplicate>;
