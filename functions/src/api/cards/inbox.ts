import { z } from "@hono/zod-openapi";
import { queryRoute, type Route } from "../http/route.ts";
import * as at from "../../domain/collections.ts";
import { OpportunityId } from "../../domain/kernel/ids.ts";
import { InboxItem } from "../../domain/cards/inbox.ts";
import type { Query } from "../../ports/store.ts";
import { json, Moment } from "../http/answer.ts";
import { audienceFilter, memberAccess } from "../http/auth.ts";
import type { Caller } from "../http/context.ts";
import { ids, moments, quote } from "../http/examples.ts";
import { Status } from "./opportunityView.ts";
import { pageSchema, PageQuery, readEntries } from "../http/page.ts";

/** Counting stops here; no inbox gets this large. */
const countLimit = 100_000;

/** The filter of an inbox request. */
export const InboxFilter = z.object({
  min_score: z.coerce.number().min(0).max(100).optional(),
  status: z.union([Status, z.literal("all")]).default("in_review"),
});

/** The caller's cards that pass the filter, highest score first. */
export function inboxListing(
  caller: Caller,
  { status, min_score }: z.infer<typeof InboxFilter>,
) {
  return {
    collection: at.inbox(caller.tenantId),
    where: [
      ...audienceFilter(caller),
      ...(status === "all" ? [] : [["status", "==", status] as const]),
      ...(min_score === undefined ? [] : [["score", ">=", min_score] as const]),
    ],
    by: ["score", "desc"],
    cursor: z.tuple([z.number(), OpportunityId]),
  } as const;
}

/** A card as listed in the inbox. */
export const InboxEntry = z
  .object({
    id: z.string(),
    ...InboxItem.omit({
      schemaVersion: true,
      createdAt: true,
      updatedAt: true,
      audience: true,
    }).shape,
    dueAt: Moment.nullable(),
    undoUntil: Moment.nullable(),
    snoozedUntil: Moment.nullable(),
    receivedAt: Moment,
  })
  .openapi("InboxItem");

/** An example of a listed card. */
export const inboxEntryExample: z.input<typeof InboxEntry> = {
  id: ids.opportunity,
  accountId: ids.account,
  accountName: "Globex",
  title: "Globex has a new chief information officer",
  summary: quote,
  category: "leadership_change",
  sources: ["rss"],
  score: 72.8,
  urgency: 80,
  status: "in_review",
  escalated: false,
  dueAt: moments.due,
  undoUntil: null,
  snoozedUntil: null,
  claims: 1,
  version: 1,
  receivedAt: moments.received,
};

const Page = pageSchema(InboxEntry).openapi("InboxPage");

const Stats = z
  .object({
    byStatus: z.record(z.string(), z.int()),
    total: z.int(),
    inReview: z.int(),
    overdue: z
      .int()
      .openapi({ description: "In review and past the deadline." }),
  })
  .openapi("InboxStats");

const listInbox = queryRoute(
  {
    path: "/api/v1/inbox",
    operationId: "listInbox",
    summary: "The cards you may see, highest score first",
    ...memberAccess("inbox", "opportunity.read"),
    request: { query: PageQuery.extend(InboxFilter.shape) },
    answer: json(Page, "A page of cards", {
      items: [inboxEntryExample],
      nextCursor: null,
    }),
  },
  async (c, deps) => {
    const asked = c.req.valid("query");
    return readEntries(asked, inboxListing(c.get("caller"), asked), deps);
  },
);

const countInbox = queryRoute(
  {
    path: "/api/v1/inbox/stats",
    operationId: "countInbox",
    summary: "The number of cards in each status",
    ...memberAccess("inbox", "opportunity.read"),
    answer: json(Stats, "The counts", {
      byStatus: { in_review: 4, approved: 1 },
      total: 5,
      inReview: 4,
      overdue: 0,
    }),
  },
  async (c, deps) => {
    const caller = c.get("caller");
    const mine = audienceFilter(caller);
    const count = (query: Pick<Query<unknown>, "where" | "orderBy">) =>
      deps.store.count({
        collection: at.inbox(caller.tenantId),
        ...query,
        limit: countLimit,
      });
    const [overdue, ...counts] = await Promise.all([
      count({
        where: [
          ...mine,
          ["status", "==", "in_review"],
          ["dueAt", "<=", deps.clock.now()],
        ],
        orderBy: [["dueAt", "asc"]],
      }),
      // Ordered like the list, so that the same index answers it.
      ...Status.options.map((status) =>
        count({
          where: [...mine, ["status", "==", status]],
          orderBy: [["score", "desc"]],
        }),
      ),
    ]);
    const byStatus = Object.fromEntries(
      Status.options.map((status, i) => [status, counts[i] ?? 0]),
    );
    const total = counts.reduce((sum, n) => sum + n, 0);
    const inReview = byStatus["in_review"];
    return { byStatus, total, inReview, overdue };
  },
);

/** The routes of the inbox. */
export const inboxRoutes: readonly Route[] = [listInbox, countInbox];
