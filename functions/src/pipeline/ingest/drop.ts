import type { Account } from "../../domain/accounts/account.ts";
import type { Decision } from "../../domain/signals/decision.ts";
import type { Outcome } from "../../ports/stage.ts";
import type { OwnedJob } from "./resolve.ts";

/** Why a received document does not become a signal. */
export interface Dropped {
  readonly reason: Decision["reason"];
  readonly detail: string;
}

/** The outcome of a received document that is not kept: its decision record. */
export function drop(
  job: OwnedJob,
  account: Account,
  { reason, detail }: Dropped,
): Outcome {
  return {
    decisions: [
      {
        ...about(job, account),
        verdict: "dropped",
        reason,
        detail,
        setting: null,
      },
    ],
    skipped: `${reason}: ${detail}`,
  };
}

function about({ payload: { accountId, item } }: OwnedJob, account: Account) {
  const { url, title } = item;
  return {
    accountId,
    audience: account.audience,
    stage: "ingest",
    itemId: `${item.source}:${item.itemId}:${item.revision}`,
    signalId: null,
    url,
    title,
  } as const;
}
