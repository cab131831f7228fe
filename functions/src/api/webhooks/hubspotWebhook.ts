import { z } from "@hono/zod-openapi";
import type { Account } from "../../domain/accounts/account.ts";
import * as at from "../../domain/collections.ts";
import { TenantId } from "../../domain/kernel/ids.ts";
import type { Read } from "../../ports/store.ts";
import { body, json } from "../http/answer.ts";
import type { ApiDeps } from "../http/context.ts";
import {
  pickCompanyId,
  HubspotEvent,
  toReportedEvent,
} from "./hubspotEvent.ts";
import { schemaMismatch } from "../http/problem.ts";
import { parkUnreadable, type UnreadableEvent } from "./unreadableEvents.ts";
import { timestampHeader, webhookRoute } from "./webhookRoute.ts";
import {
  webhookAuthor,
  takeInEvents,
  toIncomingEvent,
} from "./webhookIntake.ts";

type ParsedEvent = { readonly event: HubspotEvent } | UnreadableEvent;

/** A parsed event, or why it could not be parsed. */
const ParsedEvent = z.union([
  HubspotEvent.transform((event): ParsedEvent => ({ event })),
  z.unknown().transform((sent): ParsedEvent => {
    const { error } = HubspotEvent.safeParse(sent);
    return { sent, issues: error?.issues ?? [] };
  }),
]);

/** HubSpot sends up to 100 events at once (Webhooks API: Webhook payloads); each is processed on its own. */
const Events = z.array(ParsedEvent).min(1).max(100);

/** How many values a Firestore `in` filter may list. */
const perQuery = 30;

const Counts = z
  .object({
    received: z.int().openapi({ description: "New, and being processed." }),
    duplicate: z.int().openapi({ description: "Received before." }),
    recorded: z.int().openapi({
      description: "About no known account; listed among the decision records.",
    }),
    refused: z.int().openapi({
      description:
        "Not a valid HubSpot event; listed among the parked messages, with the reason.",
    }),
  })
  .openapi("WebhookCounts");

const SignatureHeaders = z.object({
  "x-hubspot-request-timestamp": timestampHeader("milliseconds"),
  "x-hubspot-signature-v3": z.string().max(200).openapi({
    description:
      "Base64 HMAC-SHA256 of method, URL, body and timestamp with the app's client secret.",
  }),
});

/** The route that HubSpot calls when records that its app subscribes to change. */
export const hubspotWebhook = webhookRoute(
  "hubspot",
  {
    path: "/api/integrations/hubspot/webhook/{tenant}",
    operationId: "takeHubspotEvents",
    summary: "Records have changed in a tenant's HubSpot",
    description:
      "The target URL of a HubSpot app's webhooks, signed by HubSpot (v3) with the app's client secret. Accepts up to 100 events, each on its own; an event sent twice is processed once. An event belongs to the account with its company in `identifiers.hubspot`. Events about deals and contacts do not name a company: give the account a HubSpot source, which polls them by company.",
    request: {
      params: z.object({ tenant: TenantId }),
      headers: SignatureHeaders,
      body: body(Events, [
        {
          objectId: 1001,
          propertyName: "lifecyclestage",
          propertyValue: "opportunity",
          changeSource: "CRM_UI",
          eventId: 3_816_279_340,
          subscriptionId: 25,
          portalId: 33,
          appId: 1160452,
          occurredAt: 1_795_168_800_000,
          subscriptionType: "company.propertyChange",
          attemptNumber: 0,
        },
      ]),
    },
    answer: json(Counts, "The result, counted by status", {
      received: 1,
      duplicate: 0,
      recorded: 0,
      refused: 0,
    }),
  },
  async (c, deps) => {
    const { events, unreadable } = sortEvents(c.req.valid("json"));
    const author = webhookAuthor(c, "hubspot");
    await parkUnreadable("hubspot", unreadable, { author, deps });
    const accounts = await findAccounts(events, author.tenantId, deps);
    const incoming = events.map((event) => {
      const account = accounts.get(pickCompanyId(event) ?? "") ?? null;
      return toIncomingEvent(
        toReportedEvent(event, account?.data.name ?? null),
        account,
        deps,
      );
    });
    const results = await takeInEvents(incoming, author, deps);
    const refused = unreadable.length;
    const counts = { received: 0, duplicate: 0, recorded: 0, refused };
    for (const { status } of results) counts[status]++;
    return counts;
  },
);

/** Separates valid events from unreadable ones; 400 with the faults if none is valid. */
function sortEvents(sent: readonly ParsedEvent[]): {
  readonly events: readonly HubspotEvent[];
  readonly unreadable: readonly UnreadableEvent[];
} {
  const events = sent.flatMap((one) => ("event" in one ? [one.event] : []));
  if (events.length > 0)
    return { events, unreadable: sent.filter((one) => "issues" in one) };
  throw schemaMismatch(
    sent.flatMap((one, i) =>
      "issues" in one
        ? one.issues.map(({ path, message }) => ({
            path: [i, ...path],
            message,
          }))
        : [],
    ),
  );
}

/** The accounts of the events' companies, by HubSpot's id. */
async function findAccounts(
  events: readonly HubspotEvent[],
  tenantId: TenantId,
  { store }: Pick<ApiDeps, "store">,
): Promise<ReadonlyMap<string, Read<Account>>> {
  const companies = [
    ...new Set(events.flatMap((event) => pickCompanyId(event) ?? [])),
  ];
  const pages = [];
  for (let i = 0; i < companies.length; i += perQuery)
    pages.push(companies.slice(i, i + perQuery));
  const reads = await Promise.all(
    pages.map((page) =>
      store.query({
        collection: at.accounts(tenantId),
        where: [["identifiers.hubspot", "in", page]],
        limit: 2 * perQuery,
      }),
    ),
  );
  return new Map(
    reads.flat().map((read) => [read.data.identifiers["hubspot"] ?? "", read]),
  );
}
