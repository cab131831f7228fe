import type { Account } from "./accounts.ts";
import type { Command } from "./command.ts";
import type { Discovered } from "./discovery.ts";

/** One thing that the cloud must have, and the command that brings it. */
export interface Step {
  readonly what: string;
  readonly command: Command;
  /** Looks whether it is there already; then the command is left out. */
  readonly unless?: {
    readonly command: Command;
    /** Where ending well is not enough. */
    readonly says?: RegExp;
  };
  /** The secret whose value the command reads; a blank where none is given. */
  readonly reads?: string;
  /** Asks again until the answer no longer says this. */
  readonly until?: RegExp;
  /** What may be wrong where it fails. */
  readonly mend: string;
  /** Where a failure says this, it is tried again. */
  readonly patient?: RegExp;
}

/** What was made a moment ago may not be known everywhere yet. */
export const justMade = /does not exist|not.?found/i;

/** Where to. */
export interface Target {
  readonly project: string;
  /** Google's number for the project; its own accounts are named by it. */
  readonly projectNumber: string;
}

/** An account in this project. */
export type Group = Account & {
  readonly address: string;
  readonly member: string;
};

/** What the steps are made from. */
export interface Cloud extends Target {
  /** `--project=…`: no command leans on what gcloud was last told. */
  readonly here: string;
  readonly region: string;
  readonly groups: readonly Group[];
  readonly discovered: Discovered;
}
