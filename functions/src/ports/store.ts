import type {
  DocumentRef,
  CollectionRef,
} from "../domain/kernel/references.ts";
import { PermanentError } from "../domain/kernel/errors.ts";
import type { Misfit } from "../domain/messages/unreadable.ts";
import type { Unstamped } from "../domain/kernel/document.ts";

/** The moment of a document's last write, as given by the database; opaque, and compared only by the database. */
export type Stamp = { readonly seconds: number; readonly nanoseconds: number };

/** A document as read: its parsed data, and the stamp that makes an overwrite conditional. */
export interface Read<T> {
  readonly ref: DocumentRef<T>;
  readonly id: string;
  readonly data: T;
  readonly stamp: Stamp;
}

/** A document left out of a result because it cannot be read; `behind` is how many readable ones come before it. */
export interface LeftOut extends Misfit {
  readonly behind: number;
}

/** The result of a query, and what was left out of it. */
export interface Reads<T> extends ReadonlyArray<Read<T>> {
  readonly unreadable?: readonly LeftOut[];
}

/**
 * What happens to documents that do not fit their schema: they are left out and reported, or the whole read throws
 * `unreadable`.
 */
export type OnUnreadable = "leave-out" | "refuse";

/** A bounded query of one collection, or of all collections of that name (`group`). */
export interface Query<T> {
  readonly collection: CollectionRef<T>;
  readonly group?: boolean;
  /**
   * Fetches only the fields that the schema names, so that large pages of large documents stay small; always on for a
   * group.
   */
  readonly slim?: boolean;
  readonly where: readonly (readonly [
    string,
    "==" | "<" | "<=" | ">" | ">=" | "in" | "not-in" | "array-contains-any",
    unknown,
  ])[];
  readonly orderBy?: readonly (readonly [string, "asc" | "desc"])[];
  readonly limit: number;
  /** Continues after a document of an earlier page, given by the values of its orderBy fields. */
  readonly startAfter?: readonly unknown[];
  /** Defaults to leaving them out; refuse where the result is worthless unless complete. */
  readonly unreadable?: OnUnreadable;
}

/** One change to one document. The store stamps the times and parses what it writes against the document's schema. */
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
      /** The whole document as it will be, to be checked against its schema; only `fields` are written. */
      readonly data: object;
      readonly fields: readonly string[];
      readonly stamp: Stamp;
    }
  /** Overwrites whatever is there: only for content that its id determines. */
  | {
      readonly kind: "put";
      readonly ref: DocumentRef<unknown>;
      readonly data: object;
    };

/** A commit is all or nothing; `conflict`: a precondition failed, and nothing was written. */
export type Committed =
  | { readonly kind: "committed"; readonly stamp: Stamp }
  | { readonly kind: "conflict" };

/**
 * The database. Every read is parsed and every list bounded; a document that does not fit its schema is reported
 * wherever it turns up.
 */
export interface Store {
  /** Null where there is none; throws `unreadable` where it does not fit its schema. */
  readonly read: <T>(ref: DocumentRef<T>) => Promise<Read<T> | null>;
  /** The same for several; with `leave-out`, a document that does not fit is null too. */
  readonly readAll: <T>(
    refs: readonly DocumentRef<T>[],
    unreadable?: OnUnreadable,
  ) => Promise<readonly (Read<T> | null)[]>;
  /** A result shorter than the limit is always complete: for each document left out, another is fetched. */
  readonly query: <T>(query: Query<T>) => Promise<Reads<T>>;
  /** How many documents match, counted by the database up to the query's limit. */
  readonly count: <T>(query: Query<T>) => Promise<number>;
  readonly commit: (writes: readonly Write[], now: Date) => Promise<Committed>;
}

/**
 * Reads that may be some seconds old, for what people change seldom and whose last change may be seen a little later: a
 * tenant's settings, its library, an account, whose merges and audiences are carried after once more when all that ran
 * before is over. Never for an approval, nor for what is then overwritten.
 */
export type Recent = Pick<Store, "read" | "query">;

/** How old such a read may be, in milliseconds. */
export const recentMs = 15_000;

/**
 * Reads a document that must exist: throws PermanentError ("not-found") where it does not, and as `read` does where
 * it cannot be read.
 */
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

/** A change to a document, provided that it is unchanged since it was read. */
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
