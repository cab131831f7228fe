import * as at from "../../domain/collections.ts";
import type { Opportunity } from "../../domain/cards/opportunity.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import { topics } from "../../domain/messages/topics.ts";
import { toSignalDecisionRecord } from "../../domain/signals/decisionRecord.ts";
import type { Job, Outcome, ParkedJob, Stage } from "../../ports/stage.ts";
import { need, type Read, update } from "../../ports/store.ts";
import type { Deps } from "../../ports/deps.ts";
import { type CardSignals, findSignals, gather } from "./gather.ts";
import { present } from "./present.ts";
import { writeCardOrFallBack } from "./writeCard.ts";

type Needs =
  | "store"
  | "recent"
  | "clock"
  | "embedder"
  | "vectors"
  | "writer"
  | "fallbackWriter"
  | "log";

/**
 * Writes an opportunity's card from its signals, or rewrites it when there is more evidence or a person asked for a
 * better one, and puts it before its audience: card, evidence and inbox in one commit.
 */
export const discover: Stage<"signal-qualified", Needs> = {
  topic: "signal-qualified",
  run: discoverOpportunity,
  whenParked: recordWaiting,
};

async function discoverOpportunity(
  job: Job<"signal-qualified">,
  deps: Pick<Deps, Needs>,
): Promise<Outcome> {
  const { tenantId, payload } = job;
  const [{ data: tenant }, { data: account }, existing] = await Promise.all([
    need(at.tenant(tenantId), deps.recent),
    need(at.account(tenantId, payload.accountId), deps.recent),
    deps.store.read(at.opportunity(tenantId, payload.opportunityId)),
  ]);
  const signals = await findSignals(job, existing, deps);
  if (isDecided(job, existing)) return endDecided(job, signals);

  if (deps.writer.model !== null || deps.embedder.reachesOut)
    await job.takeLease();
  const material = await gather(job, { existing, signals }, deps);
  const { maxAttempts } = topics["signal-qualified"];
  const written = await writeCardOrFallBack(
    { tenantId, tenant, account, ...material },
    job.message.attempts + 1 >= maxAttempts,
    { ...deps, abortSignal: job.abortSignal },
  );
  if (written === null) return endWithoutEvidence(job, signals);
  return present(
    job,
    { tenant, account, existing, signals, written },
    deps.clock.now(),
  );
}

/** Whether there is nothing to write, because a person has decided or has since asked for another draft. */
function isDecided(
  { payload: { refined } }: Job<"signal-qualified">,
  existing: Read<Opportunity> | null,
): boolean {
  if (existing === null) return refined !== null;
  const { state, version } = existing.data;
  if (refined !== null)
    return state.status !== "draft" || version !== refined.version;
  return !["in_review", "draft", "snoozed"].includes(state.status);
}

function endDecided(
  { payload }: Job<"signal-qualified">,
  signals: CardSignals,
): Outcome {
  // A draft that came too late is no reason to record anything about signals already on the card.
  if (payload.refined !== null) return { skipped: "already-decided" };
  return dropSignals(signals, "already-decided");
}

function endWithoutEvidence(
  { payload }: Job<"signal-qualified">,
  signals: CardSignals,
): Outcome {
  if (payload.refined !== null)
    throw new PermanentError(
      "bad-card",
      "No sentence of the evidence could be verified for a new draft.",
    );
  return dropSignals(signals, "no-evidence");
}

function dropSignals(
  { own }: CardSignals,
  reason: "already-decided" | "no-evidence",
): Outcome {
  return {
    decisions: own.map((read) =>
      toSignalDecisionRecord(read, {
        stage: "discover",
        verdict: "dropped",
        reason,
      }),
    ),
    skipped: reason,
  };
}

/** Records why a draft could not be written, for whoever waits for it. */
async function recordWaiting(
  { tenantId, payload, error }: ParkedJob<"signal-qualified">,
  { store }: Pick<Deps, "store">,
): Promise<Outcome> {
  const existing = await store.read(
    at.opportunity(tenantId, payload.opportunityId),
  );
  if (existing?.data.state.status !== "draft") return {};
  const state = { ...existing.data.state, waiting: error.message };
  return { writes: [update(existing, { state })] };
}
