import type { ActivationState, CrmName } from "../crm/activation.ts";
import type { Uid } from "../kernel/ids.ts";
import { addMs, dayMs, hourMs, secondMs } from "../kernel/instant.ts";
import {
  hashCard,
  type Opportunity,
  type OpportunityState,
  type OpportunityStatus,
  type RejectReason,
} from "./opportunity.ts";

/** How long an approval can be withdrawn before it is carried out. */
export const withdrawMs = 10 * secondMs;

/** How far ahead a card may be snoozed. */
const maxSnoozeMs = 180 * dayMs;

/** How long a review may take where a command does not carry the tenant's own hours. */
const defaultReviewHours = 24;

/** What people and the pipeline may do with a card. */
export type Command =
  | { readonly kind: "approve"; readonly by: Uid }
  | {
      readonly kind: "withdraw";
      readonly by: Uid;
      readonly reviewHours?: number;
    }
  | {
      readonly kind: "reject";
      readonly by: Uid;
      readonly reason: RejectReason;
      readonly note: string;
    }
  | {
      readonly kind: "reopen";
      readonly by: Uid;
      readonly reviewHours?: number;
    }
  | { readonly kind: "refine"; readonly by: Uid; readonly note: string }
  | {
      readonly kind: "edit";
      readonly by: Uid;
      /** Which of the card's drafts it replaces; an index without a draft changes nothing. */
      readonly index: number;
      readonly subject: string;
      readonly body: string;
    }
  | {
      readonly kind: "snooze";
      readonly by: Uid;
      readonly until: Date;
      readonly reason: string;
    }
  | {
      readonly kind: "wake";
      readonly by: Uid | "system:snooze-end";
      readonly reviewHours?: number;
    }
  | { readonly kind: "expire" }
  | { readonly kind: "escalate" }
  | { readonly kind: "present"; readonly reviewHours: number }
  | { readonly kind: "activate" }
  | {
      readonly kind: "settle";
      readonly activations: readonly {
        readonly crm: CrmName;
        readonly state: ActivationState;
      }[];
    }
  | { readonly kind: "retry" };

/** What a person does, or the clock on their behalf. */
export type PersonCommand = Extract<Command, { readonly by: string }>;

export type MoveResult =
  | { readonly ok: true; readonly state: OpportunityState }
  | { readonly ok: false; readonly why: string };

/** The state of a new card: in review, with its deadline. */
export function firstReview(reviewHours: number, now: Date): MoveResult {
  return moveTo({
    status: "in_review",
    dueAt: addMs(now, reviewHours * hourMs),
    escalatedAt: null,
  });
}

type MovedCard = Pick<Opportunity, "state" | "card" | "version">;

/** A card's state after a command, or why the command does not apply to its current state. */
export function move(
  opportunity: MovedCard,
  command: Command,
  now: Date,
): MoveResult {
  switch (command.kind) {
    case "approve":
    case "withdraw":
    case "reject":
    case "reopen":
    case "edit":
    case "refine":
    case "snooze":
      return moveByPerson(opportunity, command, now);
    case "wake":
    case "expire":
    case "escalate":
    case "present":
      return moveByPipeline(opportunity, command, now);
    case "activate":
    case "settle":
    case "retry":
      return moveByActivation(opportunity, command, now);
  }
}

function moveByPerson(
  { state, card, version }: MovedCard,
  command: Exclude<PersonCommand, { readonly kind: "wake" }>,
  now: Date,
): MoveResult {
  switch (command.kind) {
    case "approve":
      if (state.status !== "in_review") return refuse(state, "approved");
      return moveTo({
        status: "approved",
        by: command.by,
        at: now,
        version: version + 1,
        contentHash: hashCard(card),
        undoUntil: addMs(now, withdrawMs),
      });
    case "withdraw":
      if (state.status !== "approved") return refuse(state, "withdrawn");
      if (now > state.undoUntil)
        return {
          ok: false,
          why: "The approval can no longer be withdrawn: its ten seconds are over.",
        };
      return moveTo(inReview(now, command.reviewHours));
    case "reject": {
      if (state.status !== "in_review" && state.status !== "snoozed")
        return refuse(state, "rejected");
      const { by, reason, note } = command;
      return moveTo({ status: "rejected", by, at: now, reason, note });
    }
    case "reopen":
      if (state.status !== "rejected") return refuse(state, "reopened");
      return moveTo(inReview(now, command.reviewHours));
    case "edit":
      if (state.status !== "in_review") return refuse(state, "edited");
      return moveTo(state);
    case "refine": {
      if (state.status !== "in_review") return refuse(state, "refined");
      const { by, note } = command;
      return moveTo({ status: "draft", by, at: now, note, waiting: null });
    }
    case "snooze": {
      if (state.status !== "in_review") return refuse(state, "snoozed");
      const { by, until, reason } = command;
      if (!isSnoozable(until, now))
        return {
          ok: false,
          why: "A card can only be snoozed until a future moment, at most 180 days ahead.",
        };
      return moveTo({ status: "snoozed", by, at: now, until, reason });
    }
  }
}

function moveByPipeline(
  { state }: MovedCard,
  command: Extract<
    Command,
    { readonly kind: "wake" | "expire" | "escalate" | "present" }
  >,
  now: Date,
): MoveResult {
  switch (command.kind) {
    case "wake":
      if (state.status !== "snoozed") return refuse(state, "woken");
      return moveTo(inReview(now, command.reviewHours));
    case "expire":
      if (state.status !== "in_review") return refuse(state, "expired");
      return moveTo({ status: "expired", at: now });
    case "escalate":
      if (state.status !== "in_review") return refuse(state, "escalated");
      if (state.escalatedAt !== null)
        return { ok: false, why: "The card is already with the lead." };
      return moveTo({ ...state, escalatedAt: now });
    case "present":
      if (state.status === "in_review") return moveTo(state);
      if (state.status !== "draft" && state.status !== "snoozed")
        return refuse(state, "put up for review");
      return moveTo(inReview(now, command.reviewHours));
  }
}

function moveByActivation(
  { state }: MovedCard,
  command: Extract<Command, { readonly kind: "activate" | "settle" | "retry" }>,
  now: Date,
): MoveResult {
  if (command.kind === "settle") return settle(state, command.activations, now);
  const isRetry = command.kind === "retry";
  const isApplicable = isRetry
    ? state.status === "partially_activated" ||
      state.status === "activation_failed" ||
      state.status === "not_connected"
    : state.status === "approved";
  if (!isApplicable || !("contentHash" in state))
    return refuse(state, isRetry ? "retried" : "activated");
  const { by, at, version, contentHash } = state;
  return moveTo({ status: "activating", by, at, version, contentHash });
}

/** Whether a card may be snoozed until then: a future moment, at most 180 days ahead. */
export function isSnoozable(until: Date, now: Date): boolean {
  return until > now && until <= addMs(now, maxSnoozeMs);
}

function settle(
  state: OpportunityState,
  activations: Extract<Command, { kind: "settle" }>["activations"],
  now: Date,
): MoveResult {
  if (!("contentHash" in state) || state.status === "approved")
    return refuse(state, "settled");
  const { by, at, version, contentHash } = state;
  const common = { by, at, version, contentHash };
  if (
    activations.length === 0 ||
    activations.some((a) => a.state === "pending")
  )
    return moveTo({ status: "activating", ...common });
  const connected = activations.filter((a) => a.state !== "not_connected");
  const done = connected.filter((a) => a.state === "done").length;
  const status =
    connected.length === 0
      ? "not_connected"
      : done === connected.length
        ? "activated"
        : done > 0
          ? "partially_activated"
          : "activation_failed";
  if (state.status === status) return moveTo(state);
  const isPart = 0 < connected.length && connected.length < activations.length;
  const crms = isPart ? { crms: connected.map(({ crm }) => crm) } : {};
  return moveTo({ status, ...common, settledAt: now, ...crms });
}

function inReview(
  now: Date,
  reviewHours = defaultReviewHours,
): OpportunityState {
  return {
    status: "in_review",
    dueAt: addMs(now, reviewHours * hourMs),
    escalatedAt: null,
  };
}

function moveTo(state: OpportunityState): MoveResult {
  return { ok: true, state };
}

const statusWords: Readonly<Partial<Record<OpportunityStatus, string>>> = {
  draft: "being drafted",
  activation_failed: "marked as failed to activate",
  not_connected: "approved without a connected CRM",
};

function refuse(state: OpportunityState, done: string): MoveResult {
  return {
    ok: false,
    why: `A card that is ${statusWords[state.status] ?? state.status.replaceAll("_", " ")} cannot be ${done}.`,
  };
}
