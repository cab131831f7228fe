import { z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { parseDate } from "../../domain/kernel/foreignDate.ts";
import { body, json } from "../http/answer.ts";
import { ids } from "../http/examples.ts";
import { timestampHeader, webhookRoute } from "./webhookRoute.ts";
import {
  webhookAuthor,
  takeInEvents,
  IntakeResult,
  type ReportedEvent,
  toIncomingEvent,
} from "./webhookIntake.ts";

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

const SignatureHeaders = z.object({
  "x-clientpulse-tenant": z.string().max(200).openapi({ example: "acme" }),
  "x-clientpulse-timestamp": timestampHeader("seconds"),
  "x-clientpulse-signature": z.string().max(200).openapi({
    description:
      "Lower-case hex HMAC-SHA256 of `{timestamp}.{body}` with the shared secret.",
  }),
});

/** The route that a tenant's Salesforce calls when an opportunity changes. */
export const salesforceWebhook = webhookRoute(
  "salesforce",
  {
    path: "/api/integrations/salesforce/webhook",
    operationId: "takeSalesforceEvent",
    summary: "An opportunity has changed in a tenant's Salesforce",
    description:
      "Headers: X-ClientPulse-Tenant, X-ClientPulse-Timestamp (Unix seconds), X-ClientPulse-Signature (lower-case hex HMAC-SHA256 of `{timestamp}.{body}` with the shared secret). A change sent twice is processed once.",
    request: {
      headers: SignatureHeaders,
      body: body(Event, {
        AccountId: "001000000000001AAA",
        Id: "006Hs00001",
        StageName: "Negotiation",
        Name: "Renewal",
        SystemModstamp: "2026-11-20T10:00:00Z",
      }),
    },
    answer: json(IntakeResult, "The result for the event", {
      status: "received",
      messageId: ids.message,
      reason: null,
    }),
  },
  async (c, deps) => {
    const event = c.req.valid("json");
    const author = webhookAuthor(c, "salesforce");
    const [account] = await deps.store.query({
      collection: at.accounts(author.tenantId),
      where: [["identifiers.salesforce", "==", event.AccountId]],
      limit: 1,
    });
    const reported = toReportedEvent(event, account?.data.name ?? null);
    const incoming = toIncomingEvent(reported, account ?? null, deps);
    const [result] = await takeInEvents([incoming], author, deps);
    return result;
  },
);

/** What the event reports, under the item id and revision that polling the account gives it too. */
function toReportedEvent(event: Event, company: string | null): ReportedEvent {
  const { AccountId, Id, Name = "", StageName, Amount } = event;
  const stamp = changeStamp(event);
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

/** When Salesforce recorded the change, in ISO form; as sent if it is not a date. */
function changeStamp({ SystemModstamp, LastModifiedDate }: Event): string {
  const stamp = SystemModstamp ?? LastModifiedDate ?? "";
  return parseDate(stamp)?.toISOString() ?? stamp;
}
