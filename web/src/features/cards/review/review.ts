import { z } from "zod";
import type { InboxItem } from "../../../../../functions/src/domain/cards/inbox.ts";
import type {
  OpportunityStatus,
  RejectReason,
} from "../../../../../functions/src/domain/cards/opportunity.ts";
import type { Permission } from "../../../../../functions/src/domain/people/roles.ts";

/** What a person may do with a card, and with what. */
export type Decision =
  | { readonly kind: "approve" }
  | { readonly kind: "withdraw" }
  | {
      readonly kind: "reject";
      readonly reason: RejectReason;
      readonly note?: string;
    }
  | { readonly kind: "reopen" }
  | {
      readonly kind: "snooze";
      readonly until: string;
      readonly reason?: string;
    }
  | { readonly kind: "wake" }
  | { readonly kind: "refine"; readonly note: string };
export type DecisionKind = Decision["kind"];

/** As much of a card as is needed to decide on it. */
export interface Decidable {
  readonly id: string;
  readonly title: string;
  readonly version: number;
}

/** What the API answers to a decision. */
export const Decided = z.object({
  id: z.string(),
  status: z.string(),
  version: z.int(),
  undoUntil: z.string().optional(),
});
export type Decided = z.infer<typeof Decided>;

/** Where a card will stand, shown before the API has answered. */
export const statusAfter: Readonly<Record<DecisionKind, OpportunityStatus>> = {
  approve: "approved",
  withdraw: "in_review",
  reject: "rejected",
  reopen: "in_review",
  snooze: "snoozed",
  wake: "in_review",
  refine: "draft",
};

/** What takes a decision back, where anything does. */
export const undoOf: Readonly<
  Partial<Record<DecisionKind, "withdraw" | "reopen" | "wake">>
> = { approve: "withdraw", reject: "reopen", snooze: "wake" };

const needs: Readonly<Record<DecisionKind, Permission>> = {
  approve: "opportunity.approve",
  withdraw: "opportunity.approve",
  reject: "opportunity.reject",
  reopen: "opportunity.reject",
  snooze: "opportunity.reject",
  wake: "opportunity.reject",
  refine: "opportunity.refine",
};

const from: Readonly<Record<DecisionKind, readonly string[]>> = {
  approve: ["in_review"],
  withdraw: ["approved"],
  reject: ["in_review", "snoozed"],
  reopen: ["rejected"],
  snooze: ["in_review"],
  wake: ["snoozed"],
  refine: ["in_review"],
};

/** Whether this may be offered for a card that stands there: what one may not do is not offered. */
export function isOffered(
  kind: DecisionKind,
  { status, audience }: Pick<InboxItem, "status" | "audience">,
  may: (permission: Permission, audience: InboxItem["audience"]) => boolean,
): boolean {
  return from[kind].includes(status) && may(needs[kind], audience);
}

/** A decision that asks for more than a key: for a reason, a moment, a note, or one word for many. */
export interface Question {
  readonly kind: "approve" | "reject" | "refine" | "snooze";
  readonly cards: readonly Decidable[];
}
