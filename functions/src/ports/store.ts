import type {
  DocumentRef,
  CollectionRef,
} from "../domain/kernel/references.ts";
import { PermanentError } from "../domain/kernel/errors.ts";
import type { Misfit } from "../domain/messages/unreadable.ts";
import type { Unstamped } from "../domain/kernel/document.ts";

/** The moment of a document's last write, as the database gave it; opaque, compared by the database alone. */
export type Stamp = { readonly seconds: number; readonly nanoseconds: number };

/** A document as it was read: its data parsed, and the stamp that an overwrite is conditioned on. */
export interface Read<T> {
  readonly ref: DocumentRef<T>;
  readonly id: string;
  readonly data: T;
  readonly stamp: Stamp;
}

/** A document that was left out of an answer because it cannot be read; `behind` so many that could. */
export interface LeftOut extends Misfit {
  readonly behind: number;
}

/** What answers a query, and what was left out of it. */
export interface Reads<T> extends ReadonlyArray<Read<T>> {
  readonly unreadable?: readonly LeftOut[];
}

/** What becomes of documents that do not fit their schema: left out of the answer and reported, or none is given and `unreadable` thrown. */
export type OnUnreadable = "leave-out" | "refuse";

/** A bounded question about one collection, or about all collections of that name (`group`). */
export interface Query<T> {
  readonly collection: CollectionRef<T>;
  readonly group?: boolean;
  /** Fetches no more than the schema names, so that large pages of large documents stay small; over all collections it is always so. */
  readonly slim?: boolean;
  readonly where: readonly (readonly [
    string,
    "==" | "<" | "<=" | ">" | ">=" | "in" | "not-in" | "array-contains-any",
    unknown,
  ])[];
  readonly orderBy?: readonly (readonly [string, "asc" | "desc"])[];
  readonly limit: number;
  /** Goes on behind a document of an earlier page, given by the values of its orderBy fields. */
  readonly startAfter?: readonly unknown[];
  /** Left out unless the answer is worth nothing without every one of them. */
  readonly unreadable?: OnUnreadable;
}

/** One change of one document. The store stamps the times and parses what it writes by the document's schema. */
export type Write =
  /** Must not exist yet. */
  | {
      readonly kind: "create";
      readonly ref: DocumentRef<unknown>;
      readonly data: object;
    }
  /** Must be unchanged since it was read. */
  | {
      readonly kind: "update";
      readonly ref: DocumentRef<unknown>;
      /** The whole document as it will be, so that its schema is held; only `fields` are written. */
      readonly data: object;
      readonly fields: readonly string[];
      readonly stamp: Stamp;
    }
  /** Whatever is there: only for what its id already determines. */
  | {
      readonly kind: "put";
      readonly ref: DocumentRef<unknown>;
      readonly data: object;
    };

/** A commit is all or nothing; `conflict`: a precondition did not hold, and nothing was written. */
export type Committed =
  | { readonly kind: "committed"; readonly stamp: Stamp }
  | { readonly kind: "conflict" };

/** The database. All reads are parsed, all lists bounded; a document that does not fit its schema is reported wherever it is met. */
export interface Store {
  /** Null where there is none; throws `unreadable` where it does not fit its schema. */
  readonly read: <T>(ref: DocumentRef<T>) => Promise<Read<T> | null>;
  /** The same for several; with `leave-out`, null for one that does not fit as well. */
  readonly readAll: <T>(
    refs: readonly DocumentRef<T>[],
    unreadable?: OnUnreadable,
  ) => Promise<readonly (Read<T> | null)[]>;
  /** Fewer than the limit are always all that there are, for others are fetched in the place of what is left out. */
  readonly query: <T>(query: Query<T>) => Promise<Reads<T>>;
  /** How many documents answer, counted by the database up to the query's limit. */
  readonly count: <T>(query: Query<T>) => Promise<number>;
  readonly commit: (writes: readonly Write[], now: Date) => Promise<Committed>;
}

/** What must be there: PermanentError ("not-found") where it is not, as `read` where it cannot be read. */
export async function need<T>(
  ref: DocumentRef<T>,
  store: Pick<Store, "read">,
): Promise<Read<T>> {
  const read = await store.read(ref);
  if (read !== null) return read;
  const name = ref.path.replace(/^tenants\/[^/]+\//, "");
  throw new PermanentError("not-found", `${name} does not exist.`);
}

/** A new document. */
export function create<T>(ref: DocumentRef<T>, data: Unstamped<T>): Write {
  return { kind: "create", ref, data };
}

/** A change of a document, on the condition that it is as it was read. */
export function update<T>(read: Read<T>, patch: Partial<Unstamped<T>>): Write {
  return {
    kind: "update",
    ref: read.ref,
    data: { ...read.data, ...patch },
    fields: Object.keys(patch),
    stamp: read.stamp,
  };
}

/** A document that its id determines: writing it twice changes nothing. */
export function put<T>(ref: DocumentRef<T>, data: Unstamped<T>): Write {
  return { kind: "put", ref, data };
}
