import { z } from "zod";
import type { InboxItem } from "../../../../../functions/src/domain/cards/inbox.ts";
import type {
  OpportunityStatus,
  RejectReason,
} from "../../../../../functions/src/domain/cards/opportunity.ts";
import type { Permission } from "../../../../../functions/src/domain/people/roles.ts";

/** A person's act on a card, with what it needs. */
export type Review =
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
export type ReviewKind = Review["kind"];

/** The part of a card that a review needs. */
export interface ReviewableCard {
  readonly id: string;
  readonly title: string;
  readonly version: number;
}

/** What the API answers to a review. */
export const ReviewAnswer = z.object({
  id: z.string(),
  status: z.string(),
  version: z.int(),
  undoUntil: z.string().optional(),
});
export type ReviewAnswer = z.infer<typeof ReviewAnswer>;

/** The status that a review leads to, shown before the API has answered. */
export const statusAfter: Readonly<Record<ReviewKind, OpportunityStatus>> = {
  approve: "approved",
  withdraw: "in_review",
  reject: "rejected",
  reopen: "in_review",
  snooze: "snoozed",
  wake: "in_review",
  refine: "draft",
};

/** The review that undoes another, where there is one. */
export const undoByKind: Readonly<
  Partial<Record<ReviewKind, "withdraw" | "reopen" | "wake">>
> = { approve: "withdraw", reject: "reopen", snooze: "wake" };

const permissionByKind: Readonly<Record<ReviewKind, Permission>> = {
  approve: "opportunity.approve",
  withdraw: "opportunity.approve",
  reject: "opportunity.reject",
  reopen: "opportunity.reject",
  snooze: "opportunity.reject",
  wake: "opportunity.reject",
  refine: "opportunity.refine",
};

const statusesByKind: Readonly<Record<ReviewKind, readonly string[]>> = {
  approve: ["in_review"],
  withdraw: ["approved"],
  reject: ["in_review", "snoozed"],
  reopen: ["rejected"],
  snooze: ["in_review"],
  wake: ["snoozed"],
  refine: ["in_review"],
};

/** Whether to offer this for a card in that status: what a person may not do is not offered. */
export function isOffered(
  kind: ReviewKind,
  { status, audience }: Pick<InboxItem, "status" | "audience">,
  may: (permission: Permission, audience: InboxItem["audience"]) => boolean,
): boolean {
  return (
    statusesByKind[kind].includes(status) &&
    may(permissionByKind[kind], audience)
  );
}

/** A review that needs a dialog: for a reason, a moment, a note, or a confirmation for several cards. */
export interface ReviewQuestion {
  readonly kind: "approve" | "reject" | "refine" | "snooze";
  readonly cards: readonly ReviewableCard[];
}
