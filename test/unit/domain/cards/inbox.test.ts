import { describe, expect, it } from "vitest";
import type { Unstamped } from "../../../../functions/src/domain/kernel/document.ts";
import { AccountId, Uid } from "../../../../functions/src/domain/kernel/ids.ts";
import {
  InboxItem,
  toInboxItem,
} from "../../../../functions/src/domain/cards/inbox.ts";
import { addMs } from "../../../../functions/src/domain/kernel/instant.ts";
import {
  Opportunity,
  OpportunityState,
} from "../../../../functions/src/domain/cards/opportunity.ts";
import { aCard, now } from "./aCard.ts";

const stamp = { schemaVersion: 1, createdAt: now, updatedAt: now };
const due = addMs(now, 5000);

function anOpportunity(
  changes: Partial<Opportunity> = {},
): Unstamped<Opportunity> {
  return {
    accountId: AccountId.parse("meta"),
    accountName: "Meta",
    audience: ["u:ann"],
    provenance: "live",
    category: "leadership_change",
    sources: ["sec"],
    clusterId: "c",
    signalIds: aCard().evidence.map(({ signalId }) => signalId),
    playbookId: "new-leader",
    card: aCard(),
    state: { status: "in_review", dueAt: due, escalatedAt: null },
    version: 3,
    receivedAt: now,
    traceId: "t",
    ...changes,
  };
}

describe("a card as the inbox lists it", () => {
  it("is a slim copy that fits its schema", () => {
    const opportunity = anOpportunity();
    expect(
      Opportunity.safeParse({ ...stamp, ...opportunity }).error,
    ).toBeUndefined();
    const item = toInboxItem(opportunity);
    expect(InboxItem.parse({ ...stamp, ...item })).toMatchObject({
      accountName: "Meta",
      audience: ["u:ann"],
      title: opportunity.card.title,
      score: opportunity.card.score.total,
      urgency: 100,
      status: "in_review",
      escalated: false,
      dueAt: due,
      undoUntil: null,
      claims: 2,
      version: 3,
      receivedAt: now,
    });
    expect(JSON.stringify(item)).not.toContain("receipt");
  });

  it("shows until when it is put aside; what was kept before that could be said is not", () => {
    const by = Uid.parse("ann");
    const state = { status: "snoozed", by, at: now, until: due, reason: "" };
    const item = toInboxItem(
      anOpportunity({ state: OpportunityState.parse(state) }),
    );
    expect(item).toMatchObject({ status: "snoozed", snoozedUntil: due });
    expect(toInboxItem(anOpportunity()).snoozedUntil).toBeNull();
    const { snoozedUntil: _, ...older } = item;
    expect(InboxItem.parse({ ...stamp, ...older }).snoozedUntil).toBeNull();
  });

  it("shows the due time in review, who has it, and the end of the ten seconds when approved", () => {
    const approval = {
      by: Uid.parse("ann"),
      at: now,
      version: 4,
      contentHash: "h",
    };
    const of = (state: Opportunity["state"]) => {
      const { status, escalated, dueAt, undoUntil } = toInboxItem(
        anOpportunity({ state }),
      );
      return { status, escalated, dueAt, undoUntil };
    };
    expect(of({ status: "in_review", dueAt: due, escalatedAt: now })).toEqual({
      status: "in_review",
      escalated: true,
      dueAt: due,
      undoUntil: null,
    });
    expect(of({ status: "approved", ...approval, undoUntil: due })).toEqual({
      status: "approved",
      escalated: false,
      dueAt: null,
      undoUntil: due,
    });
    expect(of({ status: "activating", ...approval })).toEqual({
      status: "activating",
      escalated: false,
      dueAt: null,
      undoUntil: null,
    });
  });

  it("cuts a long summary at 280 characters, never through the middle of one", () => {
    const summary = (text: string) =>
      toInboxItem(anOpportunity({ card: { ...aCard(), summary: text } }))
        .summary;
    expect(summary("x".repeat(281))).toBe("x".repeat(280));
    expect(summary(`${"x".repeat(279)}🚀 and so on`)).toBe("x".repeat(279));
    expect(summary(`${"x".repeat(278)}🚀`)).toBe(`${"x".repeat(278)}🚀`);
  });
});
