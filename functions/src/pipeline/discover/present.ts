import type { Account } from "../../domain/accounts/account.ts";
import { toInboxItem } from "../../domain/cards/inbox.ts";
import type { Opportunity } from "../../domain/cards/opportunity.ts";
import { firstReview, move } from "../../domain/cards/transitions.ts";
import * as at from "../../domain/collections.ts";
import type { Unstamped } from "../../domain/kernel/document.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import type { Tenant } from "../../domain/tenants/tenant.ts";
import type { Job, Outcome } from "../../ports/stage.ts";
import { create, put, type Read, update } from "../../ports/store.ts";
import type { CardSignals } from "./gather.ts";
import type { WrittenCard } from "./writeCard.ts";

/** A card as written, with what it was written from. */
interface NewCard {
  readonly tenant: Tenant;
  readonly account: Account;
  readonly existing: Read<Opportunity> | null;
  readonly signals: CardSignals;
  readonly written: WrittenCard;
}

/** The most signals that a card names; it keeps the newest. */
const maxSignals = 20;

/** Puts a written card before its audience: opportunity, evidence, inbox, history, audit and review deadline. */
export function present(
  job: Job<"signal-qualified">,
  card: NewCard,
  now: Date,
): Outcome {
  const { tenantId, payload } = job;
  const { opportunityId, accountId } = payload;
  const { existing, written } = card;
  const before = existing?.data ?? null;
  const { reviewHours } = card.tenant;
  const reviewed =
    before === null
      ? firstReview(reviewHours, now)
      : move(before, { kind: "present", reviewHours }, now);
  if (!reviewed.ok) return { skipped: reviewed.why };

  const { state } = reviewed;
  const after = toOpportunity(job, card, state);
  const { version } = after;
  const ref = at.opportunity(tenantId, opportunityId);
  const reason = whyWritten(job, before);
  return {
    writes: [
      existing === null ? create(ref, after) : update(existing, after),
      put(at.cardEvidence(tenantId, opportunityId), {
        quotes: Object.fromEntries(
          written.evidence.map(({ id, data }) => [id, data]),
        ),
      }),
      put(at.inboxItem(tenantId, opportunityId), toInboxItem(after)),
      create(at.historyEntry(tenantId, opportunityId, `v${version}`), {
        at: now,
        by: "system:signal-qualified",
        what: reason,
        from: before?.state.status ?? null,
        to: state.status,
        version,
        note: null,
      }),
    ],
    audit: [
      {
        action: before === null ? "CREATE" : "UPDATE",
        entity: { kind: "opportunity", id: opportunityId },
        before: before === null ? null : auditFacts(before),
        after: { ...auditFacts(after), score: written.card.score.total },
        reason,
      },
    ],
    emits: [
      {
        topic: "review-deadline",
        payload: { accountId, opportunityId, version },
        runAt: state.status === "in_review" ? state.dueAt : now,
      },
    ],
  };
}

function toOpportunity(
  { payload, message }: Job<"signal-qualified">,
  { account, existing, signals, written }: NewCard,
  state: Opportunity["state"],
): Unstamped<Opportunity> {
  const { accountId, playbookId, clusterId } = payload;
  const before = existing?.data;
  const [main] = signals.all;
  if (main === undefined)
    throw new PermanentError(
      "not-found",
      `The signals of ${payload.opportunityId} do not exist.`,
    );
  return {
    accountId,
    accountName: account.name,
    audience: account.audience,
    provenance: account.provenance,
    category: main.data.category,
    sources: [...new Set(signals.all.map(({ data }) => data.source))].sort(),
    clusterId,
    signalIds: [
      ...new Set([...(before?.signalIds ?? []), ...payload.signalIds]),
    ].slice(-maxSignals),
    playbookId,
    card: written.card,
    state,
    version: (before?.version ?? 0) + 1,
    receivedAt: before?.receivedAt ?? earliestReceipt(signals.own),
    traceId: message.traceId,
  };
}

function whyWritten(
  { payload }: Job<"signal-qualified">,
  before: Opportunity | null,
): string {
  if (before === null) return "written";
  return payload.refined === null ? "more evidence" : "rewritten";
}

function auditFacts({ state, version, card }: Unstamped<Opportunity>) {
  return { status: state.status, version, receipt: card.receipt };
}

function earliestReceipt(signals: readonly Read<Signal>[]): Date {
  const times = signals.map(({ data }) => data.receivedAt.getTime());
  return new Date(Math.min(...times));
}
