import { z } from "zod";
import { Annotations, noAnnotations } from "./annotations.ts";
import { Audience, Provenance, stamps } from "../kernel/document.ts";
import { AccountId, SignalId, SnapshotId } from "../kernel/ids.ts";
import { Instant } from "../kernel/instant.ts";
import { SignalType, SourceKind } from "../sources/source.ts";
import { Theme, mostThemes } from "./themes.ts";

/** What a signal is about. */
export const Category = z.enum([
  "leadership_change",
  "acquisition",
  "earnings",
  "funding",
  "partnership",
  "product_launch",
  "expansion",
  "hiring",
  "restructuring",
  "legal",
  "security_incident",
  "governance",
  "deal_event",
  "engagement",
  "other",
]);
export type Category = z.infer<typeof Category>;

/**
 * How far a signal has come. `held`: relevant, waiting for the account's intent to rise; `duplicate`: a
 * near-duplicate of another signal, discovered after ingest.
 */
export const SignalStatus = z.enum([
  "ingested",
  "embedded",
  "held",
  "below_relevance",
  "qualified",
  "duplicate",
]);
export type SignalStatus = z.infer<typeof SignalStatus>;

/** The most facts per item: even at their longest, they leave an item far below a document's size limit. */
const mostFacts = 50;

/**
 * A document that a connector found: what ingest needs to fetch it, and small facts. `itemId` is the source's own id
 * for it; `revision` changes when it is revised.
 */
export const SourceItem = z.object({
  source: SourceKind,
  itemId: z.string().min(1).max(1000),
  revision: z.string().max(200),
  url: z.url().max(2000).nullable(),
  title: z.string().max(500),
  publisher: z.string().max(200),
  publishedAt: Instant.nullable(),
  /**
   * The connector's own small facts: a form, its item numbers, a board's token. Firestore reserves names between
   * double underscores.
   */
  facts: z
    .record(
      z
        .string()
        .max(50)
        .regex(/^(?!__.*__$)[^\p{Cs}]+$/u, "is not a valid name for a fact"),
      z.string().max(2000),
    )
    .refine((facts) => Object.keys(facts).length <= mostFacts, {
      error: `must be at most ${mostFacts}`,
    }),
});
export type SourceItem = z.infer<typeof SourceItem>;

/** Something that happened at an account, read, redacted and judged. Its id is the hash of account and content. */
export const Signal = z.object({
  ...stamps,
  accountId: AccountId,
  audience: Audience,
  provenance: Provenance,
  source: SourceKind,
  type: SignalType,
  category: Category,
  title: z.string().min(1).max(500),
  publisher: z.string().max(200),
  url: z.string().max(2000).nullable(),
  language: z.string().min(2).max(10),
  /** When it happened according to the source, or else when it was received; never after that. */
  occurredAt: Instant,
  fetchedAt: Instant,
  licence: z.string().min(1).max(300),
  relevance: z.number().min(0).max(1),
  reliability: z.number().min(0).max(1),
  snapshotId: SnapshotId,
  clusterId: z.string().min(1).max(100),
  facts: z.record(z.string(), z.string()),
  /** The author, as the document names them. */
  author: z.string().max(200).nullable().default(null),
  /** Who and what its text mentions, and where. */
  annotations: Annotations.default(noAnnotations),
  /** What its text is about besides its category, strongest first. */
  themes: z.array(Theme).max(mostThemes).default([]),
  /** How it is recognised when it comes again: its exact text, its address, and the bands of its sketch. */
  keys: z.array(z.string().max(40)).max(30).default([]),
  /** What is kept of its text to tell a near-duplicate from a follow-up; null for types that are never repeated. */
  sketch: z.string().max(1500).nullable().default(null),
  /** The signal that this one near-duplicates; set with the status `duplicate`. */
  duplicateOf: SignalId.nullable().default(null),
  status: SignalStatus,
  /** The embedding model of its vectors in the index; null until it is embedded. */
  embeddedWith: z.string().nullable().default(null),
  /** Set until the account's fold has weighed it; the moment since when it waits. */
  unfoldedAt: Instant.nullable(),
  /** When the pipeline first received it: the start of the time to card. */
  receivedAt: Instant,
  /** The X-Request-ID or run that brought it in, followed through every stage. */
  traceId: z.string(),
  runId: z.string().nullable(),
});
export type Signal = z.infer<typeof Signal>;

/**
 * The cluster that a signal belongs to: postings of one account in one UTC month form one wave of hiring; any other
 * signal is a cluster of its own.
 */
export function toClusterId(
  type: SignalType,
  occurredAt: Date,
  hash: string,
): string {
  return type === "job"
    ? `hiring_${occurredAt.toISOString().slice(0, 7)}`
    : hash.slice(0, 32);
}

/** The id of a signal: the same content about the same account is the same signal. */
export function toSignalId(accountId: AccountId, hash: string): SignalId {
  return SignalId.parse(`${accountId}_${hash.slice(0, 32)}`);
}
