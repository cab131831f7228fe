import type { DecisionRecord } from "../../domain/signals/decisionRecord.ts";
import type { Signal, SignalStatus } from "../../domain/signals/signal.ts";
import type { Tenant } from "../../domain/tenants/tenant.ts";

/** Whether a signal goes on, and which setting decides. */
export interface Judgement {
  readonly status: SignalStatus;
  readonly verdict: DecisionRecord["verdict"];
  readonly reason: DecisionRecord["reason"];
  readonly setting: NonNullable<DecisionRecord["setting"]>;
}

/** Judges a signal by its tenant's thresholds, given the account's intent. */
export function judge(
  signal: Pick<Signal, "relevance">,
  {
    relevanceThreshold,
    highIntentThreshold,
  }: Pick<Tenant, "relevanceThreshold" | "highIntentThreshold">,
  intent: number,
): Judgement {
  if (signal.relevance < relevanceThreshold)
    return {
      status: "below_relevance",
      verdict: "dropped",
      reason: "below-relevance",
      setting: {
        name: "relevanceThreshold",
        value: relevanceThreshold,
        measured: signal.relevance,
      },
    };
  const setting = {
    name: "highIntentThreshold",
    value: highIntentThreshold,
    measured: intent,
  };
  if (intent < highIntentThreshold)
    return { status: "held", verdict: "held", reason: "below-intent", setting };
  return { status: "qualified", verdict: "kept", reason: "qualified", setting };
}
