import type { AuditEntry } from "../domain/requests/audit.ts";
import type { NewDecisionRecord } from "../domain/signals/decisionRecord.ts";
import type { MessageId, TenantId } from "../domain/kernel/ids.ts";
import type { Emission, Message } from "../domain/messages/message.ts";
import type { Payload, TopicName } from "../domain/messages/topics.ts";
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
  /** Overwrites the same stage's earlier decision about the same item. */
  readonly decisions?: readonly NewDecisionRecord[];
  /** Why it wrote nothing, where there was nothing to do. */
  readonly skipped?: string;
  /** Folds to request after the commit, without checking: many may request the same one. */
  readonly folds?: readonly Emission[];
}

/** What a run knows about the message that it works on. */
export interface Job<T extends TopicName> {
  readonly tenantId: TenantId;
  readonly messageId: MessageId;
  readonly message: Message;
  readonly payload: Payload<T>;
  /** Fires when the run's time is over. */
  readonly abortSignal: AbortSignal;
  /**
   * Takes the message's lease, which a first start does without; nothing where this run has it. Call it before
   * whatever reaches out of the house or costs money: fetching, a model, a vendor. Throws LeaseLostError where another
   * run has the message.
   */
  readonly takeLease: () => Promise<void>;
  /**
   * Throws LeaseLostError unless this run still owns its message, whose lease it takes first where it has none; call
   * it before each write to the outside.
   */
  readonly assertLease: () => Promise<void>;
}

/** What is known about a message that was parked. */
export interface ParkedJob<T extends TopicName> extends Pick<
  Job<T>,
  "tenantId" | "payload"
> {
  readonly error: { readonly code: string; readonly message: string };
}

/** One step of the pipeline: what it does, and what happens to its documents when its message is parked. */
export interface Stage<
  T extends TopicName,
  Needs extends keyof Deps = keyof Deps,
> {
  readonly topic: T;
  /** The rate that this work has to keep to; it runs when its turn comes. */
  readonly pace?: (payload: Payload<T>, deps: Pick<Deps, Needs>) => Pace | null;
  readonly run: (job: Job<T>, deps: Pick<Deps, Needs>) => Promise<Outcome>;
  readonly whenParked?: (
    job: ParkedJob<T>,
    deps: Pick<Deps, "store" | "clock">,
  ) => Promise<Outcome>;
}

/** A stage as the delivery code sees it, whatever its topic. */
export type AnyStage = Stage<TopicName>;

/** Who works on messages: which stages there are, and what one process may go on with by itself. */
export interface Crew {
  readonly stageFor: (topic: TopicName) => AnyStage;
  /** The topics whose work this process may do at once, where it is all that a run leads to. */
  readonly together?: ReadonlySet<TopicName>;
  /** How long it may work on one ring, in milliseconds: what might take longer is rung for. */
  readonly budgetMs?: number;
}
