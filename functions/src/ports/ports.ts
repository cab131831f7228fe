import type { Account } from "../domain/accounts/account.ts";
import type { Annotations } from "../domain/signals/annotations.ts";
import type { Source } from "../domain/sources/source.ts";
import type {
  CrmName,
  CrmOwner,
  CrmReceipt,
  CrmTask,
} from "../domain/crm/activation.ts";
import type { Claim } from "../domain/cards/claims.ts";
import type { Span } from "../domain/text/chunks.ts";
import type { Classified } from "../domain/signals/classifying.ts";
import type { CollectionRef, DocumentRef } from "../domain/collections.ts";
import type { Provenance, Unstamped } from "../domain/kernel/document.ts";
import type { KnownLinks } from "../domain/text/links.ts";
import type { Fresh } from "../domain/messages/fresh.ts";
import type {
  MessageId,
  SignalId,
  TenantId,
  Uid,
} from "../domain/kernel/ids.ts";
import type { Asset, Playbook } from "../domain/cards/library.ts";
import type { ModelCall } from "../domain/prompts/modelCall.ts";
import type { Card } from "../domain/cards/opportunity.ts";
import type { Printed } from "../domain/reports/printed.ts";
import type { Signal, SourceItem } from "../domain/signals/signal.ts";
import type { LookedAt } from "../domain/sources/source.ts";
import type { TopicName } from "../domain/messages/topics.ts";
import type { Misfit } from "../domain/messages/unreadable.ts";

/** What time it is, and a signal that fires after so many milliseconds. */
export interface Clock {
  readonly now: () => Date;
  readonly abortAfter: (ms: number) => {
    readonly signal: AbortSignal;
    readonly cancel: () => void;
  };
}

/** Chance: `id` a fresh random id, `jitter` a number from 0 (included) to 1. */
export interface Chance {
  readonly id: () => string;
  readonly jitter: () => number;
}

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

/** A message to be rung for: the function of its topic is told, at that moment, to look at it. */
export interface Ring {
  readonly topic: TopicName;
  readonly tenantId: TenantId;
  readonly messageId: MessageId;
  readonly traceId: string;
  readonly at: Date;
  readonly starts: number;
  /** The message as it was just created: whoever answers first need not read it. One that was touched since is found out at the claim. */
  readonly fresh?: Fresh;
}

/** The fast path to the stages: may lose a ring, never invents one. A ring in the future is for its moment, a minute ahead at most. */
export interface Doorbell {
  readonly ring: (rings: readonly Ring[]) => Promise<void>;
  /** Has what is due swept once more at that moment, a minute ahead at most; asked for twice, it is done once. */
  readonly sweepAt: (at: Date) => Promise<void>;
}

/** The bytes behind a source item. */
export interface Fetched {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly url: string;
  readonly licence: string;
}

/** An entry of a source's list that is left out, and why. */
export interface DroppedItem {
  /** The source's own id of it, else one made of what it says. */
  readonly itemId: string;
  readonly title: string;
  readonly detail: string;
}

/** What a look has found. */
export interface Looked {
  readonly items: readonly SourceItem[];
  readonly cursor: Readonly<Record<string, string>>;
  readonly dropped?: readonly DroppedItem[];
}

/** A source of signals, one vendor each. */
export interface Connector {
  readonly kind: LookedAt;
  /** The same with the keys of this tenant, and of no other; absent where no key is asked for. */
  readonly of?: (tenantId: TenantId) => Connector;
  /**
   * What is new since the cursor, oldest first, and the cursor that stands for having seen it. An entry of the source's
   * list that cannot be read takes no other along.
   * With a null cursor: the newest three of each form, board or feed. Throws RetryableError or PermanentError;
   * a source that fails gives nothing, never anything made up.
   */
  readonly look: (
    source: Source,
    cursor: Readonly<Record<string, string>> | null,
    signal: AbortSignal,
  ) => Promise<Looked>;
  /** The document itself; null where the source no longer has it. Needs no key of its vendor: what only the vendor's key can reach comes with the item. */
  readonly fetch: (
    item: SourceItem,
    source: Source,
    signal: AbortSignal,
  ) => Promise<Fetched | null>;
}

/** A document read: its plain text, without boilerplate, and what it says of itself. */
export interface ReadDocument {
  readonly title: string | null;
  readonly text: string;
  /** ISO 639-1 where known, else `und`. */
  readonly language: string;
  /** Whoever is named as its author, people or an agency, as it names them. */
  readonly author: string | null;
  /** When it was published, as the document itself says. */
  readonly publishedAt: Date | null;
  /** The address that the document names as its own (`rel=canonical` and its like). */
  readonly canonicalUrl: string | null;
  /** Its headings in their order: of a filing its parts and items, of an article its subheadings. */
  readonly sections: readonly Section[];
}

/** A heading, and the stretch of the text that it stands over, itself included, up to the next. */
export interface Section extends Span {
  readonly title: string;
}

/** Turns fetched bytes into text; throws PermanentError where there is nothing readable, or reading it costs more than a document may. */
export interface Reader {
  readonly read: (
    fetched: Fetched,
    signal: AbortSignal,
  ) => Promise<ReadDocument>;
}

/** Replaces e-mail addresses, phone, card, account (IBAN) and social security numbers and IP addresses by `[email]`, `[phone]`, `[card]`, `[iban]`, `[ssn]` and `[ip]`. Applying it twice changes nothing. */
export interface Redactor {
  readonly redact: (text: string) => string;
}

/** Finds who and what a redacted text speaks of: at most 20 of each kind, by rule alone, so that the same text gives the same. */
export interface Annotator {
  readonly annotate: (
    document: {
      readonly text: string;
      /** ISO 639-1, or `und`. */
      readonly language: string;
      /** What a day without a year is near to; null where that is not known. */
      readonly publishedAt: Date | null;
      /** Names that are recognised wherever they stand: those of the account. */
      readonly own: readonly string[];
    },
    signal: AbortSignal,
  ) => Promise<Annotations>;
}

/** Says what a document is about where the rules do not know. Throws RetryableError while the model is unavailable, PermanentError where it refuses. */
export interface Classifier {
  readonly classify: (
    document: {
      readonly tenantId: TenantId;
      readonly title: string;
      /** Redacted. */
      readonly text: string;
    },
    signal: AbortSignal,
  ) => Promise<Classified>;
}

/** Text to vectors of `dimension` numbers, unit length. `model` names what made them; vectors of two models are never compared. */
export interface Embedder {
  readonly model: string;
  readonly dimension: number;
  /** From this cosine similarity on, the beginnings of two texts may be those of one story; below, none are. */
  readonly alike: number;
  readonly embed: (
    texts: readonly string[],
    signal: AbortSignal,
  ) => Promise<readonly (readonly number[])[]>;
}

/** One chunk of a signal, or an asset, in the vector index. */
export interface Point {
  /** A UUID made from what the point is of, so that a second upsert is the same one. */
  readonly id: string;
  readonly vector: readonly number[];
  readonly kind: "signal" | "asset";
  /** The signal's or asset's id. */
  readonly of: string;
  readonly accountId: string | null;
  readonly audience: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** Signals or assets, by their ids: at most 100. */
export interface Things {
  readonly kind: Point["kind"];
  readonly of: readonly string[];
}

/** A point found, with its cosine similarity, 1 the same. */
export interface Hit {
  readonly of: string;
  readonly score: number;
  readonly start: number;
  readonly end: number;
}

/** The vector index of one embedding model. Every search is inside one tenant, and where an account is named, inside that account. A vector of another dimension than the model's is a PermanentError. */
export interface Vectors {
  readonly upsert: (
    tenantId: TenantId,
    points: readonly Point[],
  ) => Promise<void>;
  /** Gives every point of these things another audience; of what has no points, nothing. */
  readonly setAudience: (
    tenantId: TenantId,
    things: Things,
    audience: readonly string[],
  ) => Promise<void>;
  /** Takes every point of these things out of the index. */
  readonly remove: (tenantId: TenantId, things: Things) => Promise<void>;
  readonly search: (
    tenantId: TenantId,
    wanted: {
      readonly kind: Point["kind"];
      readonly accountId: string | null;
      /** Only what at least one of these may see; absent: whoever may see it. */
      readonly audience?: readonly string[];
      readonly vector: readonly number[];
      readonly limit: number;
    },
  ) => Promise<readonly Hit[]>;
}

/** Paid answers of models by the hash of what was asked. */
export interface Answers {
  readonly read: (
    tenantId: TenantId,
    inputHash: string,
  ) => Promise<ModelCall | null>;
  /** Keeps an answer unless there is one: gives the one that stands, which is the first. */
  readonly keep: (
    tenantId: TenantId,
    call: Unstamped<ModelCall>,
  ) => Promise<ModelCall>;
}

/** What a card is written from: one account's redacted evidence, and what fits it. */
export interface Brief {
  readonly tenantId: TenantId;
  readonly account: Pick<Account, "name" | "aliases">;
  /** The main signal first; each with its archived text. */
  readonly signals: readonly {
    readonly id: SignalId;
    readonly data: Signal;
    readonly text: string;
  }[];
  readonly playbook: { readonly id: string; readonly data: Playbook } | null;
  readonly assets: readonly { readonly id: string; readonly data: Asset }[];
  /** The only addresses that the card may hold. */
  readonly links: KnownLinks;
  /** What a person asked to be changed, on a refined card. */
  readonly note: string | null;
  /** What was wrong with the draft that this one replaces. */
  readonly faults: readonly {
    readonly claim: string;
    readonly fault: string;
  }[];
}

/** A card as a writer drafts it, before anything of it is believed. */
export interface Draft {
  readonly title: string;
  readonly claims: readonly Claim[];
  readonly quotes: readonly {
    readonly id: string;
    readonly signalId: SignalId;
    readonly quote: string;
    readonly start: number;
    readonly end: number;
  }[];
  readonly outreach: Card["outreach"];
}

/** Drafts cards. Throws RetryableError while the model is unavailable, PermanentError where it refuses. */
export interface Writer {
  readonly name: string;
  readonly model: string | null;
  readonly draft: (brief: Brief, signal: AbortSignal) => Promise<Draft>;
}

/** The rate of a vendor who takes no more than so many requests: one piece of work every `everyMs`, over all of it that has the same `key`. */
export interface Pace {
  readonly key: string;
  readonly everyMs: number;
}

/** So many requests, `limit`, in every window of so many milliseconds, over all instances. */
export interface Quota {
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
}

/** A CRM that approved cards are written to. */
export interface Crm {
  readonly name: CrmName;
  /** How often a task may be written; null where the vendor names no such limit. */
  readonly pace: Pace | null;
  /** Creates the task with its note, or finds the one that an earlier try of the same `externalId` created. */
  readonly upsertTask: (
    task: CrmTask,
    signal: AbortSignal,
  ) => Promise<CrmReceipt>;
}

/** Keeps to a vendor's rate over all instances. */
export interface Pacer {
  /** Resolves when the caller may send one request. */
  readonly turn: (
    vendor: string,
    perSecond: number,
    signal: AbortSignal,
  ) => Promise<void>;
  /** Counts one request against what a vendor allows in a window of time (UTC, from midnight for a day). RetryableError ("vendor-busy") until the window ends where all of them are spent. */
  readonly spend: (quota: Quota) => Promise<void>;
  /** The moment at which the caller may do one piece of work: now or past where it may at once. Nobody else is given it. */
  readonly book: (pace: Pace) => Promise<Date>;
}

/** Who a bearer token speaks for, as far as the token itself says; null where it is not to be trusted. */
export interface Identity {
  readonly verify: (token: string) => Promise<{
    readonly uid: Uid;
    readonly tenants: readonly TenantId[];
    /** Null where the person signed in without one. */
    readonly email: string | null;
    /** Whether the address is known to be theirs: by a link that was sent to it, or by a provider such as Google. */
    readonly emailVerified: boolean;
  } | null>;
}

/** The claim of the accounts that people sign in with which says to which tenants each belongs. */
export interface People {
  /** The tenants that the person's next token names; null where nobody has that uid. */
  readonly tenantsOf: (uid: Uid) => Promise<readonly TenantId[] | null>;
  /** Has the person's next token name exactly these tenants. Ends no session, and leaves alone whom it does not know. */
  readonly setTenants: (
    uid: Uid,
    tenants: readonly TenantId[],
  ) => Promise<void>;
}

/** Makes a file of a document, for people to keep: whatever its texts hold, it is all there, and within the pages. */
export interface Printer {
  readonly print: (document: Printed) => Promise<Uint8Array<ArrayBuffer>>;
}

/** Structured log lines; every one carries the trace. */
export interface Log {
  readonly write: (
    severity: "DEBUG" | "INFO" | "WARNING" | "ERROR",
    message: string,
    facts: Readonly<Record<string, unknown>>,
  ) => void;
}

/** Everything that the stages, the API and the clock work with. */
export interface Deps {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly store: Store;
  readonly doorbell: Doorbell;
  readonly connectors: Readonly<Partial<Record<LookedAt, Connector>>>;
  readonly reader: Reader;
  readonly redactor: Redactor;
  readonly annotator: Annotator;
  /** Null where the rules alone decide. */
  readonly classifier: Classifier | null;
  readonly embedder: Embedder;
  readonly vectors: Vectors;
  readonly writer: Writer;
  /** Writes where the writer does not answer and the tenant allows it. */
  readonly fallbackWriter: Writer;
  readonly crms: Readonly<Record<CrmName, Crm>>;
  /** Where each CRM leads: `live` to the vendor, `mock` to a stand-in. Nothing of another provenance is written to them. */
  readonly crmProvenance: Readonly<Record<CrmName, Provenance>>;
  /** Whose each of them is: no other tenant's card is written there. */
  readonly crmOwners: Readonly<Record<CrmName, CrmOwner>>;
  readonly pacer: Pick<Pacer, "book">;
  readonly log: Log;
}
