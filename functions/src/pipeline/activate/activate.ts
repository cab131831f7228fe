import {
  type Activation,
  CrmName,
  externalIdOf,
  isConnected,
} from "../../domain/crm/activation.ts";
import * as at from "../../domain/collections.ts";
import type { Unstamped } from "../../domain/kernel/document.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import {
  contentHashOf,
  type Opportunity,
} from "../../domain/cards/opportunity.ts";
import { move } from "../../domain/cards/transitions.ts";
import { notConnected, taskOf, whyNotWritten } from "./crmTask.ts";
import type { Outcome, Stage } from "../../ports/stage.ts";
import { create, type Read, update } from "../../ports/store.ts";
import { changed } from "../review/review.ts";

/** Turns an approval that was not taken back into one write for each CRM that the tenant has connected. */
export const activate: Stage<
  "opportunity-approved",
  "store" | "clock" | "crmOwners"
> = {
  topic: "opportunity-approved",
  run: async ({ tenantId, payload }, { store, clock, crmOwners }) => {
    const read = await store.read(
      at.opportunity(tenantId, payload.opportunityId),
    );
    if (
      read?.data.state.status !== "approved" ||
      read.data.state.version !== payload.version
    ) {
      return { skipped: "the approval was withdrawn" };
    }
    const now = clock.now();
    const begun = move(read.data, { kind: "activate" }, now);
    if (!begun.ok) return { skipped: begun.why };
    const states = CrmName.options.map((crm) => ({
      crm,
      state: isConnected(crmOwners[crm], tenantId)
        ? ("pending" as const)
        : ("not_connected" as const),
    }));
    const moved = move(
      { ...read.data, state: begun.state },
      { kind: "settle", activations: states },
      now,
    );
    if (!moved.ok) return { skipped: moved.why };
    const { contentHash } = read.data.state;
    const after = { ...read.data, state: moved.state };
    const written = states.filter(({ state }) => state === "pending");
    return {
      writes: [
        ...changed(
          { tenantId, read, after },
          {
            by: "system:opportunity-approved",
            what: moved.state.status,
            note: null,
            now,
          },
        ),
        ...states.map(({ crm, state }) =>
          create(at.activation(tenantId, payload.opportunityId, crm), {
            ...pending(read, crm, { ...payload, contentHash }),
            state,
          }),
        ),
      ],
      emits: written.map(({ crm }) => ({
        topic: "crm-write",
        payload: { ...payload, crm },
      })),
    };
  },
};

function pending(
  read: Read<Opportunity>,
  crm: CrmName,
  {
    opportunityId,
    version,
    contentHash,
  }: {
    readonly opportunityId: Activation["opportunityId"];
    readonly version: number;
    readonly contentHash: string;
  },
): Unstamped<Activation> {
  const { accountId, audience, provenance } = read.data;
  return {
    opportunityId,
    accountId,
    audience,
    provenance,
    crm,
    approvedVersion: version,
    contentHash,
    state: "pending",
    externalId: externalIdOf(opportunityId, version),
    recordId: null,
    link: null,
    error: null,
    inverse: null,
    revision: 1,
  };
}

/** Writes one approved card to one CRM, if at this very moment the approval still stands for this very content. */
export const crmWrite: Stage<
  "crm-write",
  "store" | "clock" | "crms" | "crmProvenance" | "crmOwners"
> = {
  topic: "crm-write",
  pace: ({ crm }, { crms }) => crms[crm].pace,
  run: async ({ tenantId, payload, message, signal, stillMine }, deps) => {
    const { opportunityId, accountId, crm, version } = payload;
    const [activation, opportunity, account] = await Promise.all([
      deps.store.read(at.activation(tenantId, opportunityId, crm)),
      deps.store.read(at.opportunity(tenantId, opportunityId)),
      deps.store.read(at.account(tenantId, accountId)),
    ]);
    if (activation === null || opportunity === null || account === null)
      throw new PermanentError(
        "not-found",
        `The card ${opportunityId} is gone.`,
      );
    if (activation.data.state === "done")
      return { skipped: "it was written before" };
    const approvedAt = momentOfApproval(
      activation.data,
      opportunity.data,
      version,
    );
    const { provenance, externalId } = activation.data;
    // The owner may have changed since the card was approved.
    if (!isConnected(deps.crmOwners[crm], tenantId))
      throw new PermanentError("not-connected", notConnected(crm));
    const why = whyNotWritten(provenance, deps.crmProvenance[crm]);
    if (why !== null) throw new PermanentError("not-live", why);
    await stillMine();
    const receipt = await deps.crms[crm].upsertTask(
      {
        ...taskOf(
          { externalId, crm, approvedAt },
          { card: opportunity.data.card, account: account.data },
        ),
        approvedAt,
        // A retry by hand begins anew with the message, and goes on with the activation.
        again:
          message.error !== null ||
          message.starts > 1 ||
          activation.data.revision > 1,
        msSinceLastTry:
          message.error === null
            ? null
            : Math.max(
                0,
                deps.clock.now().getTime() - message.error.at.getTime(),
              ),
      },
      signal,
    );
    const revision = activation.data.revision + 1;
    const { recordId, link } = receipt;
    return {
      writes: [
        update(activation, {
          state: "done",
          recordId,
          link,
          error: null,
          inverse: { operation: "delete", recordId },
          revision,
        }),
      ],
      audit: [
        {
          action: "ACTIVATE",
          entity: { kind: "activation", id: activation.id },
          before: { state: activation.data.state },
          after: {
            state: "done",
            crm,
            recordId,
            externalId,
            ...(receipt.duplicates.length === 0
              ? {}
              : { duplicates: receipt.duplicates }),
          },
          reason: null,
        },
      ],
      emits: [
        { topic: "activation-settled", payload: { ...payload, revision } },
      ],
    };
  },

  whenParked: async (
    { tenantId, payload, error },
    { store },
  ): Promise<Outcome> => {
    const activation = await store.read(
      at.activation(tenantId, payload.opportunityId, payload.crm),
    );
    if (activation === null || activation.data.state === "done") return {};
    const revision = activation.data.revision + 1;
    const changes =
      error.code === "not-connected"
        ? { state: "not_connected" as const, error: null }
        : { state: "failed" as const, error };
    return {
      writes: [update(activation, { ...changes, revision })],
      audit: [
        {
          action: "ACTIVATE",
          entity: { kind: "activation", id: activation.id },
          before: { state: activation.data.state },
          after: { state: changes.state, crm: payload.crm },
          reason: error.message,
        },
      ],
      emits: [
        { topic: "activation-settled", payload: { ...payload, revision } },
      ],
    };
  },
};

/** When the card was approved, if the approval still stands for this very content. */
function momentOfApproval(
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
    contentHashOf(card) === state.contentHash;
  if (stands) return state.at;
  throw new PermanentError(
    "not-approved",
    "The card is not what was approved, or its approval no longer stands.",
  );
}

/** Brings the card's status in line with what its CRM writes have come to. */
export const settle: Stage<"activation-settled", "store" | "clock"> = {
  topic: "activation-settled",
  run: async ({ tenantId, payload }, { store, clock }) => {
    const [read, ...activations] = await Promise.all([
      store.read(at.opportunity(tenantId, payload.opportunityId)),
      ...CrmName.options.map((crm) =>
        store.read(at.activation(tenantId, payload.opportunityId, crm)),
      ),
    ]);
    if (read === null)
      throw new PermanentError(
        "not-found",
        `The card ${payload.opportunityId} is gone.`,
      );
    const states = activations
      .filter((activation) => activation !== null)
      .map(({ data }) => data);
    const now = clock.now();
    const moved = move(read.data, { kind: "settle", activations: states }, now);
    if (!moved.ok) return { skipped: moved.why };
    if (moved.state.status === read.data.state.status)
      return { skipped: "the status stays as it is" };
    const after = { ...read.data, state: moved.state };
    // Named by how far both CRMs are together, so that it does not matter which came last.
    const what = `${moved.state.status}_${states.reduce((sum, { revision }) => sum + revision, 0)}`;
    return {
      writes: changed(
        { tenantId, read, after },
        { by: "system:activation-settled", what, note: null, now },
      ),
    };
  },
};
