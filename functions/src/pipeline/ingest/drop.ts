import {
  type DecisionRecord,
  type NewDecisionRecord,
  toItemDecisionRecord,
} from "../../domain/signals/decisionRecord.ts";
import type { Outcome } from "../../ports/stage.ts";
import type { Resolved } from "./resolved.ts";

/** Why a received document does not become a signal. */
export interface Dropped {
  readonly reason: DecisionRecord["reason"];
  readonly detail: string;
}

/** The outcome for an account's document that is not kept: its decision record. */
export function drop(
  { job, account }: Pick<Resolved, "job" | "account">,
  { reason, detail }: Dropped,
): Outcome {
  const { item, accountId } = job.payload;
  const { audience } = account.data;
  return endWith(
    toItemDecisionRecord(
      item,
      { accountId, audience },
      { stage: "ingest", verdict: "dropped", reason, detail },
    ),
  );
}

/** The outcome for a document that goes no further: the record alone. */
export function endWith(decision: NewDecisionRecord): Outcome {
  const { reason, detail } = decision;
  return { decisions: [decision], skipped: `${reason}: ${detail}` };
}
