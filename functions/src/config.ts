import {
  defineInt,
  defineSecret,
  defineString,
  select,
} from "firebase-functions/params";

/** Where all functions run. */
export const region = "europe-west1";

/** Which deployment this is, as Cloud Run names it. */
export const revision = process.env["K_REVISION"] ?? "development";

/** Which of the functions this process runs; null where it lists them all. */
export const runsAs = process.env["FUNCTION_TARGET"] ?? null;

/** Whether the functions run in their emulator, whose server has routes of its own. */
export const isEmulated = process.env["FUNCTIONS_EMULATOR"] === "true";

/** Whether tasks go to the emulator of their queue, which speaks REST only. */
export const tasksAreEmulated =
  process.env["CLOUD_TASKS_EMULATOR_HOST"] !== undefined;

/** What an operator sets; see .env.example for what each is for. */
export const settings = {
  sources: oneOf("SOURCES", ["live", "replay"]),
  replayUrl: defineString("REPLAY_URL", { default: "" }),
  secContact: defineString("SEC_CONTACT", { default: "" }),
  salesforceInstanceUrl: defineString("SALESFORCE_INSTANCE_URL", {
    default: "",
  }),
  salesforceLoginUrl: defineString("SALESFORCE_LOGIN_URL", { default: "" }),
  salesforceClientId: defineString("SALESFORCE_CLIENT_ID", { default: "" }),
  salesforceTenant: defineString("SALESFORCE_TENANT", { default: "" }),
  hubspotTenant: defineString("HUBSPOT_TENANT", { default: "" }),
  hubspotBaseUrl: defineString("HUBSPOT_BASE_URL", {
    default: "https://api.hubapi.com",
  }),
  hubspotApiVersion: defineString("HUBSPOT_API_VERSION", {
    default: "2026-09",
  }),
  hubspotRequestsPerTenSeconds: count("HUBSPOT_REQUESTS_PER_TEN_SECONDS", 100),
  classifier: oneOf("CLASSIFIER", ["rules", "claude"]),
  cardWriter: oneOf("CARD_WRITER", ["claude", "extractive"]),
  anthropicModel: defineString("ANTHROPIC_MODEL", {
    default: "claude-sonnet-5-5",
  }),
  anthropicBaseUrl: defineString("ANTHROPIC_BASE_URL", {
    default: "https://api.anthropic.com",
  }),
  embeddingsModel: defineString("EMBEDDINGS_MODEL", { default: "" }),
  embeddingsDimension: defineInt("EMBEDDINGS_DIMENSION", { default: 768 }),
  embeddingsBaseUrl: defineString("EMBEDDINGS_BASE_URL", {
    default: "https://generativelanguage.googleapis.com",
  }),
  qdrantUrl: defineString("QDRANT_URL", { default: "" }),
  apiReadsPerMinute: count("API_READS_PER_MINUTE", 300),
  apiCommandsPerMinute: count("API_COMMANDS_PER_MINUTE", 60),
  corsOrigins: defineString("CORS_ORIGINS", { default: "" }),
  publicUrl: defineString("PUBLIC_URL", { default: "" }),
} as const;

/** How many instances each function may have at most: what a burst or a flood can cost, and what the vendors see at once. */
export const maxInstances = defineInt("MAX_INSTANCES", { default: 20 });

/** Bound only to the functions that use them. */
export const secrets = {
  salesforceClientSecret: defineSecret("SALESFORCE_CLIENT_SECRET"),
  hubspotAccessToken: defineSecret("HUBSPOT_ACCESS_TOKEN"),
  anthropicApiKey: defineSecret("ANTHROPIC_API_KEY"),
  embeddingsApiKey: defineSecret("EMBEDDINGS_API_KEY"),
  qdrantApiKey: defineSecret("QDRANT_API_KEY"),
  /** A JSON object by tenant, `*` for all: an entry per vendor of sources, `"newsapi": "key"` or `{"key": "…", "perDay": 1000}`. */
  sourceKeys: defineSecret("SOURCE_KEYS"),
  /** A JSON object: tenant → sender → what they share, as domain/tenants/webhookSecrets.ts says. */
  webhookSecrets: defineSecret("WEBHOOK_SECRETS"),
} as const;

/**
 * A setting that has one of these values; the first where it is not set. Any other value is refused, by the deploy
 * and again when it is read, so that a typo never means the default.
 */
function oneOf<const T extends string>(
  name: string,
  values: readonly [T, ...T[]],
) {
  const [standard] = values;
  const param = defineString(name, {
    default: standard,
    input: select([...values]),
  });
  return {
    /** Throws where the value is none of them. */
    value: (): T => {
      const given = param.value() || standard;
      const found = values.find((value) => value === given);
      if (found !== undefined) return found;
      throw new Error(
        `${name} must be ${values.join(" or ")}, and is ${JSON.stringify(given)}.`,
      );
    },
  };
}

/** A setting that counts something, from 1; the default where it is not set. What is less is refused when it is read: nothing would ever be let through. */
function count(name: string, standard: number) {
  const param = defineInt(name, { default: standard });
  return {
    /** Throws where the value counts nothing. */
    value: (): number => {
      const given = process.env[name] ? param.value() : standard;
      if (given >= 1) return given;
      throw new Error(`${name} must be a whole number from 1.`);
    },
  };
}

/** Whether a URL leads to this machine: a stand-in, never a vendor. */
export function isLocal(url: string): boolean {
  return /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::|\/|$)/.test(url);
}
