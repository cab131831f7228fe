import { randomUUID } from "node:crypto";
import { deleteApp, initializeApp } from "firebase-admin/app";
import { type Firestore, getFirestore } from "firebase-admin/firestore";
import { hashedEmbedder } from "../../functions/src/adapters/embedders/hashed.ts";
import { firestoreStore } from "../../functions/src/adapters/firestore/store.ts";
import { firestoreVectors } from "../../functions/src/adapters/firestore/vectors.ts";
import { annotator } from "../../functions/src/adapters/text/entities/annotator.ts";
import { reader } from "../../functions/src/adapters/text/reader.ts";
import { redactor } from "../../functions/src/adapters/text/redaction/redactor.ts";
import { extractiveWriter } from "../../functions/src/adapters/writers/extractive.ts";
import { withRecentReads } from "../../functions/src/delivery/recentReads.ts";
import type { Clock } from "../../functions/src/ports/clock.ts";
import { CrmName } from "../../functions/src/domain/crm/activation.ts";
import { toRecord } from "../../functions/src/domain/kernel/records.ts";
import type { Crm } from "../../functions/src/ports/crm.ts";
import type { Deps } from "../../functions/src/ports/deps.ts";
import type { Ring } from "../../functions/src/ports/messaging.ts";

/** Documents of one collection read or written, as Firestore bills them. */
export interface Operation {
  readonly kind: "read" | "write";
  readonly documents: number;
  /** The name of the collection. */
  readonly of: string;
}

/** The pipeline in one process, on the real store and a Firestore emulator, with everything counted that passes the store. */
export interface House {
  readonly projectId: string;
  readonly deps: Deps;
  readonly db: Firestore;
  /** Every operation so far, in order; whoever measures takes what was added. */
  readonly operations: Operation[];
  /** Points written to the vector index, and hits read from it. */
  readonly points: { written: number; read: number };
  /** What was rung for and not yet answered. */
  readonly door: Ring[];
  readonly close: () => Promise<void>;
}

/** Opens an empty database of its own in the emulator of FIRESTORE_EMULATOR_HOST. */
export function openHouse(
  clock: Clock,
  projectId = `demo-bench-${randomUUID().slice(0, 8)}`,
): House {
  const app = initializeApp({ projectId }, projectId);
  const db = getFirestore(app);
  const operations: Operation[] = [];
  const points = { written: 0, read: 0 };
  const door: Ring[] = [];
  const embedder = hashedEmbedder();
  const index = firestoreVectors(db, embedder);
  const store = firestoreStore(db, {
    operations: (kind, documents, of) =>
      void operations.push({ kind, documents, of }),
    // Among 100,000 signals the emulator takes half a minute to look a story up.
    queryMs: 300_000,
  });
  const deps: Deps = {
    clock,
    chance: { id: () => randomUUID(), jitter: () => 0.5 },
    ...withRecentReads(store, clock),
    doorbell: {
      ring: async (rings) => void door.push(...rings),
      sweepAt: async () => undefined,
    },
    connectors: {},
    reader: reader(),
    redactor: redactor(),
    annotator: annotator(),
    classifier: null,
    embedder,
    vectors: {
      ...index,
      upsert: (tenantId, upserted) => {
        points.written += upserted.length;
        return index.upsert(tenantId, upserted);
      },
      search: async (tenantId, wanted) => {
        const hits = await index.search(tenantId, wanted);
        points.read += hits.length;
        return hits;
      },
    },
    writer: extractiveWriter(),
    fallbackWriter: extractiveWriter(),
    crms: toRecord(CrmName.options, noCrm),
    crmProvenance: toRecord(CrmName.options, () => "mock"),
    crmOwners: toRecord(CrmName.options, () => ({ serves: "every" })),
    pacer: { book: async () => clock.now() },
    log: {
      write: (severity, message, facts) => {
        if (severity === "ERROR") console.error(message, facts);
      },
    },
  };
  const close = async () => deleteApp(app);
  return { projectId, deps, db, operations, points, door, close };
}

/** Nothing that is measured here is approved, so nothing reaches a CRM. */
function noCrm(name: Crm["name"]): Crm {
  return {
    name,
    pace: null,
    upsertTask: () => Promise.reject(new Error(`${name} is not measured.`)),
  };
}
