import { createRoute, z } from "@hono/zod-openapi";
import type { Account } from "../../domain/accounts/account.ts";
import * as at from "../../domain/collections.ts";
import { TenantId } from "../../domain/kernel/ids.ts";
import type { Read } from "../../ports/store.ts";
import { body, json, shown } from "../http/answer.ts";
import type { Api, ApiDeps } from "../http/context.ts";
import { companyOf, HubspotEvent, toldBy } from "./hubspotEvent.ts";
import type { Limiter } from "../http/limiter.ts";
import { unlikeSchema } from "../http/problem.ts";
import { keepUnreadable, type UnreadableEvent } from "./unreadableEvents.ts";
import { signedBy, timestampHeader, webhookProblems } from "./webhookSigned.ts";
import { authorOfWebhook, takeIn, toldOf } from "./webhookTaking.ts";

type Sent = { readonly event: HubspotEvent } | UnreadableEvent;

/** An event, or why it is none. */
const Sent = z.union([
  HubspotEvent.transform((event): Sent => ({ event })),
  z.unknown().transform((sent): Sent => {
    const { error } = HubspotEvent.safeParse(sent);
    return { sent, issues: error?.issues ?? [] };
  }),
]);

/** HubSpot sends up to 100 events at once (Webhooks API: Webhook payloads); each is looked at by itself. */
const Events = z.array(Sent).min(1).max(100);

/** How many values an `in` of Firestore may name. */
const perQuery = 30;

const Counts = z
  .object({
    received: z.int().openapi({ description: "New, and on their way." }),
    duplicate: z.int().openapi({ description: "Taken before." }),
    recorded: z.int().openapi({
      description:
        "Of no account that is known; it stands among the decisions.",
    }),
    refused: z.int().openapi({
      description:
        "Not as HubSpot's events are; it stands among the parked messages, with what is wrong with it.",
    }),
  })
  .openapi("WebhookCounts");

const Signed = z.object({
  "x-hubspot-request-timestamp": timestampHeader("milliseconds"),
  "x-hubspot-signature-v3": z.string().max(200).openapi({
    description:
      "Base64 HMAC-SHA256 of method, address, body and timestamp with the app's client secret.",
  }),
});

/** The route that HubSpot calls when records have changed that its app has subscribed to. */
export function hubspotWebhook(
  api: Api,
  limiter: Limiter,
  deps: ApiDeps,
): void {
  const route = createRoute({
    method: "post",
    path: "/api/integrations/hubspot/webhook/{tenant}",
    operationId: "takeHubspotEvents",
    security: [],
    tags: ["webhooks"],
    summary: "Records have changed in a tenant's HubSpot",
    description:
      "The target URL of a HubSpot app's webhooks, signed by HubSpot (v3) with the app's client secret. Up to 100 events, each taken by itself; the same event sent twice is taken once. An event is of the account with its company in `identifiers.hubspot`; deals and contacts do not say of which company they are: give the account a HubSpot source, which asks for them by company.",
    middleware: signedBy("hubspot", limiter, deps),
    request: {
      params: z.object({ tenant: TenantId }),
      headers: Signed,
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
    responses: {
      202: json(Counts, "What became of them", {
        received: 1,
        duplicate: 0,
        recorded: 0,
        refused: 0,
      }),
      ...webhookProblems,
    },
  });

  api.openapi(route, async (c) => {
    const { events, unreadable } = eventsIn(c.req.valid("json"));
    const author = authorOfWebhook(c, "hubspot");
    await keepUnreadable("hubspot", unreadable, { author, deps });
    const accounts = await accountsOf(events, author.tenantId, deps);
    const handed = events.map((event) => {
      const account = accounts.get(companyOf(event) ?? "") ?? null;
      return toldOf(toldBy(event, account?.data.name ?? null), account, deps);
    });
    const taken = await takeIn(handed, author, deps);
    const refused = unreadable.length;
    const counts = { received: 0, duplicate: 0, recorded: 0, refused };
    for (const { status } of taken) counts[status]++;
    return c.json(shown(Counts, counts), 202);
  });
}

/** The events that can be read, and the others; 400 names what is wrong where none can be. */
function eventsIn(sent: readonly Sent[]): {
  readonly events: readonly HubspotEvent[];
  readonly unreadable: readonly UnreadableEvent[];
} {
  const events = sent.flatMap((one) => ("event" in one ? [one.event] : []));
  if (events.length > 0)
    return { events, unreadable: sent.filter((one) => "issues" in one) };
  throw unlikeSchema(
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

/** The accounts that the events' companies are, by HubSpot's id. */
async function accountsOf(
  events: readonly HubspotEvent[],
  tenantId: TenantId,
  { store }: Pick<ApiDeps, "store">,
): Promise<ReadonlyMap<string, Read<Account>>> {
  const companies = [
    ...new Set(events.flatMap((event) => companyOf(event) ?? [])),
  ];
  const pages = [];
  for (let i = 0; i < companies.length; i += perQuery)
    pages.push(companies.slice(i, i + perQuery));
  const found = await Promise.all(
    pages.map((page) =>
      store.query({
        collection: at.accounts(tenantId),
        where: [["identifiers.hubspot", "in", page]],
        limit: 2 * perQuery,
      }),
    ),
  );
  return new Map(
    found.flat().map((read) => [read.data.identifiers["hubspot"] ?? "", read]),
  );
}
