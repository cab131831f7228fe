import { z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import type { OpportunityId } from "../../domain/kernel/ids.ts";
import {
  type Opportunity,
  RejectReason,
} from "../../domain/cards/opportunity.ts";
import type { Permission } from "../../domain/people/roles.ts";
import { isSnoozable } from "../../domain/cards/transitions.ts";
import type { Read } from "../../ports/store.ts";
import { decide } from "../../pipeline/review/review.ts";
import type { PersonCommand } from "../../domain/cards/transitions.ts";
import { redactText, Moment, toWire } from "../http/answer.ts";
import { carryOut } from "../http/command.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { findPart } from "../http/idempotency.ts";
import { findOpportunity, Status } from "./opportunityView.ts";
import { badField, Refusal } from "../http/problem.ts";
import { Version } from "../http/versioned.ts";

/** A person's note: to the writer of a new draft, or about a rejection. */
export const Note = z.string().trim().min(1).max(2000);

/** The fields of each kind of review. */
export const versionField = { version: Version };
export const rejectFields = {
  ...versionField,
  reason: RejectReason,
  note: Note.optional(),
};
export const snoozeFields = {
  ...versionField,
  until: z.iso
    .datetime({ offset: true })
    .max(40)
    .openapi({ description: "At most 180 days ahead." }),
  reason: z.string().trim().max(500).optional(),
};

/** A person's review of a card, except for the request of a new draft. */
export type Review =
  | { readonly decision: "approve" | "withdraw" | "reopen" | "wake" }
  | (Readonly<z.infer<z.ZodObject<Omit<typeof rejectFields, "version">>>> & {
      readonly decision: "reject";
    })
  | (Readonly<z.infer<z.ZodObject<Omit<typeof snoozeFields, "version">>>> & {
      readonly decision: "snooze";
    });

/** The permission that each review needs. */
export const permissionFor: Readonly<Record<Review["decision"], Permission>> = {
  approve: "opportunity.approve",
  withdraw: "opportunity.approve",
  reject: "opportunity.reject",
  reopen: "opportunity.reject",
  snooze: "opportunity.reject",
  wake: "opportunity.reject",
};

/** A card's state after a review. */
export const ReviewResult = z
  .object({
    id: z.string(),
    status: Status,
    version: z.int(),
    undoUntil: Moment.optional().openapi({
      description: "Until when the approval can be withdrawn.",
    }),
  })
  .openapi("Decided");

type WithoutBy<T> = T extends unknown ? Omit<T, "by"> : never;

/** The review as a command on the card; 400 if it snoozes until a moment that is past or too far ahead. */
export async function toCommand(
  review: Review,
  reviewHours: () => Promise<number | undefined>,
  deps: Pick<ApiDeps, "redactor" | "clock">,
): Promise<WithoutBy<PersonCommand>> {
  switch (review.decision) {
    case "approve":
      return { kind: "approve" };
    case "reject": {
      const { reason, note = "" } = review;
      return { kind: "reject", reason, note: redactText(note, deps) };
    }
    case "snooze": {
      const until = new Date(review.until);
      if (!isSnoozable(until, deps.clock.now()))
        throw badField(
          "until",
          "must be in the future, and at most 180 days ahead",
        );
      const reason = redactText(review.reason ?? "", deps);
      return { kind: "snooze", until, reason };
    }
    case "withdraw":
    case "reopen":
    case "wake": {
      const hours = await reviewHours();
      const kind = review.decision;
      return { kind, ...(hours !== undefined && { reviewHours: hours }) };
    }
  }
}

/** How many hours the caller's tenant allows for a review; undefined if not set. */
export async function readReviewHours(
  c: ApiContext,
  deps: Pick<ApiDeps, "store">,
): Promise<number | undefined> {
  const tenant = await deps.store.read(at.tenant(c.get("caller").tenantId));
  return tenant?.data.reviewHours;
}

/** Carries out a command on a card, if the card still has the version that the person saw; otherwise 409. */
export async function reviewCard(
  c: ApiContext,
  {
    id,
    version,
    isPart = false,
    command,
  }: {
    readonly id: OpportunityId;
    readonly version: number;
    /** One of several reviews in a request: each keeps its own answer. */
    readonly isPart?: boolean;
    readonly command: WithoutBy<PersonCommand>;
  },
  deps: ApiDeps,
): Promise<z.infer<typeof ReviewResult>> {
  const { tenantId, uid } = c.get("caller");
  const attempt = async () => {
    const part = isPart ? await findPart(c, id, deps) : null;
    const known = part?.answer ?? null;
    if (known !== null)
      return { body: ReviewResult.parse(JSON.parse(known.body)) };
    const read = await findOpportunity(c, id, deps);
    if (read.data.version !== version)
      throw reviewConflict(
        read,
        `The card has changed since you opened it: its version is now ${read.data.version}.`,
      );
    const now = deps.clock.now();
    const result = decide({ tenantId, read }, { ...command, by: uid }, now);
    if (!result.ok) throw reviewConflict(read, result.why);
    const body = toReviewResult(id, result.after);
    return { body, outcome: result.outcome, part };
  };
  const current = currentState(c, id, deps);
  return carryOut(c, { decide: attempt, current }, deps);
}

/** The answer to a review. */
export function toReviewResult(
  id: OpportunityId,
  { state, version }: Opportunity,
) {
  const { status } = state;
  const undo = status === "approved" ? { undoUntil: state.undoUntil } : {};
  return toWire(ReviewResult, { id, version, status, ...undo });
}

/** The refusal of a review that the card's current state does not allow. */
export function reviewConflict(
  { data }: Read<Opportunity>,
  why: string,
): Refusal {
  return new Refusal(409, why, { current: toCurrent(data) });
}

/** Returns a function that reads the card's current state. */
export function currentState(c: ApiContext, id: OpportunityId, deps: ApiDeps) {
  return async () => toCurrent((await findOpportunity(c, id, deps)).data);
}

function toCurrent({ version, state }: Opportunity) {
  return { version, status: state.status };
}
