import { z } from "zod";
import type { Account } from "../accounts/account.ts";
import { CrmName } from "../crm/activation.ts";
import { dayMs } from "../kernel/instant.ts";
import { happenedAt } from "../signals/occurrence.ts";
import type { Signal } from "../signals/signal.ts";
import { type Tenant, type Weights } from "../tenants/tenant.ts";

export const Factor = z.enum([
  "impact",
  "urgency",
  "fit",
  "access",
  "feasibility",
  "confidence",
]);
export type Factor = z.infer<typeof Factor>;

/**
 * A card's score: six factors, each 0 to 100 with its reason, and their sum weighted by a named version of the
 * weights.
 */
export const Score = z
  .object({
    total: z.number().min(0).max(100),
    weightsVersion: z.string().min(1),
    factors: z
      .array(
        z.object({
          factor: Factor,
          value: z.number().min(0).max(100),
          weight: z.number().min(0).max(1),
          reason: z.string().min(1),
        }),
      )
      .length(6)
      .refine(
        (factors) => new Set(factors.map(({ factor }) => factor)).size === 6,
        "must be the six factors, each once",
      ),
  })
  .refine(
    ({ total, factors }) => Math.abs(total - weightedMean(factors)) < 0.051,
    {
      path: ["total"],
      message: "is not the weighted sum of the factors",
    },
  );
export type Score = z.infer<typeof Score>;

export interface Scored {
  readonly account: Pick<Account, "icpFit" | "owners" | "identifiers">;
  readonly tenant: Pick<Tenant, "weights" | "categoryWeights" | "halfLifeDays">;
  /** The card's signals, the main one first. */
  readonly signals: readonly Pick<
    Signal,
    | "category"
    | "type"
    | "occurredAt"
    | "receivedAt"
    | "reliability"
    | "publisher"
    | "relevance"
  >[];
  readonly verifiedClaims: number;
  readonly claims: number;
  readonly hasPlaybook: boolean;
  readonly assets: number;
  readonly now: Date;
}

/** The six-factor score of a card, 0–100. The model never sets it: the same inputs give the same score. */
export function scoreCard(scored: Scored): Score {
  const factors = [
    impact(scored),
    urgency(scored),
    fit(scored),
    access(scored),
    feasibility(scored),
    confidence(scored),
  ].map(({ factor, value, reason }) => ({
    factor,
    value: Math.round(10 * value) / 10,
    weight: weightFor(scored.tenant.weights, factor),
    reason,
  }));
  return {
    total: Math.round(10 * weightedMean(factors)) / 10,
    weightsVersion: scored.tenant.weights.version,
    factors,
  };
}

interface Judged {
  readonly factor: Factor;
  readonly value: number;
  readonly reason: string;
}

function impact({ signals, tenant }: Scored): Judged {
  const best = [...signals].sort(
    (a, b) =>
      tenant.categoryWeights[b.category] - tenant.categoryWeights[a.category],
  )[0];
  if (best === undefined)
    return {
      factor: "impact",
      value: 0,
      reason: "No signal supports it.",
    };
  const value =
    100 *
    Math.min(
      1,
      tenant.categoryWeights[best.category] + 0.05 * (signals.length - 1),
    );
  const more = signals.length > 1 ? `, with ${signals.length - 1} related` : "";
  return {
    factor: "impact",
    value,
    reason: `A signal of category ${best.category.replaceAll("_", " ")}${more}.`,
  };
}

function urgency({ signals, tenant, now }: Scored): Judged {
  const freshest = signals.reduce(
    (best, signal) => {
      const { type } = signal;
      const days = Math.max(
        0,
        Math.floor((now.getTime() - happenedAt(signal).getTime()) / dayMs),
      );
      const value = 100 * 0.5 ** (days / tenant.halfLifeDays[type]);
      return value > best.value || best.halfLife === 0
        ? { value, days, halfLife: tenant.halfLifeDays[type] }
        : best;
    },
    { value: 0, days: 0, halfLife: 0 },
  );
  if (signals.length === 0)
    return {
      factor: "urgency",
      value: 0,
      reason: "No signal supports it.",
    };
  const age =
    freshest.days === 0
      ? "today"
      : freshest.days === 1
        ? "1 day ago"
        : `${freshest.days} days ago`;
  return {
    factor: "urgency",
    value: freshest.value,
    reason: `Happened ${age}; news of its kind halves every ${freshest.halfLife} days.`,
  };
}

function fit({ account }: Scored): Judged {
  return {
    factor: "fit",
    value: 100 * account.icpFit,
    reason: `The account fits the ideal customer profile at ${Math.round(100 * account.icpFit)} %.`,
  };
}

function access({ account }: Scored): Judged {
  const owned = account.owners.length > 0;
  const linked = CrmName.options.filter(
    (crm) => account.identifiers[crm] !== undefined,
  );
  const value = Math.min(100, (owned ? 50 : 0) + 25 * linked.length);
  const links =
    linked.length > 0
      ? `linked to ${linked.join(" and ")}`
      : "not linked to a CRM";
  return {
    factor: "access",
    value,
    reason: `The account ${owned ? "has an owner" : "has no owner"} and is ${links}.`,
  };
}

function feasibility({ hasPlaybook, assets }: Scored): Judged {
  const value = (hasPlaybook ? 60 : 0) + Math.min(40, 20 * assets);
  const matched = `${assets} matching ${assets === 1 ? "asset" : "assets"}`;
  return {
    factor: "feasibility",
    value,
    reason: `${hasPlaybook ? "A playbook fits" : "No playbook fits"}; ${matched}.`,
  };
}

function confidence({ signals, verifiedClaims, claims }: Scored): Judged {
  const byPublisher = new Map<string, number>();
  for (const { publisher, reliability } of signals) {
    const name = publisher.trim().toLowerCase();
    byPublisher.set(name, Math.max(reliability, byPublisher.get(name) ?? 0));
  }
  const doubt = [...byPublisher.values()].reduce(
    (product, reliability) => product * (1 - reliability),
    1,
  );
  const share = claims === 0 ? 0 : Math.min(1, verifiedClaims / claims);
  const sources =
    byPublisher.size === 1
      ? "1 source"
      : `${byPublisher.size} independent sources`;
  return {
    factor: "confidence",
    value: 100 * (1 - doubt) * share,
    reason: `${sources}; ${verifiedClaims} of ${claims} claims verified word for word.`,
  };
}

function weightedMean(
  factors: readonly { readonly value: number; readonly weight: number }[],
): number {
  return factors.reduce((sum, { value, weight }) => sum + value * weight, 0);
}

function weightFor(weights: Weights, factor: Factor): number {
  return weights[factor];
}
