import { z } from "zod";
import { truncate } from "../kernel/truncate.ts";
import { Audience, stamps, type Unstamped } from "../kernel/document.ts";
import { AccountId } from "../kernel/ids.ts";
import { Instant } from "../kernel/instant.ts";
import type { Opportunity } from "./opportunity.ts";
import { Category } from "../signals/signal.ts";
import { SourceKind } from "../sources/source.ts";

/** A card as the inbox lists it: slim, sorted by score, and listened to by front ends. */
export const InboxItem = z.object({
  ...stamps,
  accountId: AccountId,
  accountName: z.string(),
  audience: Audience,
  title: z.string(),
  summary: z.string(),
  category: Category,
  sources: z.array(SourceKind),
  score: z.number().min(0).max(100),
  urgency: z.number().min(0).max(100),
  status: z.string(),
  /** In review past its deadline, and now with the lead. */
  escalated: z.boolean(),
  dueAt: Instant.nullable(),
  undoUntil: Instant.nullable(),
  snoozedUntil: Instant.nullable().default(null),
  claims: z.int().nonnegative(),
  version: z.int().positive(),
  receivedAt: Instant,
});
export type InboxItem = z.infer<typeof InboxItem>;

/** The inbox's view of a card; a pure function of it, so that it can be rebuilt at any time. */
export function toInboxItem(
  opportunity: Unstamped<Opportunity>,
): Unstamped<InboxItem> {
  const { card, state } = opportunity;
  return {
    accountId: opportunity.accountId,
    accountName: opportunity.accountName,
    audience: opportunity.audience,
    title: card.title,
    // The cut must not leave half a surrogate pair.
    summary: truncate(card.summary, 280),
    category: opportunity.category,
    sources: opportunity.sources,
    score: card.score.total,
    urgency:
      card.score.factors.find(({ factor }) => factor === "urgency")?.value ?? 0,
    status: state.status,
    escalated: state.status === "in_review" && state.escalatedAt !== null,
    dueAt: state.status === "in_review" ? state.dueAt : null,
    undoUntil: state.status === "approved" ? state.undoUntil : null,
    snoozedUntil: state.status === "snoozed" ? state.until : null,
    claims: card.claims.length,
    version: opportunity.version,
    receivedAt: opportunity.receivedAt,
  };
}
