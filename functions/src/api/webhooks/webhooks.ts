import type { Api, ApiDeps } from "../http/context.ts";
import { hubspotWebhook } from "./hubspotWebhook.ts";
import type { Limiter } from "../http/limiter.ts";
import { salesforceWebhook } from "./salesforceWebhook.ts";
import { standardWebhook } from "./standardWebhook.ts";

/** The routes that other systems call: each in its own way of signing, and all of them taken in alike. */
export function webhookRoutes(api: Api, limiter: Limiter, deps: ApiDeps): void {
  salesforceWebhook(api, limiter, deps);
  hubspotWebhook(api, limiter, deps);
  standardWebhook(api, limiter, deps);
}
