import { z } from "zod";
import { stamps } from "../kernel/document.ts";
import { Uid } from "../kernel/ids.ts";
import { Instant } from "../kernel/instant.ts";

/** How long a comment may be when sent, and how many people it may mention. */
export const maxComment = 4_000;
export const maxMentions = 20;

/** A person's comment on a card; a deleted one leaves only its place. Whoever sees the card sees it. */
export const Comment = z.object({
  ...stamps,
  at: Instant,
  by: Uid,
  /** Redacted, which may have lengthened it. */
  text: z.string().max(2 * maxComment),
  mentions: z.array(Uid).max(maxMentions),
  deletedAt: Instant.nullable(),
});
export type Comment = z.infer<typeof Comment>;
