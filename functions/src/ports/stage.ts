import type { AuditEntry } from "../domain/requests/audit.ts";
import type { NewDecisionRecord } from "../domain/signals/decisionRecord.ts";
import type { MessageId, TenantId } from "../domain/kernel/ids.ts";
import type { Emission, Message } from "../domain/messages/message.ts";
import type { PayloadOf, TopicName } from "../domain/messages/topics.ts";
import type { Deps } from "./deps.ts";
import type { Pace } from "./crm.ts";
import type { Write } from "./store.ts";

/** What a run of a stage wants to become true, all of it in one commit with the end of its message. */
export interface Outcome {
  readonly writes?: readonly Write[];
  readonly emits?: readonly Emission[];
  readonly audit?: readonly Pick<
    AuditEntry,
    "action" | "entity" | "before" | "after" | "reason"
  >[];
  /** Overwrites what the same stage decided of the same item before. */
  readonly decisions?: readonly NewDecisionRecord[];
  /** Why it wrote nothing, where there was nothing to do. */
  readonly skipped?: string;
  /** Folds to be asked for after the commit, blindly: many may ask for the same one. */
  readonly folds?: readonly Emission[];
}

/** What a run is told of the message it works on. */
export interface Job<T extends TopicName> {
  readonly tenantId: TenantId;
  readonly messageId: MessageId;
  readonly message: Message;
  readonly payload: PayloadOf<T>;
  /** Fires when the run's time is over. */
  readonly abortSignal: AbortSignal;
  /** Throws LeaseLostError unless this run still owns its message; to be asked before each write to the outside. */
  readonly assertLease: () => Promise<void>;
}

/** What is told of a message that was parked. */
export interface ParkedJob<T extends TopicName> extends Pick<
  Job<T>,
  "tenantId" | "payload"
> {
  readonly error: { readonly code: string; readonly message: string };
}

/** One step of the pipeline: what it does, and what becomes of its documents when its message is parked. */
export interface Stage<
  T extends TopicName,
  Needs extends keyof Deps = keyof Deps,
> {
  readonly topic: T;
  /** The rate that this piece of work has to keep; it is run when its turn comes. */
  readonly pace?: (
    payload: PayloadOf<T>,
    deps: Pick<Deps, Needs>,
  ) => Pace | null;
  readonly run: (job: Job<T>, deps: Pick<Deps, Needs>) => Promise<Outcome>;
  readonly whenParked?: (
    job: ParkedJob<T>,
    deps: Pick<Deps, "store" | "clock">,
  ) => Promise<Outcome>;
}

/** A stage as the delivery knows it, whatever its topic. */
export type AnyStage = Stage<TopicName>;
