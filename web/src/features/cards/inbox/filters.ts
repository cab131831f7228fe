import { z } from "zod";
import type { InboxItem } from "../../../../../functions/src/domain/cards/inbox.ts";
import { dayMs } from "../../../../../functions/src/domain/kernel/instant.ts";
import type { WithId } from "../../../lib/firestore/live.ts";

/** Which cards are listed: by where they stand, or all. */
export const InboxStatus = z.enum([
  "in_review",
  "snoozed",
  "approved",
  "activating",
  "activated",
  "partially_activated",
  "activation_failed",
  "not_connected",
  "rejected",
  "draft",
  "expired",
  "all",
]);
export type InboxStatus = z.infer<typeof InboxStatus>;

/** How old the newest fact of a card may be, in days. */
export const Since = z.enum(["1", "7", "30", "90"]);

/** The filters beyond the status; the browser applies them. */
export interface Filters {
  readonly q?: string | undefined;
  readonly category?: readonly string[] | undefined;
  readonly source?: readonly string[] | undefined;
  readonly account?: string | undefined;
  readonly owner?: string | undefined;
  readonly minScore?: number | undefined;
  readonly since?: z.infer<typeof Since> | undefined;
}

/** No filter beyond the status. */
export const noFilters = {
  q: undefined,
  category: undefined,
  source: undefined,
  account: undefined,
  owner: undefined,
  minScore: undefined,
  since: undefined,
} satisfies Filters;

/** Whether any filter is set beyond the status. */
export function hasFilters(filters: Filters): boolean {
  const { q, category, source, account, owner, minScore, since } = filters;
  return (
    [q, account, owner, minScore, since].some(
      (wanted) => wanted !== undefined,
    ) || [category, source].some((wanted) => (wanted?.length ?? 0) > 0)
  );
}

/** Whether a card matches the filters. All words of `q` must occur in its title, summary or account, in any order and case. */
export function matchesFilters(
  item: WithId<InboxItem>,
  { q, category, source, account, owner, minScore, since }: Filters,
  now: Date,
): boolean {
  if (minScore !== undefined && item.score < minScore) return false;
  if (account !== undefined && item.accountId !== account) return false;
  if (owner !== undefined && !item.audience.includes(`u:${owner}`))
    return false;
  if (category?.length && !category.includes(item.category)) return false;
  if (source?.length && !item.sources.some((kind) => source.includes(kind)))
    return false;
  if (
    since !== undefined &&
    now.getTime() - item.receivedAt.getTime() > Number(since) * dayMs
  )
    return false;
  if (q === undefined) return true;
  const text =
    `${item.title} ${item.summary} ${item.accountName}`.toLocaleLowerCase();
  return q
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
