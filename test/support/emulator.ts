import { randomUUID } from "node:crypto";
import { deleteApp, initializeApp } from "firebase-admin/app";
import { type Firestore, getFirestore } from "firebase-admin/firestore";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  firestoreStore,
  type QueryShape,
} from "../../functions/src/adapters/firestore/store.ts";
import type { Misfit } from "../../functions/src/domain/messages/unreadable.ts";
import type { Store } from "../../functions/src/ports/store.ts";

export interface Database {
  readonly projectId: string;
  readonly db: Firestore;
  readonly store: Store;
  /** What was met and cannot be read, below a path. */
  readonly unreadable: (prefix: string) => readonly Misfit[];
  /** Documents read and written so far. */
  readonly operations: { read: number; write: number };
  readonly close: () => Promise<void>;
}

/** An empty database of its own in the running Firestore emulator. */
export function openDatabase(): Database {
  if (process.env["FIRESTORE_EMULATOR_HOST"] === undefined) {
    throw new Error(
      "FIRESTORE_EMULATOR_HOST is not set: run the tests by `npm test`, which starts the emulators.",
    );
  }
  const projectId = `demo-${randomUUID().slice(0, 12)}`;
  const app = initializeApp({ projectId }, projectId);
  const db = getFirestore(app);
  const operations = { read: 0, write: 0 };
  const shapes = new Map<string, QueryShape>();
  const misfits = new Map<string, Misfit>();
  const store = firestoreStore(db, {
    unreadable: (misfit) => misfits.set(misfit.path, misfit),
    query: (shape) => shapes.set(JSON.stringify(shape), shape),
    operations: (kind, documents) => (operations[kind] += documents),
  });
  return {
    projectId,
    db,
    store,
    operations,
    unreadable: (prefix) =>
      [...misfits.values()].filter(({ path }) => path.startsWith(prefix)),
    close: async () => {
      keep(projectId, [...shapes.values()]);
      await deleteApp(app);
    },
  };
}

/** The shapes of all queries asked, for the check of firestore.indexes.json after the tests. */
function keep(name: string, shapes: readonly QueryShape[]): void {
  const folder = process.env["QUERY_SHAPES_DIR"];
  if (folder === undefined || shapes.length === 0) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(shapes));
}
