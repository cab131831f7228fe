import { z } from "zod";
import { stamps } from "../kernel/document.ts";
import { Uid } from "../kernel/ids.ts";
import { Instant } from "../kernel/instant.ts";

/** How long a comment may be as it is sent, and how many people it may name. */
export const maxComment = 4_000;
export const maxMentions = 20;

/** What a person says beside a card; of a deleted one only the place stays. Whoever sees the card sees it. */
export const Comment = z.object({
  ...stamps,
  at: Instant,
  by: Uid,
  /** Redacted, by which it may have become longer. */
  text: z.string().max(2 * maxComment),
  mentions: z.array(Uid).max(maxMentions),
  deletedAt: Instant.nullable(),
});
export type Comment = z.infer<typeof Comment>;
