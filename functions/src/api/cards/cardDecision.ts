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
import { cleaned, Moment, persistently, shown } from "../http/answer.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { commitAnswered, partOf } from "../http/idempotency.ts";
import { findOpportunity, Status } from "./opportunityView.ts";
import { badField, Refused } from "../http/problem.ts";
import { Version } from "../http/versioned.ts";

/** What a person writes to the one who drafts, or about a rejection. */
export const Note = z.string().trim().min(1).max(2000);

/** What comes with each decision, besides which one it is. */
export const withVersion = { version: Version };
export const rejecting = {
  ...withVersion,
  reason: RejectReason,
  note: Note.optional(),
};
export const snoozing = {
  ...withVersion,
  until: z.iso
    .datetime({ offset: true })
    .max(40)
    .openapi({ description: "At most 180 days ahead." }),
  reason: z.string().trim().max(500).optional(),
};

/** A decision that needs nobody but the one who makes it; a new draft is asked for elsewhere. */
export type Asked =
  | { readonly decision: "approve" | "withdraw" | "reopen" | "wake" }
  | (Readonly<z.infer<z.ZodObject<Omit<typeof rejecting, "version">>>> & {
      readonly decision: "reject";
    })
  | (Readonly<z.infer<z.ZodObject<Omit<typeof snoozing, "version">>>> & {
      readonly decision: "snooze";
    });

/** What a role must hold to decide so. */
export const permissionFor: Readonly<Record<Asked["decision"], Permission>> = {
  approve: "opportunity.approve",
  withdraw: "opportunity.approve",
  reject: "opportunity.reject",
  reopen: "opportunity.reject",
  snooze: "opportunity.reject",
  wake: "opportunity.reject",
};

/** Where a card stands after a decision. */
export const Decided = z
  .object({
    id: z.string(),
    status: Status,
    version: z.int(),
    undoUntil: Moment.optional().openapi({
      description: "Until when an approval can be withdrawn.",
    }),
  })
  .openapi("Decided");

type WithoutBy<T> = T extends unknown ? Omit<T, "by"> : never;

/** A decision as the card takes it; refused where it is until no moment to come. */
export async function commandOf(
  asked: Asked,
  reviewHours: () => Promise<number | undefined>,
  deps: Pick<ApiDeps, "redactor" | "clock">,
): Promise<WithoutBy<PersonCommand>> {
  switch (asked.decision) {
    case "approve":
      return { kind: "approve" };
    case "reject": {
      const { reason, note = "" } = asked;
      return { kind: "reject", reason, note: cleaned(note, deps) };
    }
    case "snooze": {
      const until = new Date(asked.until);
      if (!isSnoozable(until, deps.clock.now()))
        throw badField("until", "must be to come, and at most 180 days ahead");
      const reason = cleaned(asked.reason ?? "", deps);
      return { kind: "snooze", until, reason };
    }
    case "withdraw":
    case "reopen":
    case "wake": {
      const hours = await reviewHours();
      const kind = asked.decision;
      return { kind, ...(hours !== undefined && { reviewHours: hours }) };
    }
  }
}

/** How long the caller's tenant gives a review; undefined where it does not say. */
export async function reviewHoursOf(
  c: ApiContext,
  deps: Pick<ApiDeps, "store">,
): Promise<number | undefined> {
  const tenant = await deps.store.read(at.tenant(c.get("caller").tenantId));
  return tenant?.data.reviewHours;
}

/** Decides on a card, if it is of the version that the person looked at. */
export async function decided(
  c: ApiContext,
  {
    id,
    version,
    isPart = false,
  }: {
    readonly id: OpportunityId;
    readonly version: number;
    /** One of several decisions of a request: each is kept by itself. */
    readonly isPart?: boolean;
  },
  command: WithoutBy<PersonCommand>,
  deps: ApiDeps,
): Promise<z.infer<typeof Decided>> {
  const { tenantId, uid } = c.get("caller");
  return persistently(
    async () => {
      const part = isPart ? await partOf(c, id, deps) : null;
      const known = part?.answer ?? null;
      if (known !== null) return Decided.parse(JSON.parse(known.body));
      const read = await findOpportunity(c, id, deps);
      if (read.data.version !== version) {
        throw standsOtherwise(read, `Its version is ${read.data.version} now.`);
      }
      const now = deps.clock.now();
      const result = decide({ tenantId, read }, { ...command, by: uid }, now);
      if (!result.ok) throw standsOtherwise(read, result.why);
      const body = viewOf(id, result.after);
      const answer = { status: 200, body };
      const { outcome } = result;
      const done = await commitAnswered(c, { outcome, answer, part }, deps);
      return done.kind === "conflict" ? null : body;
    },
    standing(c, id, deps),
  );
}

/** A card as its decision is answered. */
export function viewOf(id: OpportunityId, { state, version }: Opportunity) {
  return shown(Decided, { id, version, ...pickState(state) });
}

function pickState(state: Opportunity["state"]) {
  const { status } = state;
  return status === "approved"
    ? { status, undoUntil: state.undoUntil }
    : { status };
}

/** The refusal of a decision that does not fit how the card stands by now. */
export function standsOtherwise(
  { data }: Read<Opportunity>,
  why: string,
): Refused {
  return new Refused(409, why, { current: currentOf(data) });
}

/** How a card stands at the moment that it is asked. */
export function standing(c: ApiContext, id: OpportunityId, deps: ApiDeps) {
  return async () => currentOf((await findOpportunity(c, id, deps)).data);
}

function currentOf({ version, state }: Opportunity) {
  return { version, status: state.status };
}
