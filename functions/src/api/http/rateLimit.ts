import type { MiddlewareHandler } from "hono";
import { secondMs } from "../../domain/kernel/instant.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import type { Rate } from "../../domain/requests/rate.ts";
import type { ApiContext, ApiDeps, ApiEnv } from "./context.ts";
import {
  type Allowance,
  type Counted,
  type Limiter,
  ownLimiter,
} from "./limiter.ts";
import { Refused } from "./problem.ts";

/** What a tenant's systems send together: a Salesforce that replays a day's changes is not to be lost. */
const webhooks: Rate = { name: "webhooks", perMinute: 600, burst: 300 };
/** Health and the description cost no database operation; this keeps one flood from taking the instance's CPU. */
const anonymous: Rate = { name: "anonymous", perMinute: 1_200, burst: 600 };

/** Counts a request of a person against what they may do: reading and commanding apart, so that a busy screen never keeps anybody from deciding. */
export async function countPerson(
  c: ApiContext,
  caller: Counted,
  limiter: Limiter,
  deps: Pick<ApiDeps, "clock" | "settings">,
): Promise<void> {
  const { readsPerMinute, commandsPerMinute } = deps.settings;
  const rate = isCommand(c)
    ? halfAtOnce("commands", commandsPerMinute)
    : halfAtOnce("reads", readsPerMinute);
  answer(c, rate, await limiter.take(caller, rate), deps);
}

/** Counts a webhook against what its tenant's system may send. */
export async function countWebhook(
  c: ApiContext,
  tenantId: TenantId,
  limiter: Limiter,
  deps: Pick<ApiDeps, "clock">,
): Promise<void> {
  const caller = { tenantId, id: "system" };
  answer(c, webhooks, await limiter.take(caller, webhooks), deps);
}

/** Keeps those who need not say who they are to what this instance bears. */
export function countAnonymous(
  deps: Pick<ApiDeps, "clock">,
): MiddlewareHandler<ApiEnv> {
  const take = ownLimiter(deps);
  return async (c, next) => {
    answer(c, anonymous, take(anonymous), deps);
    await next();
  };
}

/** Whether a request is to change something. */
export function isCommand(c: ApiContext): boolean {
  return !["GET", "HEAD", "OPTIONS"].includes(c.req.method);
}

/** After a pause a screen loads, or a list is worked off, in one go. */
function halfAtOnce(name: string, perMinute: number): Rate {
  return { name, perMinute, burst: Math.ceil(perMinute / 2) };
}

/** Tells the caller what is left (draft-ietf-httpapi-ratelimit-headers-10), or refuses. */
function answer(
  c: ApiContext,
  { name, perMinute }: Rate,
  { granted, left, at }: Allowance,
  { clock }: Pick<ApiDeps, "clock">,
): void {
  const waitMs = at.getTime() - clock.now().getTime();
  const seconds = Math.max(0, Math.ceil(waitMs / secondMs));
  c.header("RateLimit-Policy", `"${name}";q=${perMinute};w=60`);
  c.header("RateLimit", `"${name}";r=${left};t=${seconds}`);
  if (granted) return;
  throw new Refused(
    429,
    `You may make ${perMinute} ${name === "anonymous" ? "such" : name} a minute. Wait ${seconds} s, then send the same again; nothing was done.`,
    { retryAfterS: seconds },
  );
}
