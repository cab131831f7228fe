import {
  type Claim,
  type EvidenceRef,
  toReceipt,
} from "../../../../functions/src/domain/cards/claims.ts";
import { sha256 } from "../../../../functions/src/domain/kernel/hash.ts";
import {
  SignalId,
  SnapshotId,
} from "../../../../functions/src/domain/kernel/ids.ts";
import type { Card } from "../../../../functions/src/domain/cards/opportunity.ts";
import { scoreCard } from "../../../../functions/src/domain/cards/scoring.ts";
import { tenantDefaults } from "../../../../functions/src/domain/tenants/tenant.ts";

export const now = new Date("2026-11-20T10:00:00.000Z");
export const quote =
  "On March 8, 2026, Peggy Alford notified Meta Platforms, Inc. of her decision to resign as a member of the Board of Directors.";

/** A card of two claims that its schema takes. */
export function aCard(): Card {
  const claims: Claim[] = [
    { kind: "FOUND", id: "c1", text: quote, evidenceId: "e1" },
    {
      kind: "INFERRED",
      id: "c2",
      text: "A seat on the board is open.",
      basis: ["c1"],
    },
  ];
  const evidence: EvidenceRef[] = [
    {
      id: "e1",
      signalId: SignalId.parse("meta_1"),
      snapshotId: SnapshotId.parse("a".repeat(64)),
      start: 100,
      end: 100 + quote.length,
      quoteHash: sha256(quote),
    },
  ];
  return {
    title: "Peggy Alford leaves the board of Meta",
    summary: "A member of the board resigns.",
    claims,
    evidence,
    score: scoreCard({
      account: { icpFit: 0.8, owners: [], identifiers: {} },
      tenant: tenantDefaults,
      signals: [
        {
          category: "leadership_change",
          type: "filing",
          occurredAt: now,
          receivedAt: now,
          reliability: 0.95,
          publisher: "SEC",
          relevance: 0.94,
        },
      ],
      verifiedClaims: 1,
      claims: 2,
      hasPlaybook: true,
      assets: 1,
      now,
    }),
    playbook: { id: "new-leader", title: "New leader", action: "Call them." },
    assets: [{ id: "a1", title: "Onboarding", url: "https://example.com/a1" }],
    outreach: [{ channel: "email", subject: "The board", body: "Dear ..." }],
    writer: { name: "extractive", model: null },
    gaps: [],
    receipt: toReceipt(claims, evidence),
  };
}
