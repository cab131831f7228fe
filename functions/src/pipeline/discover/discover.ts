import type { Account } from "../../domain/accounts/account.ts";
import * as at from "../../domain/collections.ts";
import type { Unstamped } from "../../domain/kernel/document.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import { SignalId, type TenantId } from "../../domain/kernel/ids.ts";
import { inboxItemOf } from "../../domain/cards/inbox.ts";
import { happenedAt } from "../../domain/signals/occurrence.ts";
import { type Opportunity } from "../../domain/cards/opportunity.ts";
import { firstReview, move } from "../../domain/cards/transitions.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import type { Tenant } from "../../domain/tenants/tenant.ts";
import { topics } from "../../domain/messages/topics.ts";
import type { Job, Outcome, Stage } from "../../ports/stage.ts";
import { create, put, type Read, update } from "../../ports/store.ts";
import type { Deps } from "../../ports/deps.ts";
import { related } from "./related.ts";
import {
  type SourceText,
  writeCardOrFallBack,
  type Written,
} from "./writeCard.ts";
import { textOf } from "../snapshots.ts";

/** How many of a card's own signals are read for it; the newest. */
const signalsPerCard = 6;

type Needs =
  | "store"
  | "clock"
  | "embedder"
  | "vectors"
  | "writer"
  | "fallbackWriter"
  | "log";

/**
 * Writes the card of one opportunity from its signals, or writes it anew when there is more to say or a
 * person asked for a better one, and puts it before its audience: card, evidence and inbox in one commit.
 */
export const discover: Stage<"signal-qualified", Needs> = {
  topic: "signal-qualified",
  run: async (job, deps) => {
    const { tenantId, payload } = job;
    const [tenant, account, existing] = await Promise.all([
      deps.store.read(at.tenant(tenantId)),
      deps.store.read(at.account(tenantId, payload.accountId)),
      deps.store.read(at.opportunity(tenantId, payload.opportunityId)),
    ]);
    if (tenant === null || account === null)
      throw new PermanentError(
        "not-found",
        `The account ${payload.accountId} does not exist.`,
      );
    const signals = await signalsOf(job, existing, deps);
    const settled = whyNot(job, existing);
    if (settled !== null)
      return {
        // A draft that came too late says nothing of signals that are on the card.
        decisions:
          payload.refined === null
            ? signals.own.map((read) => dropped(read, settled))
            : [],
        skipped: settled,
      };

    const [gathered, own] = await Promise.all([
      related(
        {
          tenantId,
          job,
          main: signals.all[0],
          known: signals.all.map(({ id }) => id),
        },
        deps,
      ),
      withTexts(tenantId, signals.all, deps),
    ]);
    const others = await withTexts(tenantId, gathered.signals, deps);
    const sources = [...own, ...others];
    const note =
      existing?.data.state.status === "draft" ? existing.data.state.note : null;
    const { maxAttempts } = topics["signal-qualified"];
    const written = await writeCardOrFallBack(
      {
        tenantId,
        tenant: tenant.data,
        account: account.data,
        sources,
        own: signals.all.length,
        ...gathered,
        note,
      },
      job.message.attempts + 1 >= maxAttempts,
      { ...deps, abort: job.signal },
    );
    if (written === null) {
      if (payload.refined !== null)
        throw new PermanentError(
          "bad-card",
          "No sentence of the evidence could be verified for a new draft.",
        );
      return {
        decisions: signals.own.map((read) => dropped(read, "no-evidence")),
        skipped: "no-evidence",
      };
    }
    return present(
      job,
      {
        tenant: tenant.data,
        account: account.data,
        existing,
        signals,
        written,
      },
      deps,
    );
  },

  whenParked: async ({ tenantId, payload, error }, { store }) => {
    const existing = await store.read(
      at.opportunity(tenantId, payload.opportunityId),
    );
    if (existing?.data.state.status !== "draft") return {};
    return {
      writes: [
        update(existing, {
          state: { ...existing.data.state, waiting: error.message },
        }),
      ],
    };
  },
};

interface Signals {
  /** The signals that this message brings. */
  readonly own: readonly Read<Signal>[];
  /** Those and the card's earlier ones, the most relevant first. */
  readonly all: readonly Read<Signal>[];
}

async function signalsOf(
  { tenantId, payload }: Job<"signal-qualified">,
  existing: Read<Opportunity> | null,
  { store }: Pick<Deps, "store">,
): Promise<Signals> {
  const ids = [
    ...new Set([...payload.signalIds, ...(existing?.data.signalIds ?? [])]),
  ];
  const reads = (
    await store.readAll(ids.map((id) => at.signal(tenantId, id)))
  ).filter((read) => read !== null);
  const all = reads.sort(
    (a, b) =>
      b.data.relevance - a.data.relevance ||
      happenedAt(b.data).getTime() - happenedAt(a.data).getTime() ||
      a.id.localeCompare(b.id),
  );
  const own = all.filter(({ id }) =>
    payload.signalIds.some((wanted) => wanted === id),
  );
  if (own.length === 0)
    throw new PermanentError(
      "not-found",
      `The signals of ${payload.opportunityId} do not exist.`,
    );
  return { own, all: all.slice(0, signalsPerCard) };
}

/** Why there is nothing to write: a person has decided, or has asked for another draft since. */
function whyNot(
  { payload }: Job<"signal-qualified">,
  existing: Read<Opportunity> | null,
): "already-decided" | null {
  if (payload.refined !== null) {
    const asked =
      existing?.data.state.status === "draft" &&
      existing.data.version === payload.refined.version;
    return asked ? null : "already-decided";
  }
  if (existing === null) return null;
  return ["in_review", "draft", "snoozed"].includes(existing.data.state.status)
    ? null
    : "already-decided";
}

async function withTexts(
  tenantId: TenantId,
  signals: readonly Read<Signal>[],
  deps: Pick<Deps, "store">,
): Promise<readonly SourceText[]> {
  return Promise.all(
    signals.map(async (read) => ({
      id: SignalId.parse(read.id),
      data: read.data,
      text: await textOf(tenantId, read.data.snapshotId, deps),
    })),
  );
}

interface Presented {
  readonly tenant: Tenant;
  readonly account: Account;
  readonly existing: Read<Opportunity> | null;
  readonly signals: Signals;
  readonly written: Written;
}

function present(
  job: Job<"signal-qualified">,
  { tenant, account, existing, signals, written }: Presented,
  deps: Pick<Deps, "clock">,
): Outcome {
  const { tenantId, payload } = job;
  const { opportunityId, accountId, playbookId, clusterId } = payload;
  const now = deps.clock.now();
  const [main] = signals.all;
  if (main === undefined)
    throw new PermanentError(
      "not-found",
      `The signals of ${opportunityId} do not exist.`,
    );
  const before = existing?.data;
  const shown =
    before === undefined
      ? firstReview(tenant.reviewHours, now)
      : move(before, { kind: "present", reviewHours: tenant.reviewHours }, now);
  if (!shown.ok) return { skipped: shown.why };
  const opportunity: Unstamped<Opportunity> = {
    accountId,
    accountName: account.name,
    audience: account.audience,
    provenance: account.provenance,
    category: main.data.category,
    sources: [...new Set(signals.all.map(({ data }) => data.source))].sort(),
    clusterId,
    signalIds: [
      ...new Set([...(before?.signalIds ?? []), ...payload.signalIds]),
    ].slice(-20),
    playbookId,
    card: written.card,
    state: shown.state,
    version: (before?.version ?? 0) + 1,
    receivedAt: before?.receivedAt ?? earliest(signals.own),
    traceId: job.message.traceId,
  };
  const { version, state } = opportunity;
  const ref = at.opportunity(tenantId, opportunityId);
  const dueAt = state.status === "in_review" ? state.dueAt : now;
  const what =
    before === undefined
      ? "written"
      : payload.refined === null
        ? "more evidence"
        : "rewritten";
  return {
    writes: [
      existing === null
        ? create(ref, opportunity)
        : update(existing, opportunity),
      put(at.cardEvidence(tenantId, opportunityId), {
        quotes: Object.fromEntries(
          written.evidence.map(({ id, data }) => [id, data]),
        ),
      }),
      put(at.inboxItem(tenantId, opportunityId), inboxItemOf(opportunity)),
      create(at.historyEntry(tenantId, opportunityId, `v${version}`), {
        at: now,
        by: "system:signal-qualified",
        what,
        from: before?.state.status ?? null,
        to: state.status,
        version,
        note: null,
      }),
    ],
    audit: [
      {
        action: before === undefined ? "CREATE" : "UPDATE",
        entity: { kind: "opportunity", id: opportunityId },
        before:
          before === undefined
            ? null
            : {
                status: before.state.status,
                version: before.version,
                receipt: before.card.receipt,
              },
        after: {
          status: state.status,
          version,
          receipt: written.card.receipt,
          score: written.card.score.total,
        },
        reason: what,
      },
    ],
    emits: [
      {
        topic: "review-deadline",
        payload: { accountId, opportunityId, version },
        runAt: dueAt,
      },
    ],
  };
}

function earliest(signals: readonly Read<Signal>[]): Date {
  return new Date(
    Math.min(...signals.map(({ data }) => data.receivedAt.getTime())),
  );
}

function dropped(
  read: Read<Signal>,
  reason: "already-decided" | "no-evidence",
) {
  const { accountId, audience, url, title } = read.data;
  return {
    accountId,
    audience,
    stage: "discover",
    itemId: read.id,
    signalId: read.id,
    url,
    title,
    verdict: "dropped",
    reason,
    detail: "",
    setting: null,
  } as const;
}
