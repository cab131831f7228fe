import { noAnnotations } from "../../../../functions/src/domain/signals/annotations.ts";
import type { Activation } from "../../../../functions/src/domain/crm/activation.ts";
import type { DecisionRecord } from "../../../../functions/src/domain/signals/decisionRecord.ts";
import {
  AccountId,
  OpportunityId,
  SnapshotId,
} from "../../../../functions/src/domain/kernel/ids.ts";
import type { InboxItem } from "../../../../functions/src/domain/cards/inbox.ts";
import type { HistoryEntry } from "../../../../functions/src/domain/cards/opportunity.ts";
import type { Signal } from "../../../../functions/src/domain/signals/signal.ts";
import type { Parts } from "../../../../web/src/features/accounts/timeline/timeline.ts";
import type { WithId } from "../../../../web/src/lib/firestore/live.ts";

/** So many minutes after the start of the day that these tests play on. */
export const minutes = (n: number) => new Date(Date.UTC(2026, 10, 20, 0, n));

const accountId = AccountId.parse("globex");
const stamps = (n: number) =>
  ({
    schemaVersion: 1,
    createdAt: minutes(n),
    updatedAt: minutes(n),
  }) as const;
const ofAccount = { accountId, audience: ["u:ann"] };
const nothing = { items: [], hasMore: false };

/** An account at which nothing has happened. */
export const noParts: Parts = {
  signals: nothing,
  cards: nothing,
  records: nothing,
  activations: nothing,
  histories: new Map(),
};

export function aSeenSignal(
  id: string,
  at: number,
  facts: Partial<Signal> = {},
): WithId<Signal> {
  return {
    id,
    ...stamps(at),
    ...ofAccount,
    provenance: "live",
    source: "rss",
    type: "news",
    category: "funding",
    title: "Globex raises money",
    publisher: "The Herald",
    url: "https://herald.example/globex",
    language: "en",
    occurredAt: minutes(at - 5),
    fetchedAt: minutes(at),
    licence: "test",
    relevance: 0.9,
    reliability: 0.8,
    snapshotId: SnapshotId.parse("0".repeat(64)),
    clusterId: id,
    facts: {},
    author: null,
    keys: [],
    annotations: noAnnotations,
    themes: [],
    sketch: null,
    duplicateOf: null,
    status: "qualified",
    embeddedWith: null,
    unfoldedAt: null,
    receivedAt: minutes(at),
    traceId: "trace",
    runId: null,
    ...facts,
  };
}

export function aCard(id: string, at: number): WithId<InboxItem> {
  return {
    id,
    ...stamps(at),
    ...ofAccount,
    accountName: "Globex",
    title: "Funding: Globex raises money",
    summary: "It has money now.",
    category: "funding",
    sources: ["rss"],
    score: 70,
    urgency: 50,
    status: "in_review",
    escalated: false,
    dueAt: null,
    undoUntil: null,
    snoozedUntil: null,
    claims: 2,
    version: 1,
    receivedAt: minutes(0),
  };
}

export function aStep(
  id: string,
  at: number,
  facts: Partial<HistoryEntry> = {},
): WithId<HistoryEntry> {
  return {
    id,
    ...stamps(at),
    at: minutes(at),
    by: "system:signal-qualified",
    what: "written",
    from: null,
    to: "in_review",
    version: 1,
    note: null,
    ...facts,
  };
}

export function aRecord(
  id: string,
  at: number,
  facts: Partial<DecisionRecord> = {},
): WithId<DecisionRecord> {
  return {
    id,
    ...stamps(at),
    ...ofAccount,
    stage: "ingest",
    itemId: id,
    signalId: null,
    url: null,
    title: "Globex sponsors a marathon",
    verdict: "dropped",
    reason: "duplicate",
    detail: "",
    setting: null,
    traceId: "trace",
    ...facts,
  };
}

export function anActivation(id: string, at: number): WithId<Activation> {
  return {
    id,
    ...stamps(at),
    ...ofAccount,
    opportunityId: OpportunityId.parse("c1"),
    crm: "hubspot",
    approvedVersion: 1,
    contentHash: "hash",
    state: "done",
    externalId: "clientpulse-c1-v1",
    recordId: "1",
    link: "https://crm.example/1",
    error: null,
    inverse: null,
    revision: 1,
    provenance: "live",
  };
}
