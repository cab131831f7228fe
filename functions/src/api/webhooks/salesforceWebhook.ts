import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { parseDate } from "../../domain/kernel/foreignDate.ts";
import { body, json, shown } from "../http/answer.ts";
import type { Api, ApiDeps } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import type { Limiter } from "../http/limiter.ts";
import { signedBy, timestampHeader, webhookProblems } from "./webhookSigned.ts";
import {
  authorOfWebhook,
  takeIn,
  Taken,
  type Told,
  toldOf,
} from "./webhookTaking.ts";

const Event = z
  .object({
    AccountId: z.string().min(1).max(100),
    Id: z.string().min(1).max(100),
    StageName: z.string().min(1).max(120),
    Name: z.string().max(200).optional(),
    Amount: z.number().min(-1e15).max(1e15).nullish(),
    LastModifiedDate: z.string().max(60).optional(),
    SystemModstamp: z.string().max(60).optional(),
  })
  .openapi("SalesforceOpportunityEvent");
type Event = z.infer<typeof Event>;

const Signed = z.object({
  "x-clientpulse-tenant": z.string().max(200).openapi({ example: "acme" }),
  "x-clientpulse-timestamp": timestampHeader("seconds"),
  "x-clientpulse-signature": z.string().max(200).openapi({
    description:
      "Lower-case hex HMAC-SHA256 of `{timestamp}.{body}` with the shared secret.",
  }),
});

/** The route that a tenant's Salesforce calls when an opportunity has changed. */
export function salesforceWebhook(
  api: Api,
  limiter: Limiter,
  deps: ApiDeps,
): void {
  const route = createRoute({
    method: "post",
    path: "/api/integrations/salesforce/webhook",
    operationId: "takeSalesforceEvent",
    security: [],
    tags: ["webhooks"],
    summary: "An opportunity has changed in a tenant's Salesforce",
    description:
      "Headers: X-ClientPulse-Tenant, X-ClientPulse-Timestamp (Unix seconds), X-ClientPulse-Signature (lower-case hex HMAC-SHA256 of `{timestamp}.{body}` with the shared secret). The same change sent twice is taken once.",
    middleware: signedBy("salesforce", limiter, deps),
    request: {
      headers: Signed,
      body: body(Event, {
        AccountId: "001000000000001AAA",
        Id: "006Hs00001",
        StageName: "Negotiation",
        Name: "Renewal",
        SystemModstamp: "2026-11-20T10:00:00Z",
      }),
    },
    responses: {
      202: json(Taken, "What became of it", {
        status: "received",
        messageId: ids.message,
        reason: null,
      }),
      ...webhookProblems,
    },
  });

  api.openapi(route, async (c) => {
    const event = c.req.valid("json");
    const author = authorOfWebhook(c, "salesforce");
    const [account] = await deps.store.query({
      collection: at.accounts(author.tenantId),
      where: [["identifiers.salesforce", "==", event.AccountId]],
      limit: 1,
    });
    const told = toldBy(event, account?.data.name ?? null);
    const handed = toldOf(told, account ?? null, deps);
    const [taken] = await takeIn([handed], author, deps);
    return c.json(shown(Taken, taken), 202);
  });
}

/** What the event says, under the id and revision by which a look at the account knows it, too. */
function toldBy(event: Event, company: string | null): Told {
  const { AccountId, Id, Name = "", StageName, Amount } = event;
  const stamp = stampOf(event);
  const ofWhom = company ?? "Salesforce";
  const at = company === null ? "" : ` at ${company}`;
  const text = [
    `Opportunity ${Name || Id}${at} moved to stage ${StageName} in Salesforce.`,
    ...(typeof Amount === "number" ? [`Its amount is ${Amount}.`] : []),
    ...(stamp === "" ? [] : [`Salesforce recorded the change at ${stamp}.`]),
  ].join(" ");
  return {
    source: "salesforce",
    itemId: Id,
    revision: `${StageName}@${stamp}`,
    url: null,
    title: `${ofWhom}: ${Name || "an opportunity"} is ${StageName}`,
    text,
    publisher: "Salesforce",
    occurredAt: parseDate(stamp),
    facts: { stage: StageName },
    about: { identifiers: { salesforce: AccountId } },
    unknown: `No account has the Salesforce id ${AccountId}.`,
  };
}

/** When Salesforce wrote it, in one form; as it was sent where that is no date. */
function stampOf({ SystemModstamp, LastModifiedDate }: Event): string {
  const stamp = SystemModstamp ?? LastModifiedDate ?? "";
  return parseDate(stamp)?.toISOString() ?? stamp;
}
