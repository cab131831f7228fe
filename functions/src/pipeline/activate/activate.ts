import {
  type Activation,
  CrmName,
  toExternalId,
  isConnected,
} from "../../domain/crm/activation.ts";
import * as at from "../../domain/collections.ts";
import type { Unstamped } from "../../domain/kernel/document.ts";
import type { Opportunity } from "../../domain/cards/opportunity.ts";
import { move } from "../../domain/cards/transitions.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Job, Outcome, Stage } from "../../ports/stage.ts";
import { create } from "../../ports/store.ts";
import { writeChange } from "../review/review.ts";

type Needs = "store" | "clock" | "crmOwners";

/** Turns an approval that still stands into one write per CRM that the tenant has connected. */
export const activate: Stage<"opportunity-approved", Needs> = {
  topic: "opportunity-approved",
  run: startActivation,
};

async function startActivation(
  { tenantId, payload }: Job<"opportunity-approved">,
  { store, clock, crmOwners }: Pick<Deps, Needs>,
): Promise<Outcome> {
  const { opportunityId, version } = payload;
  const read = await store.read(at.opportunity(tenantId, opportunityId));
  if (
    read?.data.state.status !== "approved" ||
    read.data.state.version !== version
  )
    return { skipped: "the approval was withdrawn" };
  const { contentHash } = read.data.state;
  const now = clock.now();
  const activations = CrmName.options.map((crm) =>
    toActivation(read.data, {
      crm,
      opportunityId,
      version,
      contentHash,
      state: isConnected(crmOwners[crm], tenantId)
        ? "pending"
        : "not_connected",
    }),
  );
  const started = move(read.data, { kind: "activate" }, now);
  if (!started.ok) return { skipped: started.why };
  const { state } = started;
  const moved = move(
    { ...read.data, state },
    { kind: "settle", activations },
    now,
  );
  if (!moved.ok) return { skipped: moved.why };
  const after = { ...read.data, state: moved.state };
  const by = "system:opportunity-approved";
  return {
    writes: [
      ...writeChange(
        { tenantId, read, after },
        { by, what: moved.state.status, note: null, now },
      ),
      ...activations.map((activation) =>
        create(
          at.activation(tenantId, opportunityId, activation.crm),
          activation,
        ),
      ),
    ],
    emits: activations
      .filter((activation) => activation.state === "pending")
      .map(({ crm }) => ({ topic: "crm-write", payload: { ...payload, crm } })),
  };
}

function toActivation(
  { accountId, audience, provenance }: Opportunity,
  {
    version,
    ...of
  }: Pick<Activation, "opportunityId" | "crm" | "contentHash" | "state"> & {
    readonly version: number;
  },
): Unstamped<Activation> {
  return {
    ...of,
    accountId,
    audience,
    provenance,
    approvedVersion: version,
    externalId: toExternalId(of.opportunityId, version),
    recordId: null,
    link: null,
    error: null,
    inverse: null,
    revision: 1,
  };
}
