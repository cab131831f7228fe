import type { MiddlewareHandler } from "hono";
import { secondMs } from "../../domain/kernel/instant.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import type { Rate } from "../../domain/requests/rate.ts";
import type { ApiContext, ApiDeps, ApiEnv } from "./context.ts";
import { type Allowance, type RateKey, instanceLimiter } from "./limiter.ts";
import { Refusal } from "./problem.ts";

/** For all systems of a tenant together: enough for a Salesforce that replays a day's changes. */
const webhooks: Rate = { name: "webhooks", perMinute: 600, burst: 300 };
/** Health and the description cost no database operation; this only protects the instance's CPU from a flood. */
const anonymous: Rate = { name: "anonymous", perMinute: 1_200, burst: 600 };

/** Counts a person's request against their rate. Queries and commands are counted separately, so that a busy screen never stops anybody from deciding. */
export async function countPerson(
  c: ApiContext,
  caller: RateKey,
  deps: Pick<ApiDeps, "clock" | "settings">,
): Promise<void> {
  const { readsPerMinute, commandsPerMinute } = deps.settings;
  const rate = isCommand(c)
    ? halfAtOnce("commands", commandsPerMinute)
    : halfAtOnce("reads", readsPerMinute);
  const allowance = await c.get("limiter").take(caller, rate);
  enforce(c, { rate, allowance }, deps);
}

/** Counts a webhook against its tenant's rate. */
export async function countWebhook(
  c: ApiContext,
  tenantId: TenantId,
  deps: Pick<ApiDeps, "clock">,
): Promise<void> {
  const caller = { tenantId, id: "system" };
  const allowance = await c.get("limiter").take(caller, webhooks);
  enforce(c, { rate: webhooks, allowance }, deps);
}

/** Holds anonymous requests to what one instance can bear. */
export function countAnonymous(
  deps: Pick<ApiDeps, "clock">,
): MiddlewareHandler<ApiEnv> {
  const take = instanceLimiter(deps);
  return async (c, next) => {
    enforce(c, { rate: anonymous, allowance: take(anonymous) }, deps);
    await next();
  };
}

/** Whether a request may change something. */
export function isCommand(c: ApiContext): boolean {
  return !["GET", "HEAD", "OPTIONS"].includes(c.req.method);
}

/** Half of the minute's requests may come at once, as when a screen loads. */
function halfAtOnce(name: string, perMinute: number): Rate {
  return { name, perMinute, burst: Math.ceil(perMinute / 2) };
}

/** Tells the caller what is left (draft-ietf-httpapi-ratelimit-headers-10); 429 if nothing is. */
function enforce(
  c: ApiContext,
  {
    rate: { name, perMinute },
    allowance: { granted, left, at },
  }: { readonly rate: Rate; readonly allowance: Allowance },
  { clock }: Pick<ApiDeps, "clock">,
): void {
  const waitMs = at.getTime() - clock.now().getTime();
  const seconds = Math.max(0, Math.ceil(waitMs / secondMs));
  c.header("RateLimit-Policy", `"${name}";q=${perMinute};w=60`);
  c.header("RateLimit", `"${name}";r=${left};t=${seconds}`);
  if (granted) return;
  throw new Refusal(
    429,
    `You may make ${perMinute} ${name === "anonymous" ? "such" : name} a minute. Nothing was done. Wait ${seconds} s, then send the request again.`,
    { retryAfterS: seconds },
  );
}
