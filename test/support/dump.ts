import type {
  CollectionReference,
  DocumentReference,
  Firestore,
} from "firebase-admin/firestore";

/** What differs between two runs that came to the same: chance, moments, and how often it was tried. */
const volatile: ReadonlySet<string> = new Set([
  "traceId",
  "runId",
  "starts",
  "attempts",
  "lease",
  "error",
  "ringAt",
  "recordId",
  "link",
  "inverse",
  "causedBy",
  "skipped",
]);

/** Every document of a database that the pipeline promises to come to the same, as lines in order; times, chance and attempts left out. */
export async function dump(db: Firestore): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const collection of await db.listCollections()) {
    if (collection.id !== "system") await dumpCollection(collection, lines);
  }
  return lines.sort();
}

async function dumpCollection(
  collection: CollectionReference,
  lines: string[],
): Promise<void> {
  // listDocuments also names those that only have collections below them.
  for (const reference of await collection.listDocuments()) {
    await dumpDocument(reference, lines);
    for (const below of await reference.listCollections())
      await dumpCollection(below, lines);
  }
}

async function dumpDocument(
  reference: DocumentReference,
  lines: string[],
): Promise<void> {
  const snapshot = await reference.get();
  // How many folds an account took, and in which slots, depends on when its facts came.
  if (!snapshot.exists || /\/messages\/account-assess_/.test(reference.path))
    return;
  const id = /\/audit\/.*\/entries\//.test(reference.path)
    ? reference.parent.path
    : reference.path;
  lines.push(`${id} ${JSON.stringify(normal(snapshot.data()))}`);
}

function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (value instanceof Uint8Array) return `<${value.byteLength} bytes>`;
  if (value === null || typeof value !== "object") return value;
  if ("toDate" in value) return "<time>";
  if ("toArray" in value) return "<vector>";
  const kept = Object.entries(value).filter(([key]) => !volatile.has(key));
  return Object.fromEntries(
    kept
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, inner]) => [key, normal(inner)]),
  );
}
