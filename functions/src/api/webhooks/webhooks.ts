import type { Route } from "../http/route.ts";
import { hubspotWebhook } from "./hubspotWebhook.ts";
import { salesforceWebhook } from "./salesforceWebhook.ts";
import { standardWebhook } from "./standardWebhook.ts";

/** The routes that other systems call: each has its own signature scheme, and all share one intake. */
export const webhookRoutes: readonly Route[] = [
  salesforceWebhook,
  hubspotWebhook,
  standardWebhook,
];
