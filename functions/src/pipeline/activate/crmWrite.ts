import { type Activation, isConnected } from "../../domain/crm/activation.ts";
import * as at from "../../domain/collections.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import { hashCard, type Opportunity } from "../../domain/cards/opportunity.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Job, Outcome, ParkedJob, Stage } from "../../ports/stage.ts";
import { need, type Read, update } from "../../ports/store.ts";
import { notConnectedMessage, toCrmTask, whyNotWritten } from "./crmTask.ts";

type Needs = "store" | "clock" | "crms" | "crmProvenance" | "crmOwners";

/** Writes one approved card to one CRM, provided that the approval still stands for exactly this content. */
export const crmWrite: Stage<"crm-write", Needs> = {
  topic: "crm-write",
  pace: ({ crm }, { crms }) => crms[crm].pace,
  run: writeToCrm,
  whenParked: recordFailedWrite,
};

async function writeToCrm(
  job: Job<"crm-write">,
  deps: Pick<Deps, Needs>,
): Promise<Outcome> {
  const { tenantId, payload } = job;
  const { opportunityId, accountId, crm, version } = payload;
  const [activation, { data: opportunity }, account] = await Promise.all([
    need(at.activation(tenantId, opportunityId, crm), deps.store),
    need(at.opportunity(tenantId, opportunityId), deps.store),
    need(at.account(tenantId, accountId), deps.store),
  ]);
  if (activation.data.state === "done")
    return { skipped: "it was written before" };
  const approvedAt = approvalMoment(activation.data, opportunity, version);
  const { provenance, externalId } = activation.data;
  // The owner may have changed since the card was approved.
  if (!isConnected(deps.crmOwners[crm], tenantId))
    throw new PermanentError("not-connected", notConnectedMessage(crm));
  const why = whyNotWritten(provenance, deps.crmProvenance[crm]);
  if (why !== null) throw new PermanentError("not-live", why);

  const task = toCrmTask(
    { externalId, crm, approvedAt },
    { card: opportunity.card, account: account.data },
  );
  await job.assertLease();
  const receipt = await deps.crms[crm].upsertTask(
    {
      ...task,
      approvedAt,
      ...earlierTries(job, activation.data, deps.clock.now()),
    },
    job.abortSignal,
  );
  return recordWrite(job, activation, receipt);
}

/** What the CRM's adapter needs to know of earlier tries. */
function earlierTries(
  { message: { error, starts } }: Job<"crm-write">,
  { revision }: Activation,
  now: Date,
) {
  return {
    // A manual retry starts a new message but continues the activation.
    again: error !== null || starts > 1 || revision > 1,
    msSinceLastTry:
      error === null ? null : Math.max(0, now.getTime() - error.at.getTime()),
  };
}

function recordWrite(
  { payload }: Job<"crm-write">,
  activation: Read<Activation>,
  {
    recordId,
    link,
    duplicates,
  }: Awaited<ReturnType<Deps["crms"]["hubspot"]["upsertTask"]>>,
): Outcome {
  const { externalId } = activation.data;
  return toSettlement(payload, activation, {
    changes: {
      state: "done",
      recordId,
      link,
      error: null,
      inverse: { operation: "delete", recordId },
    },
    facts: {
      recordId,
      externalId,
      ...(duplicates.length === 0 ? {} : { duplicates }),
    },
    reason: null,
  });
}

async function recordFailedWrite(
  { tenantId, payload, error }: ParkedJob<"crm-write">,
  { store }: Pick<Deps, "store">,
): Promise<Outcome> {
  const activation = await store.read(
    at.activation(tenantId, payload.opportunityId, payload.crm),
  );
  if (activation === null || activation.data.state === "done") return {};
  return toSettlement(payload, activation, {
    changes:
      error.code === "not-connected"
        ? { state: "not_connected", error: null }
        : { state: "failed", error },
    facts: {},
    reason: error.message,
  });
}

/** The result of a write: the activation's new state, its audit entry, and the message that settles the card. */
function toSettlement(
  payload: Job<"crm-write">["payload"],
  activation: Read<Activation>,
  {
    changes,
    facts,
    reason,
  }: {
    readonly changes: Partial<Activation> & Pick<Activation, "state">;
    readonly facts: Readonly<Record<string, unknown>>;
    readonly reason: string | null;
  },
): Outcome {
  const revision = activation.data.revision + 1;
  const { state } = changes;
  return {
    writes: [update(activation, { ...changes, revision })],
    audit: [
      {
        action: "ACTIVATE",
        entity: { kind: "activation", id: activation.id },
        before: { state: activation.data.state },
        after: { state, crm: payload.crm, ...facts },
        reason,
      },
    ],
    emits: [{ topic: "activation-settled", payload: { ...payload, revision } }],
  };
}

/** When the card was approved, if the approval still stands for exactly this content. */
function approvalMoment(
  activation: Activation,
  opportunity: Opportunity,
  version: number,
): Date {
  const { state, card } = opportunity;
  const stands =
    "contentHash" in state &&
    state.status !== "approved" &&
    state.version === version &&
    activation.approvedVersion === version &&
    state.contentHash === activation.contentHash &&
    hashCard(card) === state.contentHash;
  if (stands) return state.at;
  throw new PermanentError(
    "not-approved",
    "The card is not what was approved, or its approval no longer stands.",
  );
}
