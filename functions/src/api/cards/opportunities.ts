import { z } from "@hono/zod-openapi";
import { queryRoute, type Route } from "../http/route.ts";
import { CrmName } from "../../domain/crm/activation.ts";
import * as at from "../../domain/collections.ts";
import { json } from "../http/answer.ts";
import { memberAccess } from "../http/auth.ts";
import { ids, moments } from "../http/examples.ts";
import {
  ActivationView,
  findOpportunity,
  HistoryView,
  OpportunityParams,
  opportunityExample,
  OpportunityView,
} from "./opportunityView.ts";
import {
  CursorMoment,
  pageSchema,
  PageQuery,
  readEntries,
} from "../http/page.ts";

const History = pageSchema(HistoryView).openapi("HistoryPage");
const Activations = z.object({ items: z.array(ActivationView) });
const CursorValues = z.tuple([CursorMoment, z.string().regex(/^v\w{1,200}$/)]);

const getOpportunity = queryRoute(
  {
    ...memberAccess("opportunities", "opportunity.read"),
    path: "/api/v1/opportunities/{id}",
    operationId: "getOpportunity",
    summary: "A card: claims, score with its six factors, playbook, outreach",
    request: { params: OpportunityParams },
    answer: json(OpportunityView, "The card", opportunityExample),
    refusals: [404],
  },
  async (c, deps) => {
    const read = await findOpportunity(c, c.req.valid("param").id, deps);
    return { id: read.id, ...read.data };
  },
);

const listHistory = queryRoute(
  {
    ...memberAccess("opportunities", "opportunity.read"),
    path: "/api/v1/opportunities/{id}/history",
    operationId: "listHistory",
    summary: "A card's history, newest first",
    request: { params: OpportunityParams, query: PageQuery },
    answer: json(History, "A page of steps", {
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
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    await findOpportunity(c, id, deps);
    const listing = {
      collection: at.history(c.get("caller").tenantId, id),
      by: ["at", "desc"],
      cursor: CursorValues,
    } as const;
    return readEntries(c.req.valid("query"), listing, deps);
  },
);

const listActivations = queryRoute(
  {
    ...memberAccess("opportunities", "opportunity.read"),
    path: "/api/v1/opportunities/{id}/activations",
    operationId: "listActivations",
    summary: "The result of an approved card in each CRM",
    request: { params: OpportunityParams },
    answer: json(Activations, "One entry per CRM that the card was sent to", {
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
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { tenantId } = c.get("caller");
    await findOpportunity(c, id, deps);
    const reads = await deps.store.readAll(
      CrmName.options.map((crm) => at.activation(tenantId, id, crm)),
      "leave-out",
    );
    const items = reads.filter((read) => read !== null);
    return { items: items.map(({ data }) => data) };
  },
);

/** The routes that read cards. */
export const opportunityRoutes: readonly Route[] = [
  getOpportunity,
  listHistory,
  listActivations,
];
