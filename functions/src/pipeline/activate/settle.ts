import { CrmName } from "../../domain/crm/activation.ts";
import * as at from "../../domain/collections.ts";
import { move } from "../../domain/cards/transitions.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Job, Outcome, Stage } from "../../ports/stage.ts";
import { need } from "../../ports/store.ts";
import { writeChange } from "../review/review.ts";

type Needs = "store" | "clock";

/** Updates the card's status to the combined result of its CRM writes. */
export const settle: Stage<"activation-settled", Needs> = {
  topic: "activation-settled",
  run: settleActivations,
};

async function settleActivations(
  { tenantId, payload }: Job<"activation-settled">,
  { store, clock }: Pick<Deps, Needs>,
): Promise<Outcome> {
  const { opportunityId } = payload;
  const [read, ...reads] = await Promise.all([
    need(at.opportunity(tenantId, opportunityId), store),
    ...CrmName.options.map((crm) =>
      store.read(at.activation(tenantId, opportunityId, crm)),
    ),
  ]);
  const activations = reads.flatMap((one) => (one === null ? [] : [one.data]));
  const now = clock.now();
  const moved = move(read.data, { kind: "settle", activations }, now);
  if (!moved.ok) return { skipped: moved.why };
  const { status } = moved.state;
  if (status === read.data.state.status)
    return { skipped: "the status stays the same" };
  const after = { ...read.data, state: moved.state };
  // Named by the combined progress of both CRMs, so that it does not matter which finished last.
  const progress = activations.reduce((sum, { revision }) => sum + revision, 0);
  return {
    writes: writeChange(
      { tenantId, read, after },
      {
        by: "system:activation-settled",
        what: `${status}_${progress}`,
        note: null,
        now,
      },
    ),
  };
}
