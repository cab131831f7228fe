import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import type { Firestore } from "firebase-admin/firestore";
import { z } from "zod";
import type { ClaudeSettings } from "./adapters/anthropic/claude.ts";
import { anthropicClassifier } from "./adapters/classifiers/anthropic.ts";
import { systemClock } from "./adapters/clock.ts";
import { connectors, withOwnKeys } from "./adapters/connectors/index.ts";
import type { SourceAccess } from "./adapters/connectors/reach.ts";
import { hubspot } from "./adapters/crms/hubspot.ts";
import { crmOwner } from "./adapters/crms/parts/owner.ts";
import { salesforce } from "./adapters/crms/salesforce.ts";
import { embedder as theEmbedder } from "./adapters/embedders/index.ts";
import { storedAnswers } from "./adapters/firestore/answers.ts";
import { pdfPrinter } from "./adapters/documents/pdf.ts";
import { firestorePacer } from "./adapters/firestore/pacer/pacer.ts";
import { firestoreStore } from "./adapters/firestore/store.ts";
import { unreadableDocuments } from "./adapters/firestore/unreadable.ts";
import { doorbell } from "./adapters/google/doorbell.ts";
import { firebaseIdentity } from "./adapters/google/identity.ts";
import { functionsLog } from "./adapters/google/log.ts";
import {
  adminTasks,
  cloudTasks,
  type Enqueuer,
} from "./adapters/google/tasks.ts";
import { firebasePeople } from "./adapters/google/people.ts";
import { fetcher } from "./adapters/web/fetcher.ts";
import { inThread } from "./adapters/text/inThread.ts";
import { redactedLog } from "./adapters/text/redaction/redactedLog.ts";
import { redactor } from "./adapters/text/redaction/redactor.ts";
import { vectors } from "./adapters/vectors/index.ts";
import { anthropicWriter } from "./adapters/writers/anthropic.ts";
import { extractiveWriter } from "./adapters/writers/extractive.ts";
import {
  isLocal,
  region,
  revision,
  secrets,
  settings,
  tasksAreEmulated,
} from "./config.ts";
import type { Provenance } from "./domain/kernel/document.ts";
import { PermanentError } from "./domain/kernel/errors.ts";
import type { TenantId } from "./domain/kernel/ids.ts";
import { type KeyName, keyNames, sharedKeys } from "./domain/sources/source.ts";
import { webhookSecretsIn } from "./domain/tenants/webhookSecrets.ts";
import type { Deps } from "./ports/deps.ts";
import type { Identity } from "./ports/people.ts";
import type { Store } from "./ports/store.ts";

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
      clientSecret: secrets.salesforceClientSecret.value().trim(),
    }),
  ),
  hubspot: once(() => {
    const baseUrl = settings.hubspotBaseUrl.value();
    const accessToken = secrets.hubspotAccessToken.value().trim();
    // A stand-in's records are looked at where it is; HubSpot's own are on its site.
    const appUrl = isLocal(baseUrl) ? { appUrl: baseUrl } : {};
    const requestsPerTenSeconds = settings.hubspotRequestsPerTenSeconds.value();
    return hubspot({
      baseUrl,
      accessToken,
      apiVersion: settings.hubspotApiVersion.value(),
      requestsPerTenSeconds,
      ...appUrl,
    });
  }),
} as const;

/** Its key is asked for at the first question: only the functions that ask are given it. */
function claudeSettings(store: Store): ClaudeSettings {
  return {
    apiKey: () => secrets.anthropicApiKey.value(),
    baseUrl: settings.anthropicBaseUrl.value(),
    model: settings.anthropicModel.value(),
    answers: storedAnswers(store, systemClock),
  };
}

/** All that the functions work with. Each vendor loads its SDK at its first use; what a function never asks for is never loaded. */
export const dependencies = once(async (): Promise<Deps> => {
  const { getFirestore } = await import("firebase-admin/firestore");
  const db = getFirestore(await app());
  const store = firestoreStore(db, { unreadable: unreadable.met });
  const embedder = theEmbedder({
    apiKey: () => secrets.embeddingsApiKey.value().trim(),
    baseUrl: settings.embeddingsBaseUrl.value(),
    model: settings.embeddingsModel.value(),
    dimension: settings.embeddingsDimension.value(),
  });
  const reading = inThread({
    // Bundled for itself, beside the functions.
    entry: join(dirname(import.meta.url), "readingThread.cjs"),
  });
  return {
    clock: systemClock,
    chance: { id: () => randomUUID(), jitter: () => Math.random() },
    store,
    doorbell: doorbell({ pubsub, queue, clock: systemClock }),
    connectors: sources(db),
    reader: reading.reader,
    redactor: redactor(),
    annotator: reading.annotator,
    classifier:
      settings.classifier.value() === "claude"
        ? anthropicClassifier(claudeSettings(store))
        : null,
    embedder,
    vectors: vectors(db, embedder, {
      url: settings.qdrantUrl.value(),
      apiKey: () => secrets.qdrantApiKey.value().trim(),
    }),
    writer:
      settings.cardWriter.value() === "extractive"
        ? extractiveWriter()
        : anthropicWriter(claudeSettings(store)),
    fallbackWriter: extractiveWriter(),
    crms: {
      get salesforce() {
        return crms.salesforce();
      },
      get hubspot() {
        return crms.hubspot();
      },
    },
    crmProvenance: {
      salesforce: provenanceOf(settings.salesforceInstanceUrl.value()),
      hubspot: provenanceOf(settings.hubspotBaseUrl.value()),
    },
    crmOwners: {
      salesforce: crmOwner("SALESFORCE_TENANT", {
        isStandIn: isLocal(settings.salesforceInstanceUrl.value()),
        tenant: settings.salesforceTenant.value(),
      }),
      hubspot: crmOwner("HUBSPOT_TENANT", {
        isStandIn: isLocal(settings.hubspotBaseUrl.value()),
        tenant: settings.hubspotTenant.value(),
      }),
    },
    pacer: firestorePacer(db, systemClock),
    log,
  };
});

const log = redactedLog(functionsLog, redactor());
const unreadable = unreadableDocuments({ clock: systemClock, log });

const auth = once(async () => {
  const { getAuth } = await import("firebase-admin/auth");
  return getAuth(await app());
});

/** Who a caller of the API is. */
export const identity: Identity = firebaseIdentity(auth);

/** What stands in for what, for people to see. */
export function standIns(): readonly StandIn[] {
  const {
    sources: source,
    cardWriter,
    embeddingsModel,
    qdrantUrl: qdrant,
  } = settings;
  const crm = [settings.salesforceInstanceUrl, settings.hubspotBaseUrl].some(
    (url) => isLocal(url.value()),
  );
  const messagesApi = isLocal(settings.anthropicBaseUrl.value());
  const geminiApi = isLocal(settings.embeddingsBaseUrl.value());
  return [
    ...instead(
      "sources",
      source.value() === "replay" && "a replay of recorded pages",
      "SEC EDGAR, news feeds and job boards",
    ),
    ...instead(
      "crm",
      crm && "local servers with a ledger",
      "Salesforce and HubSpot",
    ),
    ...instead(
      "writer",
      cardWriter.value() === "extractive"
        ? "the extractive writer"
        : messagesApi && "a local server that speaks the Messages API",
      "Claude",
    ),
    ...instead(
      "embedder",
      embeddingsModel.value() === ""
        ? "hashed n-grams"
        : geminiApi && "a local server that speaks the Gemini API",
      "a hosted embedding model",
    ),
    ...instead(
      "vectors",
      qdrant.value() === ""
        ? "Firestore vector search"
        : isLocal(qdrant.value()) && "a Qdrant on this machine",
      "Qdrant",
    ),
  ];
}

interface StandIn {
  readonly need: string;
  readonly standIn: string;
  readonly inProduction: string;
}

function instead(
  need: string,
  standIn: string | false,
  inProduction: string,
): readonly StandIn[] {
  return standIn === false ? [] : [{ need, standIn, inProduction }];
}

/** The API, for the one function that serves it. */
export const api = once(async () => {
  const { createApi } = await import("./api/index.ts");
  return createApi({
    ...(await dependencies()),
    identity,
    people: firebasePeople(auth),
    printer: pdfPrinter(),
    unreadable,
    settings: {
      webhookSecrets: (tenantId, sender) => webhookSecrets()(tenantId, sender),
      publicUrl: settings.publicUrl.value().replace(/(?<!\/)\/+$/, "") || null,
      corsOrigins: settings.corsOrigins
        .value()
        .split(",")
        .filter((origin) => origin !== ""),
      standIns: standIns(),
      version: revision,
      readsPerMinute: settings.apiReadsPerMinute.value(),
      commandsPerMinute: settings.apiCommandsPerMinute.value(),
    },
  });
});

/** Read at the first webhook. */
const webhookSecrets = once(() =>
  webhookSecretsIn(jsonOf(secrets.webhookSecrets.value().trim())),
);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function provenanceOf(url: string): Provenance {
  return isLocal(url) ? "mock" : "live";
}

const pubsub = once(async () => {
  const { PubSub } = await import("@google-cloud/pubsub");
  return new PubSub();
});

const queue = once(async (): Promise<Enqueuer> => {
  if (!tasksAreEmulated) {
    const { CloudTasksClient } = await import("@google-cloud/tasks");
    const target = { region, functionName: "ringLater" };
    return cloudTasks(new CloudTasksClient(), target);
  }
  const { getFunctions } = await import("firebase-admin/functions");
  const name = `locations/${region}/functions/ringLater`;
  return adminTasks(getFunctions(await app()).taskQueue(name));
});

function sources(db: Firestore) {
  const replay =
    settings.sources.value() === "replay" ? settings.replayUrl.value() : null;
  const via = (url: string) =>
    replay === null ? url : url.replace(/^https?:\//, replay);
  const fetch = fetcher({
    allowed: replay === null ? [] : [new URL(replay).origin],
  });
  const pacer = firestorePacer(db, systemClock);
  const sec = { contact: settings.secContact.value() };
  const of = (tenantId: TenantId | null) =>
    connectors(
      {
        fetch,
        via,
        pacer,
        accessOf: (name) => accessOf(name, tenantId),
        now: systemClock.now,
      },
      {
        sec,
        ...(replay === null && {
          hubspotApiVersion: settings.hubspotApiVersion.value(),
        }),
      },
    );
  const ofTenant = new Map<TenantId, ReturnType<typeof connectors>>();
  return withOwnKeys(of(null), (tenantId) => {
    const own = ofTenant.get(tenantId) ?? of(tenantId);
    ofTenant.set(tenantId, own);
    return own;
  });
}

/** What a tenant's own systems hold is reached with the tenant's own key alone; a search of the open web also with one that all share. */
function accessOf(
  name: KeyName,
  tenantId: TenantId | null,
): SourceAccess | null {
  const keys = sourceKeys();
  const own = tenantId === null ? undefined : keys[tenantId]?.[name];
  if (own !== undefined && tenantId !== null)
    return { ...own, owner: tenantId };
  const shared = sharedKeys.has(name) ? keys["*"]?.[name] : undefined;
  return shared ?? null;
}

const SourceKeys = z.record(
  z.string(),
  z.partialRecord(
    z.enum(keyNames),
    z.union([
      z.string().transform((key) => ({ key })),
      z.object({ key: z.string(), perDay: z.int().positive().optional() }),
    ]),
  ),
);

/** Read at the first look that asks for one; only the function that looks with keys is given them. */
const sourceKeys = once(() => {
  const read = SourceKeys.safeParse(
    jsonOf(secrets.sourceKeys.value().trim() || "{}"),
  );
  if (read.success) return read.data;
  throw new PermanentError(
    "vendor-auth",
    `SOURCE_KEYS is not a JSON object of keys by tenant: ${z.prettifyError(read.error)}`,
  );
});
