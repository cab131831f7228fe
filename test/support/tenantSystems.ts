import { generateKeyPairSync } from "node:crypto";
import type {
  KeyName,
  Source,
} from "../../functions/src/domain/sources/source.ts";

/** The key that signs for the service account, and the one that it is verified by. */
export const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

/** A key for every vendor, in the form that each wants. */
export const sourceKeys: Readonly<Record<KeyName, string>> = {
  newsapi: "newsapi-key",
  serper: "serper-key",
  google: "google-key",
  hubspot: "a-token-of-hubspot",
  salesforce: JSON.stringify({
    instanceUrl: "https://wandleford.my.salesforce.com/",
    clientId: "a-client",
    clientSecret: "a-secret-of-salesforce",
  }),
  ga4: JSON.stringify({
    type: "service_account",
    client_email: "reader@clientpulse.example",
    private_key: pair.privateKey,
  }),
  youtube: JSON.stringify({
    clientId: "a-client",
    clientSecret: "a-secret-of-google",
    refreshToken: "a-refresh-token",
  }),
  tiktok: "a-token-of-tiktok",
};

/** The tenant's own systems whose answers are recorded, as sources. */
export const tenantSystems = {
  hubspot: { kind: "hubspot", key: "hubspot", companyId: "9000000901" },
  salesforce: {
    kind: "salesforce",
    key: "salesforce",
    accountId: "001Hs0000Examp1AAA",
  },
  ga4: { kind: "ga4", key: "site", propertyId: "412345678" },
  youtube: {
    kind: "youtube",
    key: "channel",
    channelId: "UCexample-channel-000001",
  },
  tiktok: {
    kind: "tiktok",
    key: "ads",
    advertiserId: "7000000000000000001",
  },
} as const satisfies Partial<Record<Source["kind"], Source>>;
