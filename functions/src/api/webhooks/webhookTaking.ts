import { z } from "@hono/zod-openapi";
import type { Account } from "../../domain/accounts/account.ts";
import { AccountId } from "../../domain/kernel/ids.ts";
import type { About } from "../../domain/resolution/lookup.ts";
import type { SourceItem } from "../../domain/signals/signal.ts";
import type { PayloadOf } from "../../domain/messages/topics.ts";
import type { Author } from "../../delivery/commit.ts";
import type { Read } from "../../ports/store.ts";
import { itemWithoutPersons } from "../../pipeline/redaction.ts";
import { cleaned, wellFormed } from "../http/answer.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { aboutWithoutPersons, receive } from "../signals/receiving.ts";

/** What became of an event. */
export const Taken = z
  .object({
    status: z.enum(["received", "duplicate", "recorded"]).openapi({
      description:
        "`received`: new, and on its way. `duplicate`: taken before, and nothing is done. `recorded`: new, of no account that is known; it is looked for by what the event says, and what comes of that stands among the decisions or the unassigned signals.",
    }),
    messageId: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .openapi("WebhookTaken");
export type Taken = z.infer<typeof Taken>;

/** What another system says has happened, before anybody's address is taken out of it. */
export interface Told {
  readonly source: "salesforce" | "hubspot" | "webhook";
  /** What happened to what: the same event has the same two, however it is delivered. At most 1,000 and 200 characters. */
  readonly itemId: string;
  readonly revision: string;
  readonly url: string | null;
  readonly title: string;
  readonly text: string;
  readonly publisher: string;
  readonly occurredAt: Date | null;
  readonly facts: SourceItem["facts"];
  /** On what it rests that the account is the one that it names, where its text need not name it. */
  readonly named?: { readonly resolvedBy: string };
  /** By what its account may be known, where it is not found at once. */
  readonly about: About;
  /** What is answered where its account is not known. */
  readonly unknown: string;
}

/** An event as it goes on. */
interface Handed {
  readonly payload: PayloadOf<"signal-received">;
  readonly unknown: string;
}

/** On whose behalf the events of a webhook are kept. */
export function authorOfWebhook(c: ApiContext, sender: string): Author {
  return {
    tenantId: c.get("webhookTenant"),
    actor: `system:${sender}-webhook`,
    origin: { traceId: c.get("requestId"), runId: null, causedBy: null },
  };
}

/** An event without anybody's address or number, as the account's where that is known. A look at the account's source of that kind knows it by the same id. */
export function toldOf(
  told: Told,
  account: Read<Account> | null,
  deps: Pick<ApiDeps, "clock" | "redactor">,
): Handed {
  const { source, about, occurredAt, title, text, unknown, named, ...rest } =
    told;
  const looked = account?.data.sources.find(({ kind }) => kind === source);
  const item = itemWithoutPersons(
    {
      ...rest,
      source,
      title: wellFormed(title),
      url: told.url === null ? null : wellFormed(told.url),
      itemId: wellFormed(told.itemId),
      revision: wellFormed(told.revision),
      publishedAt: occurredAt ?? deps.clock.now(),
    },
    deps.redactor,
  );
  return {
    payload: {
      ...(account === null
        ? { accountId: null, about: aboutWithoutPersons(about, deps) }
        : { accountId: AccountId.parse(account.id), ...named }),
      sourceKey: looked?.key ?? source,
      item,
      handedIn: {
        title: item.title,
        text: cleaned(text, deps).slice(0, 20_000),
      },
      by: null,
    },
    unknown: cleaned(unknown, deps),
  };
}

/** Takes events in, each once, to be worked on afterwards: what became of each. */
export async function takeIn(
  handed: readonly Handed[],
  author: Author,
  deps: ApiDeps,
): Promise<readonly Taken[]> {
  const signals = handed.map(({ payload }) => {
    return { topic: "signal-received", payload } as const;
  });
  const receipts = await receive(signals, author, deps);
  return handed.map(({ payload, unknown }, i): Taken => {
    const { messageId = null, fresh = false } = receipts[i] ?? {};
    if (payload.accountId === null)
      return {
        status: fresh ? "recorded" : "duplicate",
        messageId,
        reason: unknown,
      };
    const status = fresh ? "received" : "duplicate";
    return { status, messageId, reason: null };
  });
}
