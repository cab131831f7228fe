import type { CrmName, CrmTask, CrmReceipt } from "../domain/crm/activation.ts";

/** A vendor's rate: one piece of work every `everyMs`, over all work with the same `key`. */
export interface Pace {
  readonly key: string;
  readonly everyMs: number;
}

/** At most `limit` requests in every window of the given number of milliseconds, over all instances. */
export interface Quota {
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
}

/** A CRM that approved cards are written to. */
export interface Crm {
  readonly name: CrmName;
  /** How often a task may be written; null where the vendor sets no such limit. */
  readonly pace: Pace | null;
  /** Creates the task with its note, or finds the one that an earlier try with the same `externalId` created. */
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
  /**
   * Counts one request against what a vendor allows in a window of time (UTC, from midnight for a day). Throws
   * RetryableError ("vendor-busy") until the window ends, once the limit is reached.
   */
  readonly spend: (quota: Quota) => Promise<void>;
  /**
   * The moment at which the caller may do one piece of work; not in the future if it may start at once. Nobody else
   * is given the same turn.
   */
  readonly book: (pace: Pace) => Promise<Date>;
}
