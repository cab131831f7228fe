import { z } from "@hono/zod-openapi";
import { commandRoute, queryRoute, type Route } from "../http/route.ts";
import { CrmName } from "../../domain/crm/activation.ts";
import { toRecord } from "../../domain/kernel/records.ts";
import * as at from "../../domain/collections.ts";
import { DashboardDay } from "../../domain/reports/dashboard.ts";
import { mergeDays, toTargets } from "../../domain/reports/dashboardSum.ts";
import { toDateText, toDay, hourMs } from "../../domain/kernel/instant.ts";
import { dashboardFold } from "../../pipeline/upkeep/tally.ts";
import { json, Moment } from "../http/answer.ts";
import { memberAccess } from "../http/auth.ts";
import { moments } from "../http/examples.ts";
import { oldestDue } from "./health.ts";
import { commitAnswered } from "../http/idempotency.ts";

const maxWeeks = 26;

const RefreshRequested = z
  .object({
    slot: z.int().openapi({
      description: "The minute of the recount, counted since 1970.",
    }),
  })
  .openapi("DashboardAsked");

const Counts = z.record(z.string(), z.int());
const Overview = z
  .object({
    asOf: Moment.nullable().openapi({
      description:
        "Changes before this moment are counted; null if nothing has been counted yet.",
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
      .openapi({
        description: "In milliseconds, overestimated by at most 42 %.",
      }),
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

const refreshDashboards = commandRoute(
  {
    status: 202,
    ...memberAccess("dashboards", "opportunity.read"),
    path: "/api/v1/dashboards/refresh",
    operationId: "refreshDashboards",
    summary: "Recount the dashboard, at most once a minute",
    description:
      "Called once a minute while somebody looks at the dashboard, so that an unwatched dashboard costs nothing. The days arrive at `dashboards/*` a moment later.",
    answer: json(RefreshRequested, "The recount is requested", {
      slot: 29_925_200,
    }),
  },
  async (c, deps) => {
    const fold = dashboardFold(deps.clock.now());
    const answer = { slot: fold.payload.slot };
    // On a conflict, somebody has already requested this minute's recount.
    await commitAnswered(c, { outcome: { emits: [fold] }, answer }, deps);
    return answer;
  },
);

const getDashboard = queryRoute(
  {
    ...memberAccess("dashboards", "opportunity.read"),
    path: "/api/v1/dashboards/overview",
    operationId: "getDashboard",
    summary: "The last weeks' cards in figures, next to their targets",
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
    answer: json(Overview, "The whole tenant's figures, as last counted", {
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
      activations: toRecord(CrmName.options, () => ({
        done: 1,
        failed: 0,
        unclear: 0,
      })),
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
  },
  async (c, deps) => {
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
    return answer;
  },
);

/** The routes of the dashboard: figures of the whole tenant, without names. */
export const dashboardRoutes: readonly Route[] = [
  refreshDashboards,
  getDashboard,
];
