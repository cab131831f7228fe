import { z } from "@hono/zod-openapi";
import { idFrom } from "../../domain/kernel/hash.ts";
import { AccountId, type Uid } from "../../domain/kernel/ids.ts";
import { urlWithoutPersons } from "../../pipeline/redaction.ts";
import { body, json, redactText } from "../http/answer.ts";
import { findAccount } from "../accounts/accounts.ts";
import { memberAccess, refuseForeignTenant } from "../http/auth.ts";
import { type ApiDeps, requestAuthor } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import { commandRoute, type Route } from "../http/route.ts";
import { takeInSignals } from "./intake.ts";

/** Leaves room for redaction, which can lengthen a text (a@b.co becomes [email]): a message holds 20,000 characters. */
export const maxCharacters = 16_000;

const Fields = z
  .object({
    tenant_id: z.string().max(200).optional().openapi({
      description: "If given, must be the tenant of the request.",
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

/** Accepts the fields in snake_case or camelCase. */
const Input = z.preprocess(inSnakeCase, Fields);

const Accepted = z
  .object({
    messageId: z.string().openapi({
      description:
        "The message that processes the signal; the same if the request is repeated.",
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

/** Both paths accept the same. */
function handIn<P extends string>(path: P, operationId: string): Route {
  return commandRoute(
    {
      status: 202,
      ...memberAccess("signals", "signal.create"),
      path,
      operationId,
      summary: "Submit a signal about an account",
      description:
        "E-mail addresses, phone, card, account and social security numbers and IP addresses are removed before the signal is stored. Keys may also be in camelCase.",
      request: {
        body: body(Input, {
          account_id: ids.account,
          title: "Globex looks for a partner",
          description: "They told us at the fair in Linz.",
          source_type: "meeting",
          source_url: "https://globex.example/fair",
        }),
      },
      answer: json(Accepted, "The signal was accepted", {
        messageId: ids.message,
      }),
      refusals: [404],
    },
    async (c, deps) => {
      const input = c.req.valid("json");
      const { tenantId, uid } = c.get("caller");
      const { tenant_id: wanted, account_id: accountId } = input;
      if (wanted !== undefined && wanted !== tenantId)
        await refuseForeignTenant(c, { uid, wanted, own: tenantId }, deps);
      await findAccount(c, accountId, deps);
      const signal = toSignal(input, uid, deps);
      const [receipt] = await takeInSignals([signal], requestAuthor(c), deps);
      return receipt;
    },
  );
}

/** The routes by which people and programs submit signals. */
export const signalRoutes: readonly Route[] = [
  handIn("/api/v1/signals", "handInSignal"),
  handIn("/api/signals", "handInSignalByShortPath"),
];

function toSignal(input: z.infer<typeof Fields>, by: Uid, deps: ApiDeps) {
  const { account_id: accountId, source_url: url } = input;
  const title = redactText(input.title, deps);
  const text = redactText(input.description, deps);
  const item = {
    source: "manual",
    itemId: idFrom(accountId, title, text),
    revision: "",
    url: typeof url === "string" ? urlWithoutPersons(url, deps.redactor) : null,
    title,
    publisher: "Handed in by a colleague",
    publishedAt: deps.clock.now(),
    facts: { source_type: redactText(input.source_type, deps) },
  } as const;
  const handedIn = { title, text };
  const payload = { accountId, sourceKey: "manual", item, handedIn, by };
  return { topic: "signal-received", payload } as const;
}
