import { z } from "@hono/zod-openapi";
import { Activation } from "../domain/activation.ts";
import * as at from "../domain/collections.ts";
import { OpportunityId } from "../domain/ids.ts";
import {
  Card,
  HistoryEntry,
  Opportunity,
  OpportunityState,
} from "../domain/opportunity.ts";
import type { Read } from "../pipeline/ports.ts";
import { Moment } from "./answer.ts";
import { visible } from "./auth.ts";
import type { ApiContext, ApiDeps } from "./context.ts";

/** The statuses of a card. */
export const Status = z.enum(
  OpportunityState.options.map(({ shape }) => shape.status.value),
);

/** A card's id in a path. */
export const OfOpportunity = z.object({ id: OpportunityId });

const stamped = {
  schemaVersion: true,
  createdAt: true,
  updatedAt: true,
} as const;

/** Where a card stands; which of the fields are there follows from the status. */
const StateView = z.object({
  status: Status,
  by: z.string().optional(),
  at: Moment.optional(),
  version: z.int().optional(),
  note: z.string().optional(),
  reason: z.string().optional(),
  waiting: z.string().nullish(),
  dueAt: Moment.optional(),
  escalatedAt: Moment.nullish(),
  undoUntil: Moment.optional(),
  settledAt: Moment.optional(),
  until: Moment.optional(),
});

/** A card with its place in the review. */
export const OpportunityView = z
  .object({
    id: z.string(),
    ...Opportunity.omit({ ...stamped, audience: true }).shape,
    card: z.object(Card.shape).omit({ receipt: true }),
    state: StateView,
    receivedAt: Moment,
    createdAt: Moment,
    updatedAt: Moment,
  })
  .openapi("Opportunity");

/** One step in a card's life. */
export const HistoryView = z
  .object({
    id: z.string(),
    ...HistoryEntry.omit(stamped).shape,
    at: Moment,
  })
  .openapi("HistoryEntry");

/** What became of an approved card in one CRM. */
export const ActivationView = z
  .object({
    ...Activation.omit({
      ...stamped,
      audience: true,
      contentHash: true,
      inverse: true,
    }).shape,
    createdAt: Moment,
    updatedAt: Moment,
  })
  .openapi("Activation");

/** The card of a request's path, if the caller may see it; else 404. */
export async function findOpportunity(
  c: ApiContext,
  id: OpportunityId,
  deps: ApiDeps,
): Promise<Read<Opportunity>> {
  const caller = c.get("caller");
  const read = await deps.store.read(at.opportunity(caller.tenantId, id));
  return visible(read, caller, "opportunity");
}
