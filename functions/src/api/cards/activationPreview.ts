import { z } from "@hono/zod-openapi";
import { queryRoute, type Route } from "../http/route.ts";
import { CrmName, CrmTask } from "../../domain/crm/activation.ts";
import * as at from "../../domain/collections.ts";
import { Provenance } from "../../domain/kernel/document.ts";
import { plannedRecords } from "../../pipeline/activate/crmTask.ts";
import { json, Moment } from "../http/answer.ts";
import { memberAccess } from "../http/auth.ts";
import { ids, quote } from "../http/examples.ts";
import { findOpportunity, OpportunityParams } from "./opportunityView.ts";
import { Refusal } from "../http/problem.ts";

const PlannedRecord = z
  .object({
    crm: CrmName,
    object: z.enum(["Task", "Note"]),
    connection: z.enum([...Provenance.options, "none"]).openapi({
      description:
        "`mock` where a stand-in replaces the CRM, `none` where the tenant has no connection to it.",
    }),
    ...CrmTask.pick({
      externalId: true,
      subject: true,
      body: true,
      crmAccountId: true,
    }).shape,
    dueAt: Moment.nullable(),
    priority: CrmTask.shape.priority.nullable(),
    allowed: z.boolean(),
    whyNot: z.string().nullable(),
  })
  .openapi("PlannedRecord");

const Preview = z
  .object({
    version: z.int().openapi({ description: "The version of the card shown." }),
    provenance: Provenance,
    items: z.array(PlannedRecord),
  })
  .openapi("ActivationPreview");

const previewActivation = queryRoute(
  {
    ...memberAccess("opportunities", "opportunity.read"),
    path: "/api/v1/opportunities/{id}/activation-preview",
    operationId: "previewActivation",
    summary: "What approving the card writes to each CRM",
    description:
      "As an approval at this moment would write it; for an approved card, as it is written. In HubSpot, line breaks become HTML.",
    request: { params: OpportunityParams },
    answer: json(Preview, "Each record, and whether it may be written", {
      version: 1,
      provenance: "live",
      items: [
        {
          crm: "salesforce",
          object: "Task",
          connection: "live",
          externalId: `clientpulse-${ids.opportunity}-v2`,
          subject: "Globex has a new chief information officer",
          body: quote,
          crmAccountId: "001000000000001AAA",
          dueAt: "2026-11-23T10:02:41.007Z",
          priority: "HIGH",
          allowed: true,
          whyNot: null,
        },
      ],
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { tenantId, uid: by } = c.get("caller");
    const { data } = await findOpportunity(c, id, deps);
    const account = await deps.store.read(at.account(tenantId, data.accountId));
    if (account === null)
      throw new Refusal(404, "The card's account no longer exists.");
    const of = { tenantId, id, data, account: account.data };
    const when = { by, now: deps.clock.now() };
    const items = plannedRecords(of, when, deps).map((planned) => {
      return { ...planned, allowed: planned.whyNot === null };
    });
    const { version, provenance } = data;
    return { version, provenance, items };
  },
);

/** The route that shows what an approval would do. */
export const previewRoutes: readonly Route[] = [previewActivation];
