import { createHmac, timingSafeEqual } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import type { Account } from "../domain/account.ts";
import * as at from "../domain/collections.ts";
import { AccountId, TenantId } from "../domain/ids.ts";
import { minuteMs } from "../domain/instant.ts";
import type { Author } from "../pipeline/commit.ts";
import { commitOutcome } from "../pipeline/commit.ts";
import type { Read } from "../pipeline/ports.ts";
import { body, json, shown, wellFormed } from "./answer.ts";
import type { Api, ApiDeps, ApiEnv } from "./context.ts";
import { ids } from "./examples.ts";
import type { Limiter } from "./limiter.ts";
import { problems, Refused } from "./problem.ts";
import { countWebhook } from "./rateLimit.ts";
import { receive } from "./signals.ts";

/** How far a webhook's clock may be from ours, either way. */
const windowMs = 5 * minuteMs;

const Event = z
  .object({
    AccountId: z.string().min(1).max(100),
    Id: z.string().min(1).max(100),
    StageName: z.string().min(1).max(120),
    Name: z.string().max(200).optional(),
    Amount: z.number().nullish(),
    LastModifiedDate: z.string().max(60).optional(),
    SystemModstamp: z.string().max(60).optional(),
  })
  .openapi("SalesforceOpportunityEvent");
type Event = z.infer<typeof Event>;

/** Looked at by `signed`, which refuses all of them alike. */
const Signed = z.object({
  "x-clientpulse-tenant": z.string().openapi({ example: "acme" }),
  "x-clientpulse-timestamp": z.string().openapi({
    description: "Unix seconds, at most five minutes off either way.",
    example: "1795168800",
  }),
  "x-clientpulse-signature": z.string().openapi({
    description:
      "Lower-case hex HMAC-SHA256 of `{timestamp}.{body}` with the shared secret.",
  }),
});

const Taken = z
  .object({
    status: z.enum(["received", "duplicate", "recorded"]),
    messageId: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .openapi("WebhookTaken");

/** The hex HMAC-SHA256 that a webhook is signed with: over its timestamp, a dot, and its body as it was sent. */
export function signatureOf(
  secret: string,
  timestamp: string,
  raw: Uint8Array,
): string {
  const hmac = createHmac("sha256", secret).update(`${timestamp}.`);
  return hmac.update(raw).digest("hex");
}

/** Lets in what the tenant's own Salesforce has signed within the last five minutes; the rest are told nothing but that. */
function signed(limiter: Limiter, deps: ApiDeps): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const tenant = TenantId.safeParse(c.req.header("X-ClientPulse-Tenant"));
    const timestamp = c.req.header("X-ClientPulse-Timestamp") ?? "";
    const given = c.req.header("X-ClientPulse-Signature") ?? "";
    const raw = new Uint8Array(await c.req.arrayBuffer());
    const secret = tenant.success
      ? deps.settings.webhookSecrets(tenant.data)
      : null;
    const now = deps.clock.now().getTime();
    const fault = faultOf({ secret, timestamp, given, raw, now });
    if (fault !== null || !tenant.success) {
      const traceId = c.get("requestId");
      deps.log.write("WARNING", "a webhook was refused", { traceId, fault });
      throw new Refused(401, "The webhook is not signed as it must be.");
    }
    await countWebhook(c, tenant.data, limiter, deps);
    c.set("webhookTenant", tenant.data);
    await next();
  };
}

function faultOf({
  secret,
  timestamp,
  given,
  raw,
  now,
}: {
  readonly secret: string | null;
  readonly timestamp: string;
  readonly given: string;
  readonly raw: Uint8Array;
  readonly now: number;
}): string | null {
  if (secret === null || secret === "") return "the tenant has no secret";
  if (!/^\d{1,12}$/.test(timestamp)) return "the timestamp is not in seconds";
  if (Math.abs(now - Number(timestamp) * 1000) > windowMs) {
    return "the timestamp is not of these five minutes";
  }
  // Lower case only: in hex, a flipped bit can be the other case of the same digit.
  if (!/^[0-9a-f]{64}$/.test(given)) return "the signature is not in hex";
  const wanted = signatureOf(secret, timestamp, raw);
  const same = timingSafeEqual(Buffer.from(wanted), Buffer.from(given));
  return same ? null : "the signature is another";
}

/** The routes that other systems call. */
export function webhookRoutes(api: Api, limiter: Limiter, deps: ApiDeps): void {
  const salesforce = createRoute({
    method: "post",
    path: "/api/integrations/salesforce/webhook",
    operationId: "takeSalesforceEvent",
    security: [],
    tags: ["webhooks"],
    summary: "An opportunity has changed in a tenant's Salesforce",
    description:
      "Headers: X-ClientPulse-Tenant, X-ClientPulse-Timestamp (Unix seconds), X-ClientPulse-Signature (lower-case hex HMAC-SHA256 of `{timestamp}.{body}` with the shared secret). The same change sent twice is taken once.",
    middleware: signed(limiter, deps),
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
      ...problems(400, 401, 409, 413, 415, 429, 500, 503),
    },
  });

  api.openapi(salesforce, async (c) => {
    const event = c.req.valid("json");
    const tenantId = c.get("webhookTenant");
    const traceId = c.get("requestId");
    const origin = { traceId, runId: null, causedBy: null };
    const author = { tenantId, actor: "system:salesforce-webhook", origin };
    const [account] = await deps.store.query({
      collection: at.accounts(tenantId),
      where: [["identifiers.salesforce", "==", event.AccountId]],
      limit: 1,
    });
    if (account === undefined) {
      const reason = await recordUnknown(event, author, deps);
      const taken = { status: "recorded", messageId: null, reason };
      return c.json(shown(Taken, taken), 202);
    }
    const payload = payloadOf(event, account, deps);
    const received = { topic: "signal-received", payload } as const;
    const { messageId, fresh } = await receive(received, author, deps);
    const status = fresh ? "received" : "duplicate";
    return c.json(shown(Taken, { status, messageId, reason: null }), 202);
  });
}

/** What happened, by which the same event is known again: the stage, and when Salesforce wrote it. */
function revisionOf({ StageName, SystemModstamp, LastModifiedDate }: Event) {
  return wellFormed(`${StageName}@${SystemModstamp ?? LastModifiedDate ?? ""}`);
}

function payloadOf(event: Event, account: Read<Account>, deps: ApiDeps) {
  const clean = (text: string) => deps.redactor.redact(wellFormed(text));
  const { Id, Name = "", StageName, Amount } = event;
  const stamp = event.SystemModstamp ?? event.LastModifiedDate ?? "";
  const changedAt = Date.parse(stamp);
  const name = account.data.name;
  const told = clean(`${name}: ${Name || "an opportunity"} is ${StageName}`);
  const title = wellFormed(told.slice(0, 500));
  const text = clean(
    [
      `Opportunity ${Name || Id} at ${name} moved to stage ${StageName} in Salesforce.`,
      ...(typeof Amount === "number" ? [`Its amount is ${Amount}.`] : []),
      ...(stamp === "" ? [] : [`Salesforce recorded the change at ${stamp}.`]),
    ].join(" "),
  );
  return {
    accountId: AccountId.parse(account.id),
    sourceKey: "salesforce",
    item: {
      source: "salesforce",
      itemId: wellFormed(Id),
      revision: revisionOf(event),
      url: null,
      title,
      publisher: "Salesforce",
      publishedAt: Number.isNaN(changedAt)
        ? deps.clock.now()
        : new Date(changedAt),
      facts: { stage: clean(StageName) },
    },
    handedIn: { title, text },
    by: null,
  } as const;
}

/** Leaves a decision record, for nobody's account: people see there that an identifier is missing. */
async function recordUnknown(event: Event, author: Author, deps: ApiDeps) {
  const reason = `No account has the Salesforce id ${wellFormed(event.AccountId)}.`;
  await commitOutcome(
    {
      decisions: [
        {
          accountId: AccountId.parse("unknown"),
          audience: [],
          stage: "ingest",
          itemId: `salesforce:${wellFormed(event.Id)}:${revisionOf(event)}`,
          signalId: null,
          url: null,
          title: deps.redactor.redact(wellFormed(event.Name ?? event.Id)),
          verdict: "dropped",
          reason: "no-account",
          detail: reason,
          setting: null,
        },
      ],
    },
    author,
    [],
    deps,
  );
  return reason;
}
