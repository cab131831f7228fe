import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import type { Firestore } from "firebase-admin/firestore";
import { classifiers } from "./adapters/classifiers/index.ts";
import { systemClock } from "./adapters/clock.ts";
import { connectors } from "./adapters/connectors/index.ts";
import { type Connectors, withOwnKeys } from "./adapters/connectors/ownKeys.ts";
import {
  findAccess,
  parseSourceKeys,
} from "./adapters/connectors/sourceKeys.ts";
import { crms } from "./adapters/crms/index.ts";
import { crmOwner } from "./adapters/crms/parts/owner.ts";
import { isLocal, type Settings, type Values } from "./adapters/definition.ts";
import { embedders } from "./adapters/embedders/index.ts";
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
import { vectorIndexes } from "./adapters/vectors/index.ts";
import { extractiveWriter } from "./adapters/writers/extractive.ts";
import { writers } from "./adapters/writers/index.ts";
import {
  readSettings,
  region,
  revision,
  secrets,
  settings,
  tasksAreEmulated,
  tenantFor,
  valuesFor,
} from "./config.ts";
import { withRecentReads } from "./delivery/recentReads.ts";
import { crmFacts, CrmName } from "./domain/crm/activation.ts";
import type { TenantId } from "./domain/kernel/ids.ts";
import { lazyRecord, toRecord } from "./domain/kernel/records.ts";
import { type KeyName, polledKinds } from "./domain/sources/source.ts";
import { webhookSecretsIn } from "./domain/tenants/webhookSecrets.ts";
import type { Crm } from "./ports/crm.ts";
import type { Deps } from "./ports/deps.ts";
import type { Identity } from "./ports/people.ts";

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

/** All that the functions work with. Each vendor loads its SDK at its first use; what a function never asks for is never loaded. */
export const dependencies = once(async (): Promise<Deps> => {
  const { getFirestore } = await import("firebase-admin/firestore");
  const db = getFirestore(await app());
  const { store, recent } = withRecentReads(
    firestoreStore(db, { unreadable: unreadable.met }),
    systemClock,
  );
  const keep = { answers: storedAnswers(store, systemClock) };
  const { classifier, embedder, vectorIndex, writer } = chosen;
  const embeds = embedder().build(readSettings(embedder()));
  const reading = inThread({
    // Bundled for itself, beside the functions.
    entry: join(dirname(import.meta.url), "readingThread.cjs"),
  });
  return {
    clock: systemClock,
    chance: { id: () => randomUUID(), jitter: () => Math.random() },
    store,
    recent,
    doorbell: doorbell({ pubsub, queue, clock: systemClock }),
    connectors: sources(db),
    reader: reading.reader,
    redactor: redactor(),
    annotator: reading.annotator,
    classifier: classifier().build(readSettings(classifier()), keep),
    embedder: embeds,
    vectors: vectorIndex().build(readSettings(vectorIndex()), {
      db,
      by: embeds,
    }),
    writer: writer().build(readSettings(writer()), keep),
    fallbackWriter: extractiveWriter(),
    crms: lazyRecord(CrmName.options, (name) => builtCrms[name]()),
    crmProvenance: toRecord(CrmName.options, (name) =>
      isStandIn(name) ? "mock" : "live",
    ),
    crmOwners: toRecord(CrmName.options, (name) =>
      crmOwner(crms[name].tenant.name, {
        isStandIn: isStandIn(name),
        tenant: tenantFor(crms[name]),
      }),
    ),
    pacer: firestorePacer(db, systemClock),
    log,
  };
});

/** Of each kind of vendors the one that is used, as the settings say. */
const chosen = {
  writer: () => findNamed(writers, settings.cardWriter.value()),
  classifier: () => findNamed(classifiers, settings.classifier.value()),
  embedder: () => firstSetUp(embedders),
  vectorIndex: () => firstSetUp(vectorIndexes),
} as const;

function findNamed<T extends { readonly name: string }>(
  [first, ...others]: readonly [T, ...T[]],
  name: string,
): T {
  return others.find((one) => one.name === name) ?? first;
}

interface MaySetUp {
  readonly settings: Settings;
  isSetUp(settings: Values<Settings>): boolean;
}

function firstSetUp<T extends MaySetUp>(list: readonly T[]): T {
  const first = list.find((one) => one.isSetUp(valuesFor(one.settings)));
  if (first === undefined) throw new Error("Nothing of the list is set up.");
  return first;
}

const builtCrms = toRecord(CrmName.options, (name) =>
  once((): Crm => crms[name].build(readSettings(crms[name]))),
);

function isStandIn(name: CrmName): boolean {
  return isLocal(crms[name].address(valuesFor(crms[name].settings)));
}

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
  const { embedder, vectorIndex, writer } = chosen;
  return [
    ...instead(
      "sources",
      settings.sources.value() === "replay"
        ? "a replay of recorded pages"
        : null,
      "SEC EDGAR, news feeds and job boards",
    ),
    ...instead(
      "crm",
      CrmName.options.some(isStandIn) ? "local servers with a ledger" : null,
      CrmName.options.map((name) => crmFacts[name].title).join(" and "),
    ),
    ...instead("writer", standInAddress(writer()), "Claude"),
    ...instead(
      "embedder",
      standInAddress(embedder()),
      "a hosted embedding model",
    ),
    ...instead("vectors", standInAddress(vectorIndex()), "Qdrant"),
  ];
}

interface StandIn {
  readonly need: string;
  readonly standIn: string;
  readonly inProduction: string;
}

function instead(
  need: string,
  standIn: string | null,
  inProduction: string,
): readonly StandIn[] {
  return standIn === null ? [] : [{ need, standIn, inProduction }];
}

function standInAddress(definition: {
  readonly settings: Settings;
  standIn(settings: Values<Settings>): string | null;
}): string | null {
  return definition.standIn(valuesFor(definition.settings));
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
  webhookSecretsIn(parseJson(secrets.webhookSecrets.value().trim())),
);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
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

/** The connectors, whose requests go to the vendors or to a replay of what they answered. */
function sources(db: Firestore) {
  const replay =
    settings.sources.value() === "replay" ? settings.replayUrl.value() : null;
  const open = {
    fetch: fetcher({
      allowed: replay === null ? [] : [new URL(replay).origin],
    }),
    via: (url: string) =>
      replay === null ? url : url.replace(/^https?:\//, replay),
    isReplay: replay !== null,
    pacer: firestorePacer(db, systemClock),
    now: systemClock.now,
  };
  const connectAs = (tenantId: TenantId | null) =>
    toRecord(polledKinds, (kind) => {
      const definition = connectors[kind];
      const access = (name: KeyName) =>
        findAccess(sourceKeys(), name, tenantId);
      return definition.connect(
        { ...open, findAccess: access },
        valuesFor(definition.settings),
      );
    });
  const byTenant = new Map<TenantId, Connectors>();
  return withOwnKeys(connectAs(null), (tenantId) => {
    const own = byTenant.get(tenantId) ?? connectAs(tenantId);
    byTenant.set(tenantId, own);
    return own;
  });
}

/** Read at the first poll that asks for a key; only the function that polls with keys is given them. */
const sourceKeys = once(() => parseSourceKeys(secrets.sourceKeys.value()));
