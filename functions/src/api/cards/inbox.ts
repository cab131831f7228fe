import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { OpportunityId } from "../../domain/kernel/ids.ts";
import { InboxItem } from "../../domain/cards/inbox.ts";
import type { Query } from "../../ports/store.ts";
import { json, Moment, shown } from "../http/answer.ts";
import { ofAudience, permitted } from "../http/auth.ts";
import type { Api, ApiDeps } from "../http/context.ts";
import { ids, moments, quote } from "../http/examples.ts";
import { Status } from "./opportunityView.ts";
import { page, pageOf, PageQuery, startAfter } from "../http/page.ts";
import { queryProblems } from "../http/problem.ts";

/** Counting stops here; nobody's inbox gets there. */
const countLimit = 100_000;

/** A card as the inbox lists it. */
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

/** A card of the inbox in examples. */
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

const Page = pageOf(InboxEntry).openapi("InboxPage");

const Stats = z
  .object({
    byStatus: z.record(z.string(), z.int()),
    total: z.int(),
    inReview: z.int(),
    overdue: z.int().openapi({ description: "In review past the deadline." }),
  })
  .openapi("InboxStats");

const list = createRoute({
  method: "get",
  path: "/api/v1/inbox",
  operationId: "listInbox",
  summary: "The cards that are yours to see, the highest score first",
  ...permitted("inbox", "opportunity.read"),
  request: {
    query: PageQuery.extend({
      min_score: z.coerce.number().min(0).max(100).optional(),
      status: z.union([Status, z.literal("all")]).default("in_review"),
    }),
  },
  responses: {
    200: json(Page, "A page of cards", {
      items: [inboxEntryExample],
      nextCursor: null,
    }),
    ...queryProblems(),
  },
});

const stats = createRoute({
  method: "get",
  path: "/api/v1/inbox/stats",
  operationId: "countInbox",
  summary: "How many cards there are in each status",
  ...permitted("inbox", "opportunity.read"),
  responses: {
    200: json(Stats, "The counts", {
      byStatus: { in_review: 4, approved: 1 },
      total: 5,
      inReview: 4,
      overdue: 0,
    }),
    ...queryProblems(),
  },
});

/** The routes of the inbox. */
export function inboxRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(list, async (c) => {
    const { limit, cursor, min_score, status } = c.req.valid("query");
    const caller = c.get("caller");
    const reads = await deps.store.query({
      collection: at.inbox(caller.tenantId),
      where: [
        ...ofAudience(caller),
        ...(status === "all" ? [] : [["status", "==", status] as const]),
        ...(min_score === undefined
          ? []
          : [["score", ">=", min_score] as const]),
      ],
      orderBy: [
        ["score", "desc"],
        ["__name__", "desc"],
      ],
      limit: limit + 1,
      ...startAfter(cursor, z.tuple([z.number(), OpportunityId])),
    });
    const { items, ...rest } = page(reads, limit, ({ id, data }) => [
      data.score,
      id,
    ]);
    const cards = items.map(({ id, data }) => ({ id, ...data }));
    return c.json(shown(Page, { items: cards, ...rest }), 200);
  });

  api.openapi(stats, async (c) => {
    const caller = c.get("caller");
    const mine = ofAudience(caller);
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
      // Ordered as the list is, to be answered from the same index.
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
    return c.json(shown(Stats, { byStatus, total, inReview, overdue }), 200);
  });
}
