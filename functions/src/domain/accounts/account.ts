import { z } from "zod";
import { Audience, Provenance, stamps } from "../kernel/document.ts";
import { AccountId, Uid } from "../kernel/ids.ts";
import { Instant } from "../kernel/instant.ts";
import { polledKinds, Source } from "../sources/source.ts";

/** A company's id in some system: `salesforce`, `hubspot`, `cik`, `ticker` or any other. */
export const Identifier = z.object({
  name: z.string().min(1).max(50),
  value: z.string().min(1).max(200),
});
export type Identifier = z.infer<typeof Identifier>;

/** A client company that a tenant watches. */
export const Account = z.object({
  ...stamps,
  name: z.string().min(1).max(200),
  aliases: z.array(z.string().min(1).max(200)).max(50),
  domains: z.array(z.string().min(1).max(253)).max(20),
  identifiers: z.record(z.string().max(50), z.string().max(200)),
  owners: z.array(Uid).max(20),
  teams: z.array(z.string().min(1).max(100)).max(10),
  audience: Audience,
  sources: z.array(Source).max(50),
  /** Its further ids in systems that have it more than once; `identifiers` says which of them is written to. */
  moreIdentifiers: z.array(Identifier).max(50).default([]),
  /**
   * The keys under which it is found, rebuilt from its names, domains and identifiers at each write; see
   * domain/resolution/lookup.ts.
   */
  lookup: z.array(z.string().max(300)).max(150).default([]),
  /** The company that it is a subsidiary of, if that is an account too. */
  parentId: AccountId.nullable().default(null),
  /** The account that stands for it: whatever is found about this one belongs to that one. */
  mergedInto: AccountId.nullable().default(null),
  /** How well the company fits the tenant's ideal customer, 0 to 1. */
  icpFit: z.number().min(0).max(1),
  provenance: Provenance,
  version: z.int().positive(),
});
export type Account = z.infer<typeof Account>;

/** When an account is polled next, and the state of each of its sources. */
export const Schedule = z.object({
  ...stamps,
  accountId: AccountId,
  active: z.boolean(),
  intervalMs: z.int().min(60_000),
  dueAt: Instant,
});
export type Schedule = z.infer<typeof Schedule>;

/** How far a source has been read, and how the last poll went. */
export const SourceState = z.object({
  ...stamps,
  accountId: AccountId,
  sourceKey: z.string(),
  /** The connector's own bookmark; null before the first poll. */
  cursor: z.record(z.string(), z.string()).nullable(),
  lastPolledAt: Instant,
  lastGoodAt: Instant.nullable(),
  lastError: z.string().nullable(),
  consecutiveFailures: z.int().nonnegative(),
  itemsFound: z.int().nonnegative(),
  /** How many entries of its list the last poll left out, and why: the first few of them. */
  droppedItems: z.int().nonnegative().default(0),
  dropped: z
    .array(z.object({ itemId: z.string().max(200), detail: z.string() }))
    .max(50)
    .default([]),
  /** The kind of source; null in states written before this field existed. */
  kind: z.enum(polledKinds).nullable().default(null),
  /** When a poll last found something new. */
  lastItemAt: Instant.nullable().default(null),
  /** The usual time from one new item to the next. */
  gapMs: z.int().nonnegative().nullable().default(null),
  /** From when its silence is unusual; null where it never is. */
  silentAt: Instant.nullable().default(null),
});
export type SourceState = z.infer<typeof SourceState>;

/** What an account shows of each of its latest signals. */
export const LastSignal = z.object({
  id: z.string(),
  title: z.string(),
  category: z.string(),
  occurredAt: Instant,
  url: z.string().nullable(),
});

/**
 * What the pipeline knows about an account, as its fold wrote it and as the console lists it: sums of milli-weights
 * per signal type and UTC day, so that the order in which signals came makes no difference.
 */
export const AccountContext = z.object({
  ...stamps,
  accountId: AccountId,
  audience: Audience,
  /** Per type, per day since 1970: the sum of round(1000 × weight). */
  parts: z.record(z.string(), z.record(z.string(), z.int().nonnegative())),
  /** 0 to 100, as of `intentDay`. */
  intent: z.number().min(0).max(100),
  intentDay: z.int(),
  signals: z.int().nonnegative(),
  lastSignalAt: Instant.nullable(),
  /** Per category, per day since 1970: the number of relevant signals within the last year. */
  categories: z
    .record(z.string(), z.record(z.string(), z.int().nonnegative()))
    .default({}),
  /** The newest five. */
  lastSignals: z.array(LastSignal).max(5).default([]),
  /** Whether signals of this account wait for its intent to rise. */
  holds: z.boolean().default(true),
});
export type AccountContext = z.infer<typeof AccountContext>;
