import type { CrmName, CrmTask, CrmReceipt } from "../domain/crm/activation.ts";

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
    abortSignal: AbortSignal,
  ) => Promise<CrmReceipt>;
}

/** Keeps to a vendor's rate over all instances. */
export interface Pacer {
  /** Resolves when the caller may send one request. */
  readonly turn: (
    vendor: string,
    perSecond: number,
    abortSignal: AbortSignal,
  ) => Promise<void>;
  /** Counts one request against what a vendor allows in a window of time (UTC, from midnight for a day). RetryableError ("vendor-busy") until the window ends where all of them are spent. */
  readonly spend: (quota: Quota) => Promise<void>;
  /** The moment at which the caller may do one piece of work: now or past where it may at once. Nobody else is given it. */
  readonly book: (pace: Pace) => Promise<Date>;
}
