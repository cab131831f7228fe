import { z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { dateRange, parseDate } from "../../domain/kernel/foreignDate.ts";
import { idFrom } from "../../domain/kernel/hash.ts";
import { AccountId, TenantId } from "../../domain/kernel/ids.ts";
import { body, json } from "../http/answer.ts";
import { ids } from "../http/examples.ts";
import { maxCharacters } from "../signals/signals.ts";
import { timestampHeader, webhookRoute } from "./webhookRoute.ts";
import {
  webhookAuthor,
  takeInEvents,
  IntakeResult,
  type ReportedEvent,
  toIncomingEvent,
} from "./webhookIntake.ts";

const atMost =
  (entries: number) =>
  (record: object): boolean =>
    Object.keys(record).length <= entries;

/** A field name that the database allows in a map. */
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
          "When it happened. An event dated after its receipt counts as of its receipt; its date is kept as the announced date.",
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
          .refine(atMost(10), "must have at most ten entries")
          .optional(),
        domain: z.string().trim().min(1).max(253).optional(),
        name: z.string().trim().min(1).max(200).optional(),
      })
      .default({})
      .openapi({
        description:
          "Our id of the account, or what identifies it; if empty, account names are searched for in title and text.",
      }),
    facts: z
      .record(Name, z.string().max(2000))
      .refine(atMost(30), "must have at most thirty entries")
      .default({}),
  })
  .openapi("WebhookEvent");
type Event = z.infer<typeof Event>;

const SignatureHeaders = z.object({
  "webhook-id": z
    .string()
    .max(1000)
    .openapi({ example: "msg_2KWPBgLlAfxdpx2AI54pPJ" }),
  "webhook-timestamp": timestampHeader("seconds"),
  "webhook-signature": z.string().max(4000).openapi({
    description:
      "`v1,` and Base64 HMAC-SHA256 of `{id}.{timestamp}.{body}` with the key after `whsec_`; several, separated by spaces, during a rotation.",
  }),
});

/** The route for any system that signs with Standard Webhooks. */
export const standardWebhook = webhookRoute(
  "webhook",
  {
    path: "/api/integrations/webhook/{tenant}",
    operationId: "takeEvent",
    summary: "Another system reports an event at an account",
    description:
      "Signed with Standard Webhooks 1.0. An event with the same content about the same account is processed once, however often it is delivered.",
    request: {
      params: z.object({ tenant: TenantId }),
      headers: SignatureHeaders,
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
    answer: json(IntakeResult, "The result for the event", {
      status: "received",
      messageId: ids.message,
      reason: null,
    }),
  },
  async (c, deps) => {
    const event = c.req.valid("json");
    const author = webhookAuthor(c, "signed");
    const { id } = event.account;
    const account =
      id === undefined
        ? null
        : await deps.store.read(at.account(author.tenantId, id));
    const incoming = toIncomingEvent(toReportedEvent(event), account, deps);
    const [result] = await takeInEvents([incoming], author, deps);
    return result;
  },
);

/** What the event reports. Its item id is a hash of the content, because a redelivery may have a new id. */
function toReportedEvent(event: Event): ReportedEvent {
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
        ? "The event names no account by its id."
        : `There is no account ${id}.`,
  };
}
