import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { dateRange, parseDate } from "../../domain/kernel/foreignDate.ts";
import { idFrom } from "../../domain/kernel/hash.ts";
import { AccountId, TenantId } from "../../domain/kernel/ids.ts";
import { body, json, shown } from "../http/answer.ts";
import type { Api, ApiDeps } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import type { Limiter } from "../http/limiter.ts";
import { maxCharacters } from "../signals/signals.ts";
import { signedBy, timestampHeader, webhookProblems } from "./webhookSigned.ts";
import {
  authorOfWebhook,
  takeIn,
  Taken,
  type Told,
  toldOf,
} from "./webhookTaking.ts";

const atMost =
  (entries: number) =>
  (record: object): boolean =>
    Object.keys(record).length <= entries;

/** What a map in the database may call a field. */
const Name = z.string().regex(/^[a-z][\w.-]{0,49}$/i);

const Event = z
  .object({
    type: z.string().trim().min(1).max(100),
    occurred_at: z.iso
      .datetime({ offset: true, abort: true })
      .max(40)
      .refine((text) => parseDate(text) !== null, `must be ${dateRange}`)
      .optional()
      .openapi({
        description:
          "When it happened. What is dated later than it is received counts as of its receipt, and keeps its date as announced.",
      }),
    title: z.string().trim().min(1).max(400),
    text: z.string().trim().min(1).max(maxCharacters),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .nullish(),
    account: z
      .object({
        id: AccountId.optional(),
        identifiers: z
          .record(Name, z.string().min(1).max(200))
          .refine(atMost(10), "must be at most ten")
          .optional(),
        domain: z.string().trim().min(1).max(253).optional(),
        name: z.string().trim().min(1).max(200).optional(),
      })
      .default({})
      .openapi({
        description:
          "Our id of the account, or what it may be known by; where nothing is said, its names are looked for in title and text.",
      }),
    facts: z
      .record(Name, z.string().max(2000))
      .refine(atMost(30), "must be at most thirty")
      .default({}),
  })
  .openapi("WebhookEvent");
type Event = z.infer<typeof Event>;

const Signed = z.object({
  "webhook-id": z
    .string()
    .max(1000)
    .openapi({ example: "msg_2KWPBgLlAfxdpx2AI54pPJ" }),
  "webhook-timestamp": timestampHeader("seconds"),
  "webhook-signature": z.string().max(4000).openapi({
    description:
      "`v1,` and Base64 HMAC-SHA256 of `{id}.{timestamp}.{body}` with the key behind `whsec_`; several parted by spaces while the secret is changed.",
  }),
});

/** The route for any system that signs by Standard Webhooks. */
export function standardWebhook(
  api: Api,
  limiter: Limiter,
  deps: ApiDeps,
): void {
  const route = createRoute({
    method: "post",
    path: "/api/integrations/webhook/{tenant}",
    operationId: "takeEvent",
    security: [],
    tags: ["webhooks"],
    summary: "Something has happened at an account, says any other system",
    description:
      "Signed by Standard Webhooks 1.0. What says the same of the same account is taken once, however often it is delivered.",
    middleware: signedBy("webhook", limiter, deps),
    request: {
      params: z.object({ tenant: TenantId }),
      headers: Signed,
      body: body(Event, {
        type: "support.escalated",
        occurred_at: "2026-11-20T10:00:00Z",
        title: "Globex escalates a support case",
        text: "Globex asks for an architect after the third outage of its shop in a month.",
        url: "https://support.acme.example/cases/17",
        account: { domain: "globex.example" },
        facts: { case: "17" },
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
    const author = authorOfWebhook(c, "signed");
    const { id } = event.account;
    const account =
      id === undefined
        ? null
        : await deps.store.read(at.account(author.tenantId, id));
    const handed = toldOf(toldBy(event), account, deps);
    const [taken] = await takeIn([handed], author, deps);
    return c.json(shown(Taken, taken), 202);
  });
}

/** What the event says; its id is the hash of that, since a delivery's own id may be new each time. */
function toldBy(event: Event): Told {
  const { type, title, text, url = null, facts, account } = event;
  const { id = "", identifiers = {}, domain, name } = account;
  const occurredAt = parseDate(event.occurred_at);
  const happened = [type, occurredAt?.toISOString() ?? "", title, text];
  const ofWhom = [id, domain ?? "", name ?? ""];
  const known = Object.entries(identifiers).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return {
    source: "webhook",
    itemId: idFrom(...happened, ...ofWhom, ...known.flat()),
    revision: "",
    url,
    title,
    text,
    publisher: "Sent by another system",
    occurredAt,
    facts: { ...facts, source_type: type },
    named: { resolvedBy: "The sender names the account by its id." },
    about: {
      identifiers,
      domains: domain === undefined ? [] : [domain],
      names: name === undefined ? [] : [name],
    },
    unknown:
      id === ""
        ? "It names no account by its id."
        : `There is no account ${id}.`,
  };
}
