import { defineSecret, defineString } from "firebase-functions/params";

/** Where all functions run. */
export const region = "europe-west1";

/** Which deployment this is, as Cloud Run names it. */
export const revision = process.env["K_REVISION"] ?? "development";

/** What an operator sets; see .env.example for what each is for. */
export const settings = {
  sources: defineString("SOURCES", { default: "live" }),
  replayUrl: defineString("REPLAY_URL", { default: "" }),
  secContact: defineString("SEC_CONTACT", { default: "" }),
  salesforceInstanceUrl: defineString("SALESFORCE_INSTANCE_URL", {
    default: "",
  }),
  salesforceLoginUrl: defineString("SALESFORCE_LOGIN_URL", {
    default: "https://login.salesforce.com",
  }),
  salesforceClientId: defineString("SALESFORCE_CLIENT_ID", { default: "" }),
  hubspotBaseUrl: defineString("HUBSPOT_BASE_URL", {
    default: "https://api.hubapi.com",
  }),
  corsOrigins: defineString("CORS_ORIGINS", { default: "" }),
} as const;

/** Bound only to the functions that use them. */
export const secrets = {
  salesforceClientSecret: defineSecret("SALESFORCE_CLIENT_SECRET"),
  hubspotAccessToken: defineSecret("HUBSPOT_ACCESS_TOKEN"),
  salesforceWebhookSecret: defineSecret("SALESFORCE_WEBHOOK_SECRET"),
} as const;

/** Whether a URL leads to this machine: a stand-in, never a vendor. */
export function isLocal(url: string): boolean {
  return /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::|\/|$)/.test(url);
}
