import { z } from "zod";
import { Audience, Provenance, stamps } from "./document.ts";
import { AccountId, Uid } from "./ids.ts";
import { Instant } from "./instant.ts";
import { Source } from "./source.ts";

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
  /** How well the company fits the tenant's ideal customer, 0 to 1. */
  icpFit: z.number().min(0).max(1),
  provenance: Provenance,
  version: z.int().positive(),
});
export type Account = z.infer<typeof Account>;

/** When an account is looked at next, and the state of each of its sources. */
export const Schedule = z.object({
  ...stamps,
  accountId: AccountId,
  active: z.boolean(),
  intervalMs: z.int().min(60_000),
  dueAt: Instant,
});
export type Schedule = z.infer<typeof Schedule>;

/** How far a source has been read, and how the last look went. */
export const SourceState = z.object({
  ...stamps,
  accountId: AccountId,
  sourceKey: z.string(),
  /** The connector's own bookmark; null before the first look. */
  cursor: z.record(z.string(), z.string()).nullable(),
  lastLookAt: Instant,
  lastGoodAt: Instant.nullable(),
  lastError: z.string().nullable(),
  consecutiveFailures: z.int().nonnegative(),
  itemsFound: z.int().nonnegative(),
});
export type SourceState = z.infer<typeof SourceState>;

/** As much of a signal as an account shows of its newest ones. */
export const LastSignal = z.object({
  id: z.string(),
  title: z.string(),
  category: z.string(),
  occurredAt: Instant,
  url: z.string().nullable(),
});

/** What the pipeline knows of an account, as its fold wrote it and as the console lists it: sums of milli-weights per signal type and UTC day, so that the order in which signals came leaves no trace. */
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
  /** Per category, per day since 1970: how many relevant signals, of the last year. */
  categories: z
    .record(z.string(), z.record(z.string(), z.int().nonnegative()))
    .default({}),
  /** The newest five. */
  lastSignals: z.array(LastSignal).max(5).default([]),
  /** Whether signals of this account wait for its intent to rise. */
  holds: z.boolean().default(true),
});
export type AccountContext = z.infer<typeof AccountContext>;
