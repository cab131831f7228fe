import { type RouteConfig, z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { TenantId } from "../../domain/kernel/ids.ts";
import type { Sender } from "../../domain/tenants/webhookSecrets.ts";
import type { ApiContext, ApiDeps, ApiEnv } from "../http/context.ts";
import {
  type About,
  answerWith,
  type Answering,
  type Handle,
  type Request,
  route,
  type Route,
} from "../http/route.ts";
import { problems, Refusal } from "../http/problem.ts";
import { countWebhook } from "../http/rateLimit.ts";
import { signatureFault } from "./webhookSignatures.ts";

/** The header with the time of signing. `requireSignature` checks it, and refuses every fault alike. */
export const timestampHeader = (unit: "seconds" | "milliseconds") =>
  z
    .string()
    .max(40)
    .openapi({
      description: `Unix ${unit}, at most five minutes off in either direction.`,
      example: unit === "seconds" ? "1795168800" : "1795168800000",
    });

/** The refusals of every webhook. */
const webhookProblems = problems(
  ...([400, 401, 409, 413, 415, 429, 500, 503] as const),
);

/** A route that a tenant's system calls: requires its signature, and answers 202. */
export function webhookRoute<Q extends Request>(
  sender: Sender,
  { answer, ...about }: About<Q> & Pick<Answering, "answer">,
  handle: Handle<Q>,
): Route {
  return (api, deps) => {
    const shared = {
      method: "post",
      security: [],
      tags: ["webhooks"],
      middleware: requireSignature(sender, deps),
      responses: { 202: answer, ...webhookProblems },
    } satisfies Partial<RouteConfig>;
    const respond = answerWith({ answer, status: 202 }, handle);
    route({ ...about, ...shared }, respond)(api, deps);
  };
}

/** Lets in what the sender signed for the tenant within the last five minutes; every other request gets the same 401. */
function requireSignature(
  sender: Sender,
  deps: ApiDeps,
): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const tenant = TenantId.safeParse(
      c.req.param("tenant") ?? c.req.header("X-ClientPulse-Tenant"),
    );
    const sent = {
      method: c.req.method,
      url: calledUrl(c, deps),
      header: (name: string) => c.req.header(name),
      raw: new Uint8Array(await c.req.arrayBuffer()),
    };
    const { webhookSecrets } = deps.settings;
    const secrets = tenant.success ? webhookSecrets(tenant.data, sender) : [];
    const fault = signatureFault(sender, sent, {
      secrets,
      now: deps.clock.now(),
    });
    if (fault !== null || !tenant.success) {
      const traceId = c.get("requestId");
      const facts = { traceId, sender, fault };
      deps.log.write("WARNING", "a webhook was refused", facts);
      throw new Refusal(401, "The webhook's signature is not valid.");
    }
    await countWebhook(c, tenant.data, deps);
    c.set("webhookTenant", tenant.data);
    await next();
  };
}

/** The URL that was called: behind Hosting, a request names a different host than its sender used. */
function calledUrl(c: ApiContext, { settings }: Pick<ApiDeps, "settings">) {
  const { origin, pathname, search } = new URL(c.req.url);
  return `${settings.publicUrl ?? origin}${pathname}${search}`;
}
