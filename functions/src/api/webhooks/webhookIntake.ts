import { z } from "@hono/zod-openapi";
import type { Account } from "../../domain/accounts/account.ts";
import { AccountId } from "../../domain/kernel/ids.ts";
import type { About } from "../../domain/resolution/lookup.ts";
import type { SourceItem } from "../../domain/signals/signal.ts";
import type { Payload } from "../../domain/messages/topics.ts";
import type { Author } from "../../delivery/commit.ts";
import type { Read } from "../../ports/store.ts";
import { itemWithoutPersons } from "../../pipeline/redaction.ts";
import { redactText, toWellFormed } from "../http/answer.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { redactAbout, takeInSignals } from "../signals/intake.ts";

/** The result for an event. */
export const IntakeResult = z
  .object({
    status: z.enum(["received", "duplicate", "recorded"]).openapi({
      description:
        "`received`: new, and being processed. `duplicate`: received before, ignored. `recorded`: new, about no known account; the account is resolved from the event's content, and the result is listed among the decision records or the unresolved signals.",
    }),
    messageId: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .openapi("WebhookTaken");
export type IntakeResult = z.infer<typeof IntakeResult>;

/** An event reported by another system, before redaction. */
export interface ReportedEvent {
  readonly source: "salesforce" | "hubspot" | "webhook";
  /** What happened to what: the same for every delivery of an event. At most 1,000 and 200 characters. */
  readonly itemId: string;
  readonly revision: string;
  readonly url: string | null;
  readonly title: string;
  readonly text: string;
  readonly publisher: string;
  readonly occurredAt: Date | null;
  readonly facts: SourceItem["facts"];
  /** Why the account is certain even if the text does not name it. */
  readonly named?: { readonly resolvedBy: string };
  /** What identifies the account, if it is not found right away. */
  readonly about: About;
  /** The reason answered if the account is not known. */
  readonly unknown: string;
}

/** An event ready to be emitted. */
interface IncomingEvent {
  readonly payload: Payload<"signal-received">;
  readonly unknown: string;
}

/** The author that a webhook's events are attributed to. */
export function webhookAuthor(c: ApiContext, sender: string): Author {
  return {
    tenantId: c.get("webhookTenant"),
    actor: `system:${sender}-webhook`,
    origin: { traceId: c.get("requestId"), runId: null, causedBy: null },
  };
}

/** The event after redaction, assigned to the account if it is known. Polling the account's source of that kind gives it the same item id. */
export function toIncomingEvent(
  event: ReportedEvent,
  account: Read<Account> | null,
  deps: Pick<ApiDeps, "clock" | "redactor">,
): IncomingEvent {
  const { source, about, occurredAt, title, text, unknown, named, ...rest } =
    event;
  const ownSource = account?.data.sources.find(({ kind }) => kind === source);
  const item = itemWithoutPersons(
    {
      ...rest,
      source,
      title: toWellFormed(title),
      url: event.url === null ? null : toWellFormed(event.url),
      itemId: toWellFormed(event.itemId),
      revision: toWellFormed(event.revision),
      publishedAt: occurredAt ?? deps.clock.now(),
    },
    deps.redactor,
  );
  return {
    payload: {
      ...(account === null
        ? { accountId: null, about: redactAbout(about, deps) }
        : { accountId: AccountId.parse(account.id), ...named }),
      sourceKey: ownSource?.key ?? source,
      item,
      handedIn: {
        title: item.title,
        text: redactText(text, deps).slice(0, 20_000),
      },
      by: null,
    },
    unknown: redactText(unknown, deps),
  };
}

/** Takes events in, each once, to be processed later; returns the result for each. */
export async function takeInEvents(
  events: readonly IncomingEvent[],
  author: Author,
  deps: ApiDeps,
): Promise<readonly IntakeResult[]> {
  const signals = events.map(({ payload }) => {
    return { topic: "signal-received", payload } as const;
  });
  const receipts = await takeInSignals(signals, author, deps);
  return events.map(({ payload, unknown }, i): IntakeResult => {
    const { messageId = null, isNew = false } = receipts[i] ?? {};
    if (payload.accountId === null)
      return {
        status: isNew ? "recorded" : "duplicate",
        messageId,
        reason: unknown,
      };
    const status = isNew ? "received" : "duplicate";
    return { status, messageId, reason: null };
  });
}
