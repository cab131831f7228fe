import { z } from "@hono/zod-openapi";
import { Activation, CrmName } from "../../domain/crm/activation.ts";
import * as at from "../../domain/collections.ts";
import { sha256 } from "../../domain/kernel/hash.ts";
import { OpportunityId } from "../../domain/kernel/ids.ts";
import {
  Card,
  HistoryEntry,
  Opportunity,
  OpportunityState,
} from "../../domain/cards/opportunity.ts";
import type { Read } from "../../ports/store.ts";
import { Moment } from "../http/answer.ts";
import { readVisible } from "../http/documents.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { ids, moments, quote } from "../http/examples.ts";

/** The statuses of a card. */
export const Status = z.enum(
  OpportunityState.options.map(({ shape }) => shape.status.value),
);

/** The path of a card. */
export const OpportunityParams = z.object({ id: OpportunityId });

const stamps = {
  schemaVersion: true,
  createdAt: true,
  updatedAt: true,
} as const;

/** A card's state; the status determines which fields are present. */
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
  crms: z.array(CrmName).optional(),
  until: Moment.optional(),
});

/** A card and its state in the review. */
export const OpportunityView = z
  .object({
    id: z.string(),
    ...Opportunity.omit({ ...stamps, audience: true }).shape,
    card: z.object(Card.shape).omit({ receipt: true }),
    state: StateView,
    receivedAt: Moment,
    createdAt: Moment,
    updatedAt: Moment,
  })
  .openapi("Opportunity");

const card = {
  title: "Globex has a new chief information officer",
  summary: quote,
  claims: [{ kind: "FOUND" as const, id: "c1", text: quote, evidenceId: "e1" }],
  evidence: [
    {
      id: "e1",
      signalId: "globex_1",
      snapshotId: ids.snapshot,
      start: 1044,
      end: 1044 + quote.length,
      quoteHash: sha256(quote),
    },
  ],
  score: {
    total: 71.9,
    weightsVersion: "2026-11-1",
    factors: [
      { factor: "impact", value: 90, weight: 0.25, reason: "leadership" },
      { factor: "urgency", value: 80, weight: 0.2, reason: "today" },
      { factor: "fit", value: 80, weight: 0.15, reason: "ideal customer" },
      { factor: "access", value: 50, weight: 0.1, reason: "one owner" },
      { factor: "feasibility", value: 40, weight: 0.1, reason: "no asset" },
      { factor: "confidence", value: 62, weight: 0.2, reason: "one source" },
    ] as const,
  },
  playbook: null,
  assets: [],
  outreach: [
    { channel: "email" as const, subject: "Pat Doe", body: "Dear Pat, ..." },
  ],
  writer: { name: "extractive", model: null },
  gaps: [],
};

/** An example card. */
export const opportunityExample = {
  id: ids.opportunity,
  accountId: ids.account,
  accountName: "Globex",
  provenance: "live" as const,
  category: "leadership_change" as const,
  sources: ["rss" as const],
  clusterId: "globex_1",
  signalIds: ["globex_1"],
  playbookId: null,
  card: { ...card, score: { ...card.score, factors: [...card.score.factors] } },
  state: {
    status: "in_review" as const,
    dueAt: moments.due,
    escalatedAt: null,
  },
  version: 1,
  receivedAt: moments.received,
  traceId: ids.trace,
  createdAt: moments.shown,
  updatedAt: moments.shown,
};

/** One step in a card's history. */
export const HistoryView = z
  .object({
    id: z.string(),
    ...HistoryEntry.omit(stamps).shape,
    at: Moment,
  })
  .openapi("HistoryEntry");

/** The result of an approved card in one CRM. */
export const ActivationView = z
  .object({
    ...Activation.omit({
      ...stamps,
      audience: true,
      contentHash: true,
      inverse: true,
    }).shape,
    createdAt: Moment,
    updatedAt: Moment,
  })
  .openapi("Activation");

/** The card, if the caller may see it; otherwise 404. */
export async function findOpportunity(
  c: ApiContext,
  id: OpportunityId,
  deps: ApiDeps,
): Promise<Read<Opportunity>> {
  const ref = at.opportunity(c.get("caller").tenantId, id);
  return readVisible(c, { ref, what: "card" }, deps);
}
