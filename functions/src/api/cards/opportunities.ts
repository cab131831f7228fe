import { createRoute, z } from "@hono/zod-openapi";
import { CrmName } from "../../domain/crm/activation.ts";
import * as at from "../../domain/collections.ts";
import { json, shown } from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import type { Api, ApiDeps } from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import {
  ActivationView,
  findOpportunity,
  HistoryView,
  OfOpportunity,
  opportunityExample,
  OpportunityView,
} from "./opportunityView.ts";
import {
  CursorMoment,
  page,
  pageOf,
  PageQuery,
  startAfter,
} from "../http/page.ts";
import { queryProblems } from "../http/problem.ts";

const History = pageOf(HistoryView).openapi("HistoryPage");
const Activations = z.object({ items: z.array(ActivationView) });
const CursorValues = z.tuple([CursorMoment, z.string().regex(/^v\w{1,200}$/)]);

const one = createRoute({
  method: "get",
  ...permitted("opportunities", "opportunity.read"),
  path: "/api/v1/opportunities/{id}",
  operationId: "getOpportunity",
  summary: "A card: claims, score with its six factors, playbook, outreach",
  request: { params: OfOpportunity },
  responses: {
    200: json(OpportunityView, "The card", opportunityExample),
    ...queryProblems(404),
  },
});

const history = createRoute({
  method: "get",
  ...permitted("opportunities", "opportunity.read"),
  path: "/api/v1/opportunities/{id}/history",
  operationId: "listHistory",
  summary: "What happened to a card, the newest first",
  request: { params: OfOpportunity, query: PageQuery },
  responses: {
    200: json(History, "A page of steps", {
      items: [
        {
          id: "v2",
          at: moments.decided,
          by: ids.member,
          what: "approve",
          from: "in_review",
          to: "approved",
          version: 2,
          note: null,
        },
      ],
      nextCursor: null,
    }),
    ...queryProblems(404),
  },
});

const activations = createRoute({
  method: "get",
  ...permitted("opportunities", "opportunity.read"),
  path: "/api/v1/opportunities/{id}/activations",
  operationId: "listActivations",
  summary: "What became of an approved card in each CRM",
  request: { params: OfOpportunity },
  responses: {
    200: json(Activations, "One entry per CRM that it was sent to", {
      items: [
        {
          opportunityId: ids.opportunity,
          accountId: ids.account,
          crm: "salesforce",
          approvedVersion: 2,
          state: "done",
          externalId: `clientpulse-${ids.opportunity}-v2`,
          recordId: "00T000000000001AAA",
          link: "https://acme.my.salesforce.com/lightning/r/Task/00T000000000001AAA/view",
          error: null,
          revision: 2,
          provenance: "live",
          createdAt: moments.undoUntil,
          updatedAt: moments.undoUntil,
        },
      ],
    }),
    ...queryProblems(404),
  },
});

/** The routes that read cards. */
export function opportunityRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(one, async (c) => {
    const read = await findOpportunity(c, c.req.valid("param").id, deps);
    return c.json(shown(OpportunityView, { id: read.id, ...read.data }), 200);
  });

  api.openapi(history, async (c) => {
    const { id } = c.req.valid("param");
    const { limit, cursor } = c.req.valid("query");
    await findOpportunity(c, id, deps);
    const reads = await deps.store.query({
      collection: at.history(c.get("caller").tenantId, id),
      where: [],
      orderBy: [
        ["at", "desc"],
        ["__name__", "desc"],
      ],
      limit: limit + 1,
      ...startAfter(cursor, CursorValues),
    });
    const { items, ...rest } = page(reads, limit, (last) => [
      last.data.at,
      last.id,
    ]);
    const steps = items.map((read) => ({ id: read.id, ...read.data }));
    return c.json(shown(History, { items: steps, ...rest }), 200);
  });

  api.openapi(activations, async (c) => {
    const { id } = c.req.valid("param");
    const { tenantId } = c.get("caller");
    await findOpportunity(c, id, deps);
    const reads = await deps.store.readAll(
      CrmName.options.map((crm) => at.activation(tenantId, id, crm)),
      "leave-out",
    );
    const items = reads.filter((read) => read !== null);
    return c.json(
      shown(Activations, { items: items.map(({ data }) => data) }),
      200,
    );
  });
}
