import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../domain/collections.ts";
import { idFrom } from "../domain/hash.ts";
import { AccountId } from "../domain/ids.ts";
import type { Emission } from "../domain/message.ts";
import { messageIdOf } from "../domain/topics.ts";
import { type Author, commitOutcome } from "../pipeline/commit.ts";
import { body, json, persistently, shown, wellFormed } from "./answer.ts";
import { findAccount } from "./accounts.ts";
import { permitted, refuseTenant } from "./auth.ts";
import { type Api, type ApiDeps, authorOf } from "./context.ts";
import { ids } from "./examples.ts";
import { commandProblems } from "./problem.ts";

/** Redaction can lengthen a text (a@b.co becomes [email]); a message's text ends at 20,000. */
const maxCharacters = 16_000;

const Fields = z
  .object({
    tenant_id: z.string().max(200).optional().openapi({
      description: "If given, must be the tenant that the request is made in.",
    }),
    account_id: AccountId,
    title: z.string().trim().min(1).max(400),
    description: z.string().trim().min(1).max(maxCharacters),
    source_type: z.string().trim().min(1).max(50),
    source_url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .nullish(),
  })
  .openapi("SignalInput");

/** What is taken: the fields in snake_case, or the same in camelCase. */
const Input = z.preprocess(inSnakeCase, Fields);

const Accepted = z
  .object({
    messageId: z.string().openapi({
      description: "The work that follows; the same for a doubled request.",
    }),
  })
  .openapi("SignalAccepted");

function inSnakeCase(input: unknown): unknown {
  if (input === null || typeof input !== "object") return input;
  const snake = (key: string) =>
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [snake(key), value]),
  );
}

/** The route of one path; both paths are the same. */
function handIn<P extends string>(path: P, operationId: string) {
  return createRoute({
    method: "post",
    ...permitted("signals", "signal.create"),
    path,
    operationId,
    summary: "Hand in something that you know of an account",
    description:
      "E-mail addresses and phone numbers are removed before anything is kept. Keys may be written in camelCase too.",
    request: {
      body: body(Input, {
        account_id: ids.account,
        title: "Globex looks for a partner",
        description: "They told us at the fair in Linz.",
        source_type: "meeting",
        source_url: "https://globex.example/fair",
      }),
    },
    responses: {
      202: json(Accepted, "It will be read", { messageId: ids.message }),
      ...commandProblems(404),
    },
  });
}

/** The routes by which people and programs hand in signals. */
export function signalRoutes(api: Api, deps: ApiDeps): void {
  const paths = [
    ["/api/v1/signals", "handInSignal"],
    ["/api/signals", "handInSignalByShortPath"],
  ] as const;
  for (const [path, operationId] of paths) {
    api.openapi(handIn(path, operationId), async (c) => {
      const input = c.req.valid("json");
      const { tenantId, uid } = c.get("caller");
      const { tenant_id: wanted, account_id: accountId } = input;
      if (wanted !== undefined && wanted !== tenantId) {
        await refuseTenant(c, { uid, wanted, own: tenantId }, deps);
      }
      await findAccount(c, accountId, deps);
      const clean = (text: string) => deps.redactor.redact(wellFormed(text));
      const title = clean(input.title);
      const text = clean(input.description);
      const item = {
        source: "manual",
        itemId: idFrom(accountId, title, text),
        revision: "",
        url: cleanUrl(input.source_url ?? null, deps),
        title,
        publisher: "Handed in by a colleague",
        publishedAt: deps.clock.now(),
        facts: { source_type: clean(input.source_type) },
      } as const;
      const sourceKey = "manual";
      const handedIn = { title, text };
      const payload = { accountId, sourceKey, item, handedIn, by: uid };
      const received = { topic: "signal-received", payload } as const;
      const { messageId } = await receive(received, authorOf(c), deps);
      return c.json(shown(Accepted, { messageId }), 202);
    });
  }
}

/** Emits a signal once, with an audit entry, however often it is handed in. */
export async function receive(
  emission: Emission<"signal-received">,
  author: Author,
  deps: ApiDeps,
) {
  const { payload } = emission;
  const messageId = messageIdOf("signal-received", payload);
  return persistently(async () => {
    const known = await deps.store.read(at.message(author.tenantId, messageId));
    if (known !== null) return { messageId, fresh: false };
    const committed = await commitOutcome(
      {
        emits: [emission],
        audit: [
          {
            action: "CREATE",
            entity: { kind: "message", id: messageId },
            before: null,
            after: {
              accountId: payload.accountId,
              source: payload.item.source,
            },
            reason: "a signal was handed in",
          },
        ],
      },
      author,
      [],
      deps,
    );
    return committed.kind === "conflict" ? null : { messageId, fresh: true };
  });
}

/** The URL without its query where that names a person; null where its path does. */
function cleanUrl(url: string | null, { redactor }: ApiDeps): string | null {
  if (url === null || redactor.redact(url) === url) return url;
  const { origin, pathname } = new URL(url);
  const bare = `${origin}${pathname}`;
  return redactor.redact(bare) === bare && bare.length <= url.length
    ? bare
    : null;
}
