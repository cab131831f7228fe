import { createRoute, z } from "@hono/zod-openapi";
import { idFrom } from "../../domain/kernel/hash.ts";
import { AccountId } from "../../domain/kernel/ids.ts";
import { urlWithoutPersons } from "../../pipeline/redaction.ts";
import { body, json, shown, wellFormed } from "../http/answer.ts";
import { findAccount } from "../accounts/accounts.ts";
import { permitted, refuseTenant } from "../http/auth.ts";
import { type Api, type ApiDeps, authorOf } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import { commandProblems } from "../http/problem.ts";
import { receive } from "./receiving.ts";

/** Redaction can lengthen a text (a@b.co becomes [email]); a message's text ends at 20,000. */
export const maxCharacters = 16_000;

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
      "E-mail addresses, phone, card, account and social security numbers and IP addresses are removed before anything is kept. Keys may be written in camelCase too.",
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
        url:
          typeof input.source_url === "string"
            ? urlWithoutPersons(input.source_url, deps.redactor)
            : null,
        title,
        publisher: "Handed in by a colleague",
        publishedAt: deps.clock.now(),
        facts: { source_type: clean(input.source_type) },
      } as const;
      const sourceKey = "manual";
      const handedIn = { title, text };
      const payload = { accountId, sourceKey, item, handedIn, by: uid };
      const received = { topic: "signal-received", payload } as const;
      const [receipt] = await receive([received], authorOf(c), deps);
      return c.json(shown(Accepted, receipt), 202);
    });
  }
}
