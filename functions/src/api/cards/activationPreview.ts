import { createRoute, z } from "@hono/zod-openapi";
import { CrmName, CrmTask } from "../../domain/crm/activation.ts";
import * as at from "../../domain/collections.ts";
import { Provenance } from "../../domain/kernel/document.ts";
import { plannedRecords } from "../../pipeline/activate/crmTask.ts";
import { json, Moment, shown } from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import type { Api, ApiDeps } from "../http/context.ts";
import { ids, quote } from "../http/examples.ts";
import { findOpportunity, OfOpportunity } from "./opportunityView.ts";
import { queryProblems, Refused } from "../http/problem.ts";

const Planned = z
  .object({
    crm: CrmName,
    object: z.enum(["Task", "Note"]),
    connection: z.enum([...Provenance.options, "none"]).openapi({
      description:
        "`mock` where a stand-in takes the CRM's place, `none` where the tenant has no connection to it.",
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
    version: z.int().openapi({ description: "Of the card, as it is shown." }),
    provenance: Provenance,
    items: z.array(Planned),
  })
  .openapi("ActivationPreview");

const preview = createRoute({
  method: "get",
  ...permitted("opportunities", "opportunity.read"),
  path: "/api/v1/opportunities/{id}/activation-preview",
  operationId: "previewActivation",
  summary: "What is written to each CRM when the card is approved",
  description:
    "As it would be with an approval at this moment; of a card that is approved already, as it is. HubSpot shows its texts with their lines as HTML.",
  request: { params: OfOpportunity },
  responses: {
    200: json(Preview, "Each record, and whether it may be written", {
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
    ...queryProblems(404),
  },
});

/** The route by which people see what an approval leads to, before they give it. */
export function previewRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(preview, async (c) => {
    const { id } = c.req.valid("param");
    const { tenantId, uid: by } = c.get("caller");
    const { data } = await findOpportunity(c, id, deps);
    const account = await deps.store.read(at.account(tenantId, data.accountId));
    if (account === null) throw new Refused(404, "The card's account is gone.");
    const of = { tenantId, id, data, account: account.data };
    const when = { by, now: deps.clock.now() };
    const items = plannedRecords(of, when, deps).map((planned) => {
      return { ...planned, allowed: planned.whyNot === null };
    });
    const { version, provenance } = data;
    return c.json(shown(Preview, { version, provenance, items }), 200);
  });
}
