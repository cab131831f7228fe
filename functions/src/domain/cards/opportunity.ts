import { z } from "zod";
import { CrmName } from "../crm/activation.ts";
import { Claim, EvidenceRef, isReceiptFor } from "./claims.ts";
import { Audience, Provenance, stamps } from "../kernel/document.ts";
import { idFrom, sha256 } from "../kernel/hash.ts";
import { AccountId, OpportunityId, SignalId, Uid } from "../kernel/ids.ts";
import { Instant } from "../kernel/instant.ts";
import { Score } from "./scoring.ts";
import { Category } from "../signals/signal.ts";
import { SourceKind } from "../sources/source.ts";

/**
 * What a person reads and decides on. Its receipt binds the claims to the verified quotes; it cannot be written with
 * another receipt.
 */
export const Card = z
  .object({
    title: z.string().min(1).max(300),
    summary: z.string().min(1).max(4000),
    claims: z.array(Claim).min(1).max(20),
    evidence: z.array(EvidenceRef).min(1).max(20),
    score: Score,
    playbook: z
      .object({ id: z.string(), title: z.string(), action: z.string() })
      .nullable(),
    assets: z
      .array(z.object({ id: z.string(), title: z.string(), url: z.string() }))
      .max(5),
    outreach: z
      .array(
        z.object({
          channel: z.enum(["email", "call"]),
          subject: z.string(),
          body: z.string(),
        }),
      )
      .max(5),
    writer: z.object({ name: z.string().min(1), model: z.string().nullable() }),
    /** What could not be looked up during writing, so that a thin card says why. */
    gaps: z.array(z.string()).max(10),
    receipt: z.string(),
  })
  .refine((card) => card.claims.some((claim) => claim.kind === "FOUND"), {
    path: ["claims"],
    message: "must hold at least one FOUND claim",
  })
  .refine(
    (card) =>
      card.claims.every(
        (c) =>
          c.kind !== "FOUND" ||
          card.evidence.some((e) => e.id === c.evidenceId),
      ),
    {
      path: ["evidence"],
      message: "must hold the evidence of every FOUND claim",
    },
  )
  .refine(
    (card) =>
      card.claims.every(
        (c) =>
          c.kind !== "INFERRED" ||
          c.basis.every((id) => card.claims.some((claim) => claim.id === id)),
      ),
    {
      path: ["claims"],
      message: "must hold the claims that its inferences rest on",
    },
  )
  .refine((card) => isUnique(card.claims) && isUnique(card.evidence), {
    path: ["claims"],
    message: "must not share an id, nor may the evidence",
  })
  .refine((card) => isReceiptFor(card.receipt, card.claims, card.evidence), {
    path: ["receipt"],
    message:
      "does not match these claims and quotes: they were changed after they were verified",
  });
export type Card = z.infer<typeof Card>;

function isUnique(things: readonly { readonly id: string }[]): boolean {
  return new Set(things.map(({ id }) => id)).size === things.length;
}

export const RejectReason = z.enum([
  "wrong_company",
  "old_news",
  "duplicate",
  "not_relevant",
  "weak_evidence",
  "bad_timing",
  "already_known",
  "other",
]);
export type RejectReason = z.infer<typeof RejectReason>;

const approval = {
  by: Uid,
  at: Instant,
  version: z.int().positive(),
  contentHash: z.string(),
};

const settled = {
  ...approval,
  settledAt: Instant,
  /** The CRMs that the card was meant for, where the tenant has not connected them all. */
  crms: z.array(CrmName).optional(),
};

/** The status of a card; each status has exactly the facts that belong to it. */
export const OpportunityState = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("draft"),
    by: Uid,
    at: Instant,
    note: z.string(),
    waiting: z.string().nullable(),
  }),
  z.object({
    status: z.literal("in_review"),
    dueAt: Instant,
    escalatedAt: Instant.nullable(),
  }),
  z.object({ status: z.literal("approved"), ...approval, undoUntil: Instant }),
  z.object({ status: z.literal("activating"), ...approval }),
  z.object({ status: z.literal("activated"), ...settled }),
  z.object({ status: z.literal("partially_activated"), ...settled }),
  z.object({ status: z.literal("activation_failed"), ...settled }),
  /** Approved but not written anywhere: its tenant has no CRM connected. */
  z.object({
    status: z.literal("not_connected"),
    ...approval,
    settledAt: Instant,
  }),
  z.object({
    status: z.literal("rejected"),
    by: Uid,
    at: Instant,
    reason: RejectReason,
    note: z.string(),
  }),
  z.object({
    status: z.literal("snoozed"),
    by: Uid,
    at: Instant,
    until: Instant,
    reason: z.string(),
  }),
  z.object({ status: z.literal("expired"), at: Instant }),
]);
export type OpportunityState = z.infer<typeof OpportunityState>;
export type OpportunityStatus = OpportunityState["status"];

/** The card for one thing worth doing at one account, with its state in the review. */
export const Opportunity = z.object({
  ...stamps,
  accountId: AccountId,
  accountName: z.string(),
  audience: Audience,
  provenance: Provenance,
  category: Category,
  sources: z.array(SourceKind).min(1),
  clusterId: z.string(),
  signalIds: z.array(SignalId).min(1).max(20),
  playbookId: z.string().nullable(),
  card: Card,
  state: OpportunityState,
  version: z.int().positive(),
  /** When the first of its signals was received: the start of the time to card. */
  receivedAt: Instant,
  traceId: z.string(),
});
export type Opportunity = z.infer<typeof Opportunity>;

/** One step in a card's life, as its history shows it. */
export const HistoryEntry = z.object({
  ...stamps,
  at: Instant,
  by: z.string(),
  what: z.string(),
  from: z.string().nullable(),
  to: z.string(),
  version: z.int().positive(),
  note: z.string().nullable(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** What an approval is bound to: the hash of everything on the card. */
export function hashCard(card: Card): string {
  return sha256(JSON.stringify(sortKeys(card)));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}

/** The id of a card, made from what it is about, so that later evidence finds it again. */
export function toOpportunityId(
  accountId: AccountId,
  playbookId: string | null,
  clusterId: string,
): OpportunityId {
  return OpportunityId.parse(idFrom(accountId, playbookId ?? "", clusterId));
}
