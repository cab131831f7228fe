import { randomUUID } from "node:crypto";
import type { Firestore } from "firebase-admin/firestore";
import { z } from "zod";
import { systemClock } from "./adapters/clock.ts";
import { connectors } from "./adapters/connectors/index.ts";
import { hubspot } from "./adapters/crms/hubspot.ts";
import { salesforce } from "./adapters/crms/salesforce.ts";
import { hashedEmbedder } from "./adapters/embedders/hashed.ts";
import { firestorePacer } from "./adapters/firestore/pacer.ts";
import { firestoreStore } from "./adapters/firestore/store.ts";
import { firestoreVectors } from "./adapters/firestore/vectors.ts";
import { doorbell } from "./adapters/google/doorbell.ts";
import { firebaseIdentity } from "./adapters/google/identity.ts";
import { functionsLog } from "./adapters/google/log.ts";
import { reader } from "./adapters/text/reader.ts";
import { redactor } from "./adapters/text/redactor.ts";
import { extractiveWriter } from "./adapters/writers/extractive.ts";
import { isLocal, region, revision, secrets, settings } from "./config.ts";
import type { Deps, Identity } from "./pipeline/ports.ts";

/** Builds something once, at its first use; what failed to be built is tried anew by the next. */
function once<T>(build: () => T): () => T {
  let built: { readonly value: T } | undefined;
  return () => {
    if (built === undefined) {
      const made = { value: build() };
      built = made;
      if (made.value instanceof Promise)
        made.value.catch(() => (built = undefined));
    }
    return built.value;
  };
}

const app = once(async () => {
  const { getApps, initializeApp } = await import("firebase-admin/app");
  return getApps()[0] ?? initializeApp();
});

const crms = {
  salesforce: once(() =>
    salesforce({
      instanceUrl: settings.salesforceInstanceUrl.value(),
      loginUrl: settings.salesforceLoginUrl.value(),
      clientId: settings.salesforceClientId.value(),
      clientSecret: secrets.salesforceClientSecret.value(),
    }),
  ),
  hubspot: once(() => {
    const baseUrl = settings.hubspotBaseUrl.value();
    const accessToken = secrets.hubspotAccessToken.value();
    // A stand-in's records are looked at where it is; HubSpot's own are on its site.
    const appUrl = isLocal(baseUrl) ? { appUrl: baseUrl } : {};
    return hubspot({ baseUrl, accessToken, ...appUrl });
  }),
} as const;

/** All that the functions work with. Each vendor loads its SDK at its first use; what a function never asks for is never loaded. */
export const dependencies = once(async (): Promise<Deps> => {
  const { getFirestore } = await import("firebase-admin/firestore");
  const db = getFirestore(await app());
  const embedder = hashedEmbedder();
  return {
    clock: systemClock,
    chance: { id: () => randomUUID(), jitter: () => Math.random() },
    store: firestoreStore(db),
    doorbell: doorbell({ pubsub, queue, clock: systemClock }),
    connectors: sources(db),
    reader: reader(),
    redactor: redactor(),
    embedder,
    vectors: firestoreVectors(db, embedder.model),
    writer: extractiveWriter(),
    crms: {
      get salesforce() {
        return crms.salesforce();
      },
      get hubspot() {
        return crms.hubspot();
      },
    },
    crmProvenance: standIns().some(({ need }) => need === "crm")
      ? "mock"
      : "live",
    log: functionsLog,
  };
});

/** Who a caller of the API is. */
export const identity: Identity = firebaseIdentity(async () => {
  const { getAuth } = await import("firebase-admin/auth");
  return getAuth(await app());
});

/** What stands in for what, for people to see. */
export function standIns(): readonly {
  readonly need: string;
  readonly standIn: string;
  readonly inProduction: string;
}[] {
  const replay = settings.sources.value() === "replay";
  const crm =
    isLocal(settings.salesforceInstanceUrl.value()) ||
    isLocal(settings.hubspotBaseUrl.value());
  return [
    ...(replay
      ? [
          {
            need: "sources",
            standIn: "a replay of recorded pages",
            inProduction: "SEC EDGAR, news feeds and job boards",
          },
        ]
      : []),
    ...(crm
      ? [
          {
            need: "crm",
            standIn: "local servers with a ledger",
            inProduction: "Salesforce and HubSpot",
          },
        ]
      : []),
    {
      need: "writer",
      standIn: "the extractive writer",
      inProduction: "Claude",
    },
    {
      need: "embedder",
      standIn: "hashed n-grams",
      inProduction: "a hosted embedding model",
    },
    {
      need: "vectors",
      standIn: "Firestore vector search",
      inProduction: "Qdrant",
    },
  ];
}

/** The API, for the one function that serves it. */
export const api = once(async () => {
  const { createApi } = await import("./api/index.ts");
  return createApi({
    ...(await dependencies()),
    identity,
    settings: {
      webhookSecrets: (tenantId) =>
        new Map(
          Object.entries(
            WebhookSecrets.parse(secrets.salesforceWebhookSecret.value()),
          ),
        ).get(tenantId) ?? null,
      corsOrigins: settings.corsOrigins
        .value()
        .split(",")
        .filter((origin) => origin !== ""),
      standIns: standIns(),
      version: revision,
    },
  });
});

/** One secret per tenant, as a JSON object; what is not one holds none. */
const WebhookSecrets = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.record(z.string(), z.string().min(16)))
  .catch({});

const pubsub = once(async () => {
  const { PubSub } = await import("@google-cloud/pubsub");
  return new PubSub();
});

const queue = once(async () => {
  const { getFunctions } = await import("firebase-admin/functions");
  return getFunctions(await app()).taskQueue(
    `locations/${region}/functions/ringLater`,
  );
});

function sources(db: Firestore) {
  const replay =
    settings.sources.value() === "replay" ? settings.replayUrl.value() : null;
  const via = (url: string) =>
    replay === null ? url : url.replace(/^https?:\//, replay);
  return connectors({
    sec: {
      dataUrl: via("https://data.sec.gov"),
      archivesUrl: via("https://www.sec.gov"),
      contact: settings.secContact.value(),
      pacer: firestorePacer(db, systemClock),
    },
    rss: { via },
    greenhouse: { baseUrl: via("https://boards-api.greenhouse.io") },
  });
}
