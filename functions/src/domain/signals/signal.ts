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

/** How far a signal has come. `held`: relevant, waiting for the account's intent to rise; `duplicate`: another telling of a signal, found out after it was ingested. */
export const SignalStatus = z.enum([
  "ingested",
  "embedded",
  "held",
  "below_relevance",
  "qualified",
  "duplicate",
]);
export type SignalStatus = z.infer<typeof SignalStatus>;

/** More small facts than these are none: with all of them at their longest, an item is far below what a document holds. */
const mostFacts = 50;

/**
 * A document that a connector found: what ingest needs to fetch it, and small facts.
 * `itemId` is the source's own id of it, `revision` what changes when it is revised.
 */
export const SourceItem = z.object({
  source: SourceKind,
  itemId: z.string().min(1).max(1000),
  revision: z.string().max(200),
  url: z.url().max(2000).nullable(),
  title: z.string().max(500),
  publisher: z.string().max(200),
  publishedAt: Instant.nullable(),
  /** The connector's own small facts: a form, its item numbers, a board's token. Firestore keeps names between double underscores to itself. */
  facts: z
    .record(
      z
        .string()
        .max(50)
        .regex(/^(?!__.*__$)[^\p{Cs}]+$/u, "is no name of a fact"),
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
  /** When it happened, as far as the source says; else when it was received, and never after that. */
  occurredAt: Instant,
  fetchedAt: Instant,
  licence: z.string().min(1).max(300),
  relevance: z.number().min(0).max(1),
  reliability: z.number().min(0).max(1),
  snapshotId: SnapshotId,
  clusterId: z.string().min(1).max(100),
  facts: z.record(z.string(), z.string()),
  /** Whoever wrote it, as it says itself. */
  author: z.string().max(200).nullable().default(null),
  /** Who and what its text speaks of, with where. */
  annotations: Annotations.default(noAnnotations),
  /** What its text is about besides its category, the strongest first. */
  themes: z.array(Theme).max(mostThemes).default([]),
  /** By what it is known again: its exact text, its address, and the bands of its sketch. */
  keys: z.array(z.string().max(40)).max(30).default([]),
  /** What is kept of its text to tell another telling from a follow-up; null for what is not told twice. */
  sketch: z.string().max(1500).nullable().default(null),
  /** The signal that this one tells once more; set with the status `duplicate`. */
  duplicateOf: SignalId.nullable().default(null),
  status: SignalStatus,
  /** The embedding model whose vectors of it the index holds; null until it was embedded. */
  embeddedWith: z.string().nullable().default(null),
  /** Set while the account's fold has not yet weighed it; the moment since when. */
  unfoldedAt: Instant.nullable(),
  /** When the pipeline first heard of it: the start of the time to card. */
  receivedAt: Instant,
  /** The X-Request-ID or run that brought it in, followed through every stage. */
  traceId: z.string(),
  runId: z.string().nullable(),
});
export type Signal = z.infer<typeof Signal>;

/**
 * What a signal belongs to: postings of one account in one UTC month are one wave of hiring;
 * anything else stands for itself.
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

/** The id of a signal: the same content of the same account is the same signal. */
export function toSignalId(accountId: AccountId, hash: string): SignalId {
  return SignalId.parse(`${accountId}_${hash.slice(0, 32)}`);
}
