import type {
  CollectionReference,
  DocumentSnapshot,
  Firestore,
  Query as FirestoreQuery,
  Timestamp,
} from "firebase-admin/firestore";
import { z } from "zod";
import type { DocumentRef } from "../../domain/kernel/references.ts";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import {
  explainMisfit,
  isPlain,
  type Misfit,
} from "../../domain/messages/unreadable.ts";
import type {
  Committed,
  LeftOut,
  Query,
  Read,
  Reads,
  Stamp,
  Store,
  Write,
} from "../../ports/store.ts";

/** Commits above this hang for minutes on the emulator (4 MiB there, 10 MiB in production). */
const maxCommitBytes = 3_000_000;

/** Every call ends within this, whatever the client library would still try. */
const deadlineMs = 25_000;

const Documented = z.record(z.string(), z.unknown());

/** A query's shape, without its values: what an index must exist for. */
export interface QueryShape {
  readonly collection: string;
  readonly group: boolean;
  readonly filters: readonly (readonly [string, string])[];
  readonly orderBy: readonly (readonly [string, "asc" | "desc"])[];
}

/** Watches what is asked of the database; for benchmarks and the index check. */
export interface Watcher {
  readonly query?: (shape: QueryShape) => void;
  /** Counted as they are billed: each document read or written, and at least one read for a query. */
  readonly operations?: (
    kind: "read" | "write",
    documents: number,
    collection: string,
  ) => void;
  /** How long a query may take, where that is not what the product allows it: the emulator has no indexes. */
  readonly queryMs?: number;
  /** Is told of each document that was met and does not fit its schema. */
  readonly unreadable?: (misfit: Misfit) => void;
}

/** Where documents cannot be read, a query fetches more in their place: so many times, and so many at most at once. */
const maxRefills = 8;
const refill = { least: 50, most: 1_000 } as const;

/** The Firestore behind the Store port: parsed both ways, bounded, each call with a deadline. */
export function firestoreStore(db: Firestore, watcher: Watcher = {}): Store {
  return {
    read: async (ref) => {
      watcher.operations?.("read", 1, toCollectionName(ref.path));
      const snapshot = await inTime(`read ${ref.path}`, db.doc(ref.path).get());
      return snapshot.exists ? readable(ref, snapshot, watcher) : null;
    },

    readAll: async (refs, unreadable = "refuse") => {
      if (refs.length === 0) return [];
      for (const { path } of refs)
        watcher.operations?.("read", 1, toCollectionName(path));
      const snapshots = await inTime(
        `read ${refs.length} documents`,
        db.getAll(...refs.map(({ path }) => db.doc(path))),
      );
      return snapshots.map((snapshot, i) => {
        const ref = refs[i];
        if (ref === undefined || !snapshot.exists) return null;
        if (unreadable === "refuse") return readable(ref, snapshot, watcher);
        const parsed = parse(ref, snapshot, watcher);
        return "reason" in parsed ? null : parsed;
      });
    },

    query: async (query) => {
      watcher.query?.(toQueryShape(query));
      return readPage(db, query, watcher);
    },

    count: async (query) => {
      watcher.query?.(toQueryShape(query));
      watcher.operations?.("read", 1, toQueryShape(query).collection);
      const answer = await inTime(
        `count ${query.collection.path}`,
        toFirestore(db, query).limit(query.limit).count().get(),
      );
      return answer.data().count;
    },

    commit: async (writes, now) => {
      if (writes.length === 0)
        throw new PermanentError(
          "bad-document",
          "A commit without a write has nothing to say.",
        );
      for (const { ref } of writes)
        watcher.operations?.("write", 1, toCollectionName(ref.path));
      return commit(db, writes, now);
    },
  };
}

async function commit(
  db: Firestore,
  writes: readonly Write[],
  now: Date,
): Promise<Committed> {
  const { Timestamp } = await import("firebase-admin/firestore");
  const batch = db.batch();
  let bytes = 0;
  for (const write of writes) {
    const document = db.doc(write.ref.path);
    const whole = toStamped(write, now);
    const data =
      write.kind === "update"
        ? pick(whole, [...write.fields, "updatedAt"])
        : whole;
    bytes += byteSize(data);
    if (write.kind === "create") batch.create(document, data);
    else if (write.kind === "put") batch.set(document, data);
    else
      batch.update(document, data, {
        // A stamp that came with a ring is no Timestamp any more.
        lastUpdateTime: new Timestamp(
          write.stamp.seconds,
          write.stamp.nanoseconds,
        ),
      });
  }
  if (bytes > maxCommitBytes) {
    throw new PermanentError(
      "too-large",
      `A commit of ${bytes} bytes, the first document ${writes[0]?.ref.path}, is over ${maxCommitBytes}.`,
    );
  }
  try {
    const results = await inTime("commit", batch.commit());
    const stamp = results[0]?.writeTime;
    return { kind: "committed", stamp: toStamp(stamp) };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : null;
    if (isConflict(cause)) return { kind: "conflict" };
    throw error;
  }
}

/** The document as it is written: stamped, and parsed by its schema. */
function toStamped(write: Write, now: Date): Record<string, unknown> {
  const stamps =
    write.kind === "update"
      ? { updatedAt: now }
      : { schemaVersion: 1, createdAt: now, updatedAt: now };
  const result = write.ref.schema.safeParse({ ...write.data, ...stamps });
  if (!result.success) {
    throw new PermanentError(
      "bad-document",
      `${write.ref.path} cannot be written: ${explainMisfit(result.error)}`,
      { cause: result.error },
    );
  }
  return { ...Documented.parse(wellFormed(result.data)) };
}

/** The same with each half of a surrogate pair as U+FFFD, which is what UTF-8 has for it: the database takes nothing else. */
function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/\p{Cs}/gu, "\u{FFFD}");
  if (Array.isArray(value)) return value.map(wellFormed);
  if (value === null || typeof value !== "object") return value;
  // Moments and bytes are the database's own to write.
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replace(/\p{Cs}/gu, "\u{FFFD}"),
      wellFormed(inner),
    ]),
  );
}

/**
 * The documents that answer a query, up to its limit. In the place of those that cannot be read it fetches the ones
 * behind them, so that a page that is not full is always the last.
 */
async function readPage<T>(
  db: Firestore,
  query: Query<T>,
  watcher: Watcher,
): Promise<Reads<T>> {
  const { path, schema } = query.collection;
  const reads: Read<T>[] = [];
  const unreadable: LeftOut[] = [];
  const built = toFirestore(db, query);
  let asked = built.limit(query.limit);
  let size = query.limit;
  for (let refills = 0; ; refills++) {
    const answer = await inTime(`query ${path}`, asked.get(), watcher.queryMs);
    const { collection } = toQueryShape(query);
    watcher.operations?.("read", Math.max(1, answer.size), collection);
    for (const document of answer.docs) {
      if (reads.length === query.limit) break;
      const ref = { path: document.ref.path, schema };
      const parsed = parse(ref, document, watcher);
      if (!("reason" in parsed)) reads.push(parsed);
      else if (query.unreadable === "refuse") throw unreadableError(parsed);
      else unreadable.push({ ...parsed, behind: reads.length });
    }
    const last = answer.docs.at(-1);
    if (reads.length === query.limit || answer.size < size || !last)
      return Object.assign(reads, { unreadable });
    if (refills === maxRefills)
      throw new PermanentError(
        "unreadable",
        `${unreadable.length} documents of ${path} in a row cannot be read, the last of them ${last.ref.path}.`,
      );
    size = Math.min(
      refill.most,
      Math.max(refill.least, query.limit - reads.length) * 2 ** refills,
    );
    asked = built.startAfter(last).limit(size);
  }
}

type Found = Pick<DocumentSnapshot, "data" | "updateTime">;

/** The document as its schema reads it; throws `unreadable` where it does not fit. */
function readable<T>(
  ref: DocumentRef<T>,
  snapshot: Found,
  watcher: Watcher,
): Read<T> {
  const parsed = parse(ref, snapshot, watcher);
  if ("reason" in parsed) throw unreadableError(parsed);
  return parsed;
}

function parse<T>(
  ref: DocumentRef<T>,
  snapshot: Found,
  watcher: Watcher,
): Read<T> | Misfit {
  const result = ref.schema.safeParse(plain(snapshot.data()));
  if (!result.success) {
    const misfit = { path: ref.path, reason: explainMisfit(result.error) };
    watcher.unreadable?.(misfit);
    return misfit;
  }
  return {
    ref,
    id: ref.path.slice(ref.path.lastIndexOf("/") + 1),
    data: result.data,
    stamp: toStamp(snapshot.updateTime),
  };
}

function unreadableError({ path, reason }: Misfit): PermanentError {
  return new PermanentError("unreadable", `${path} cannot be read: ${reason}`);
}

function isTimestamp(value: object): value is Timestamp {
  return "toDate" in value && typeof value.toDate === "function";
}

/** Timestamps become dates, all the way down. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (
    value === null ||
    typeof value !== "object" ||
    value instanceof Uint8Array
  )
    return value;
  if (isTimestamp(value)) return value.toDate();
  // References, points and vectors are none of the types that schemas know, and lead into the client itself.
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, plain(inner)]),
  );
}

function toStamp(time: Timestamp | undefined): Stamp {
  if (time === undefined)
    throw new PermanentError(
      "bad-document",
      "The database gave no update time.",
    );
  return time;
}

function toFirestore<T>(db: Firestore, query: Query<T>): FirestoreQuery {
  const collection: CollectionReference | FirestoreQuery =
    query.group === true
      ? db.collectionGroup(query.collection.path)
      : db.collection(query.collection.path);
  let built: FirestoreQuery = collection;
  for (const [field, operator, value] of query.where)
    built = built.where(field, operator, wellFormed(value));
  for (const [field, direction] of query.orderBy ?? [])
    built = built.orderBy(field, direction);
  if (query.startAfter !== undefined)
    built = built.startAfter(...query.startAfter);
  const fields = schemaFields(query.collection.schema);
  const isSlim = query.group === true || query.slim === true;
  // What a document is in order by is fetched with it: a page may have to go on behind it.
  const sorted = [...query.where, ...(query.orderBy ?? [])]
    .map(([field]) => field)
    .filter((field) => field !== "__name__" && !fields.includes(field));
  if (isSlim && fields.length > 0)
    built = built.select(...fields, ...new Set(sorted));
  return built;
}

/** The paths of the fields that a schema names, those of objects in it too. */
function schemaFields(schema: unknown, path = ""): readonly string[] {
  if (!(schema instanceof z.ZodObject)) return path === "" ? [] : [path];
  return Object.entries(schema.shape).flatMap(([name, inner]) =>
    schemaFields(inner, path === "" ? name : `${path}.${name}`),
  );
}

function toQueryShape<T>(query: Query<T>): QueryShape {
  const { path } = query.collection;
  return {
    collection: path.slice(path.lastIndexOf("/") + 1),
    group: query.group === true,
    filters: query.where.map(([field, operator]) => [field, operator] as const),
    orderBy: query.orderBy ?? [],
  };
}

/** The name of a document's collection. */
function toCollectionName(path: string): string {
  return path.split("/").at(-2) ?? path;
}

async function inTime<T>(
  what: string,
  call: Promise<T>,
  ms: number = deadlineMs,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new RetryableError(
          "store-busy",
          `The database gave no answer to "${what}" within ${ms} ms.`,
        ),
      );
    }, ms);
  });
  try {
    return await Promise.race([call, deadline]);
  } catch (error) {
    throw translateError(what, error);
  } finally {
    clearTimeout(timer);
  }
}

function translateError(what: string, error: unknown): unknown {
  const code = grpcCode(error);
  if (code === null) return error;
  const message = `The database refused "${what}": ${error instanceof Error ? error.message : String(error)}`;
  // Of a query, FAILED_PRECONDITION means that there is no index for it; the database's own words link to its making.
  if (code === failedPrecondition)
    return new PermanentError("missing-index", message, { cause: error });
  // INVALID_ARGUMENT, PERMISSION_DENIED and UNIMPLEMENTED do not get better by waiting.
  return [3, 7, 12].includes(code)
    ? new PermanentError("bad-document", message, { cause: error })
    : new RetryableError("store-busy", message, { cause: error });
}

/** NOT_FOUND, ALREADY_EXISTS and FAILED_PRECONDITION of the gRPC status codes: a precondition of a commit did not hold. */
function isConflict(error: unknown): boolean {
  const code = grpcCode(error);
  return code === 5 || code === 6 || code === failedPrecondition;
}

/** FAILED_PRECONDITION of the gRPC status codes. */
export const failedPrecondition = 9;

/** The gRPC status code of an error, or null. */
export function grpcCode(error: unknown): number | null {
  if (error === null || typeof error !== "object" || !("code" in error))
    return null;
  return typeof error.code === "number" ? error.code : null;
}

function pick(
  data: Record<string, unknown>,
  fields: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, data[field]]));
}

function byteSize(value: unknown): number {
  if (value instanceof Uint8Array) return value.byteLength;
  if (typeof value === "string") return 2 * value.length;
  if (value === null || typeof value !== "object" || value instanceof Date)
    return 8;
  return Object.entries(value).reduce(
    (sum, [key, inner]) => sum + key.length + byteSize(inner),
    32,
  );
}
