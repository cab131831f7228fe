import { createRoute, z } from "@hono/zod-openapi";
import { CrmName } from "../../domain/crm/activation.ts";
import * as at from "../../domain/collections.ts";
import { DashboardDay } from "../../domain/reports/dashboard.ts";
import { mergeDays, toTargets } from "../../domain/reports/dashboardSum.ts";
import { toDateText, toDay, hourMs } from "../../domain/kernel/instant.ts";
import { dashboardFold } from "../../pipeline/upkeep/tally.ts";
import { json, Moment, shown } from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import type { Api, ApiDeps } from "../http/context.ts";
import { moments } from "../http/examples.ts";
import { oldestDue } from "./health.ts";
import { commitAnswered } from "../http/idempotency.ts";
import { commandProblems, queryProblems } from "../http/problem.ts";

const maxWeeks = 26;

const Asked = z
  .object({
    slot: z.int().openapi({
      description: "The minute since 1970 that it is recounted in.",
    }),
  })
  .openapi("DashboardAsked");

const Counts = z.record(z.string(), z.int());
const Overview = z
  .object({
    asOf: Moment.nullable().openapi({
      description: "What changed before is counted; null: nobody looked yet.",
    }),
    weeks: z.int(),
    accountsWatched: z.int(),
    accountsWithCards: z.int(),
    cards: z.int(),
    cardsPerWeek: z.number(),
    cardsPerAccountPerWeek: z.number().nullable(),
    acceptance: z.number().nullable(),
    byStatus: DashboardDay.shape.byStatus,
    bySource: Counts,
    byCategory: Counts,
    rejectedFor: Counts,
    timeToCard: z
      .object({ p50: z.number().nullable(), p95: z.number().nullable() })
      .openapi({ description: "In milliseconds, at most 42 % too high." }),
    activations: z.record(CrmName, Counts),
    explained: z.int(),
    equipped: z.int(),
    complete: z.boolean(),
    days: z.array(
      z.object({
        day: z.iso.date(),
        cards: z.int(),
        accepted: z.int(),
        rejected: z.int(),
      }),
    ),
    targets: z.array(
      z.object({
        id: z.string(),
        target: z.string(),
        value: z.number().nullable(),
        met: z.boolean().nullable(),
        reason: z.string().nullable(),
      }),
    ),
  })
  .openapi("DashboardOverview");

const refresh = createRoute({
  method: "post",
  ...permitted("dashboards", "opportunity.read"),
  path: "/api/v1/dashboards/refresh",
  operationId: "refreshDashboards",
  summary: "Have the dashboard counted anew, once a minute at most",
  description:
    "For whoever looks at it, once a minute: what nobody looks at is not counted. The days arrive at `dashboards/*` a moment later.",
  responses: {
    202: json(Asked, "It is or was asked for", { slot: 29_925_200 }),
    ...commandProblems(),
  },
});

const overview = createRoute({
  method: "get",
  ...permitted("dashboards", "opportunity.read"),
  path: "/api/v1/dashboards/overview",
  operationId: "getDashboard",
  summary: "The cards of the last weeks in numbers, beside their targets",
  request: {
    query: z.object({
      weeks: z.coerce
        .number()
        .int()
        .min(1)
        .max(maxWeeks)
        .default(8)
        .openapi({ description: `At most ${maxWeeks}.` }),
    }),
  },
  responses: {
    200: json(Overview, "The whole tenant's numbers, as last counted", {
      asOf: moments.shown,
      weeks: 8,
      accountsWatched: 1,
      accountsWithCards: 1,
      cards: 2,
      cardsPerWeek: 0.25,
      cardsPerAccountPerWeek: 0.25,
      acceptance: 1,
      byStatus: { open: 1, accepted: 1, rejected: 0, snoozed: 0, expired: 0 },
      bySource: { rss: 2 },
      byCategory: { leadership_change: 2 },
      rejectedFor: {},
      timeToCard: { p50: 2_486, p95: 3_516 },
      activations: {
        salesforce: { done: 1, failed: 0, unclear: 0 },
        hubspot: { done: 1, failed: 0, unclear: 0 },
      },
      explained: 2,
      equipped: 2,
      complete: true,
      days: [{ day: "2026-11-20", cards: 2, accepted: 1, rejected: 0 }],
      targets: [
        {
          id: "KPI-01",
          target: ">= 2 cards/account/week",
          value: 0.25,
          met: false,
          reason: null,
        },
      ],
    }),
    ...queryProblems(),
  },
});

/** The routes of the dashboard: numbers of the whole tenant, without a name. */
export function dashboardRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(refresh, async (c) => {
    const fold = dashboardFold(deps.clock.now());
    const body = { slot: fold.payload.slot };
    // A conflict: somebody has asked for this minute's already.
    await commitAnswered(
      c,
      { outcome: { emits: [fold] }, answer: { status: 202, body } },
      deps,
    );
    return c.json(shown(Asked, body), 202);
  });

  api.openapi(overview, async (c) => {
    const { weeks } = c.req.valid("query");
    const { tenantId } = c.get("caller");
    const now = deps.clock.now();
    const [folded, reads, due] = await Promise.all([
      deps.store.read(at.dashboardOverview(tenantId)),
      deps.store.query({
        collection: at.dashboardDays(tenantId),
        where: [["day", ">", toDateText(toDay(now) - 7 * weeks)]],
        orderBy: [["day", "asc"]],
        limit: 7 * weeks + 1,
      }),
      oldestDue(deps),
    ]);
    const days = reads.map(({ data }) => data);
    const merged = mergeDays(days, weeks);
    const accountsWatched = folded?.data.accountsWatched ?? 0;
    const isStuck = due !== null && now.getTime() - due.getTime() > hourMs;
    const answer = {
      asOf: folded?.data.checkpoint ?? null,
      accountsWatched,
      ...merged,
      days: days.map(({ day, cards, byStatus }) => ({
        day,
        cards,
        ...byStatus,
      })),
      targets: toTargets(merged, accountsWatched, isStuck ? 1 : 0),
    };
    return c.json(shown(Overview, answer), 200);
  });
}
