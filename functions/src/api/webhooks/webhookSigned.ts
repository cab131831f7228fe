import { z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { TenantId } from "../../domain/kernel/ids.ts";
import type { Sender } from "../../domain/tenants/webhookSecrets.ts";
import type { ApiContext, ApiDeps, ApiEnv } from "../http/context.ts";
import type { Limiter } from "../http/limiter.ts";
import { problems, Refused } from "../http/problem.ts";
import { countWebhook } from "../http/rateLimit.ts";
import { faultOf } from "./webhookSignatures.ts";

/** The header that says when a webhook was signed. Such headers are looked at by `signedBy`, which refuses all of them alike. */
export const timestampHeader = (unit: "seconds" | "milliseconds") =>
  z
    .string()
    .max(40)
    .openapi({
      description: `Unix ${unit}, at most five minutes off either way.`,
      example: unit === "seconds" ? "1795168800" : "1795168800000",
    });

/** The refusals of every webhook. */
export const webhookProblems = problems(
  ...([400, 401, 409, 413, 415, 429, 500, 503] as const),
);

/** Lets in what the sender has signed for the tenant within the last five minutes; the rest are told nothing but that. */
export function signedBy(
  sender: Sender,
  limiter: Limiter,
  deps: ApiDeps,
): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const tenant = TenantId.safeParse(
      c.req.param("tenant") ?? c.req.header("X-ClientPulse-Tenant"),
    );
    const sent = {
      method: c.req.method,
      url: addressOf(c, deps),
      header: (name: string) => c.req.header(name),
      raw: new Uint8Array(await c.req.arrayBuffer()),
    };
    const { webhookSecrets } = deps.settings;
    const secrets = tenant.success ? webhookSecrets(tenant.data, sender) : [];
    const fault = faultOf(sender, sent, { secrets, now: deps.clock.now() });
    if (fault !== null || !tenant.success) {
      const traceId = c.get("requestId");
      const facts = { traceId, sender, fault };
      deps.log.write("WARNING", "a webhook was refused", facts);
      throw new Refused(401, "The webhook is not signed as it must be.");
    }
    await countWebhook(c, tenant.data, limiter, deps);
    c.set("webhookTenant", tenant.data);
    await next();
  };
}

/** The address that was called: behind Hosting a request names another host than the world does. */
function addressOf(c: ApiContext, { settings }: Pick<ApiDeps, "settings">) {
  const { origin, pathname, search } = new URL(c.req.url);
  return `${settings.publicUrl ?? origin}${pathname}${search}`;
}
