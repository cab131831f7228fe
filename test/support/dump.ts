import type {
  CollectionReference,
  DocumentReference,
  Firestore,
} from "firebase-admin/firestore";

/** A document: its path, and its fields as the database holds them. */
export interface Dumped {
  readonly path: string;
  readonly data: object;
}

/** Fields of documents whose path fits: that there is a value is compared, which one is not. */
const drawn: readonly (readonly [RegExp, readonly string[]])[] = [
  // Chance, and how often it was tried.
  [/./, ["traceId", "runId"]],
  [/\/messages\//, ["starts", "attempts"]],
  // How long a card took on its way.
  [/\/dashboards\//, ["timeToCard"]],
  // Asked again, a model reads from its cache what it wrote there before.
  [/\/models\//, ["tokens", "costUsd"]],
];

/** Fields that may have a value in one run and none in the other. */
const either: readonly (readonly [RegExp, readonly string[]])[] = [
  // Whether a vendor's turn had to be waited for.
  [/\/messages\//, ["turnAt"]],
  // Whichever of two comes last moves the card; the other has nothing to do.
  [/\/messages\/activation-settled_/, ["skipped"]],
];

/** Every document of a database, or beneath one of its documents, in order of path, but for the clock's heartbeat and what keeps to a rate. */
export async function documents(
  db: Pick<Firestore, "listCollections">,
): Promise<readonly Dumped[]> {
  const found: Dumped[] = [];
  for (const collection of await db.listCollections()) {
    if (!["system", "pacers"].includes(collection.id))
      await collect(collection, found);
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The documents that the pipeline promises to come to the same, as lines in order. Two runs with equal
 * lines came to the same but for their times, their chance, and how often they tried.
 */
export function linesOf(dumped: readonly Dumped[]): readonly string[] {
  return dumped
    .filter(({ path }) => !/\/messages\/account-assess_/.test(path))
    .map(({ path, data }) => {
      // An audit entry's id is drawn; how many there are is compared.
      const named = path.replace(/(\/audit\/.*\/entries\/).*/, "$1");
      return `${named} ${JSON.stringify(normal(path, data))}`;
    })
    .sort();
}

/** Every field as it is, moments too: what two runs of one seed must have in common. */
export async function exactly(
  db: Pick<Firestore, "listCollections">,
): Promise<readonly string[]> {
  return (await documents(db)).map(
    ({ path, data }) => `${path} ${JSON.stringify(exact(data))}`,
  );
}

async function collect(
  collection: CollectionReference,
  found: Dumped[],
): Promise<void> {
  // How many requests somebody has left is no outcome.
  if (collection.id === "budgets") return;
  // listDocuments also names those that only have collections below them.
  const references = await collection.listDocuments();
  await Promise.all(
    references.map((reference) => collectDocument(reference, found)),
  );
}

async function collectDocument(
  reference: DocumentReference,
  found: Dumped[],
): Promise<void> {
  const [snapshot, below] = await Promise.all([
    reference.get(),
    reference.listCollections(),
  ]);
  const data = snapshot.data();
  if (data !== undefined) found.push({ path: reference.path, data });
  await Promise.all(below.map((inner) => collect(inner, found)));
}

function normal(path: string, data: object): unknown {
  const named = (rules: typeof drawn, field: string) =>
    rules.some(([place, fields]) => place.test(path) && fields.includes(field));
  const fields = Object.entries(data).map(
    ([field, value]: [string, unknown]) =>
      named(either, field) || (value !== null && named(drawn, field))
        ? [field, "<drawn>"]
        : [field, value],
  );
  return walked(Object.fromEntries(fields), (leaf) => {
    if (isTime(leaf)) return "<time>";
    if (typeof leaf !== "string") return leaf;
    // How many folds an account took, and in which slots, depends on when its facts came.
    return portless(
      leaf.replace(/^account-assess_\w+$/, "account-assess_<slot>"),
    );
  });
}

function exact(data: object): unknown {
  return walked(data, (leaf) => {
    if (isTime(leaf)) return leaf.toDate().toISOString();
    return typeof leaf === "string" ? portless(leaf) : leaf;
  });
}

/** Stand-ins listen where there is room. */
function portless(text: string): string {
  return text.replace(/(?<=127\.0\.0\.1:)\d+/, "<port>");
}

/** The value with each leaf replaced, and with the keys of each object in order. */
function walked(value: unknown, leaf: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((inner) => walked(inner, leaf));
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value === null || typeof value !== "object" || isTime(value))
    return leaf(value);
  if (isVector(value)) return value.toArray();
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, walked(inner, leaf)]),
  );
}

function isVector(
  value: object,
): value is { readonly toArray: () => readonly number[] } {
  return "toArray" in value;
}

function isTime(value: unknown): value is { readonly toDate: () => Date } {
  return value !== null && typeof value === "object" && "toDate" in value;
}
