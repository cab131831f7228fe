import { z } from "zod";
import { Provenance, stamps } from "../kernel/document.ts";
import { OwnCompany } from "../resolution/ownCompany.ts";
import { Category } from "../signals/signal.ts";
import { SignalType } from "../sources/source.ts";

const unit = z.number().min(0).max(1);

/** Six weights that sum to one; every card names the version that it was scored with. */
export const Weights = z
  .object({
    version: z.string().min(1),
    impact: unit,
    urgency: unit,
    fit: unit,
    access: unit,
    feasibility: unit,
    confidence: unit,
  })
  .refine(
    (w) =>
      Math.abs(
        w.impact +
          w.urgency +
          w.fit +
          w.access +
          w.feasibility +
          w.confidence -
          1,
      ) < 1e-9,
    "the six weights must sum to 1",
  );
export type Weights = z.infer<typeof Weights>;

/** The settings a new tenant starts with. Half-lives follow how long each kind of news stays actionable; thresholds are the product's defaults. */
export const tenantDefaults = {
  highIntentThreshold: 15,
  relevanceThreshold: 0.5,
  halfLifeDays: { filing: 45, news: 14, job: 30, crm: 21, metric: 14, tip: 14 },
  typeWeights: {
    filing: 1,
    news: 0.8,
    job: 0.6,
    crm: 0.9,
    metric: 0.5,
    tip: 0.9,
  },
  categoryWeights: {
    leadership_change: 0.9,
    acquisition: 1,
    earnings: 0.7,
    funding: 0.95,
    partnership: 0.75,
    product_launch: 0.65,
    expansion: 0.8,
    hiring: 0.7,
    restructuring: 0.85,
    legal: 0.6,
    security_incident: 0.85,
    governance: 0.5,
    deal_event: 0.9,
    engagement: 0.6,
    other: 0.3,
  },
  weights: {
    version: "2026-11-1",
    impact: 0.25,
    urgency: 0.2,
    fit: 0.15,
    access: 0.1,
    feasibility: 0.1,
    confidence: 0.2,
  },
  reviewHours: 24,
  extractiveFallback: false,
  resolutionThreshold: 0.8,
  own: { names: [], domains: [] },
};

const halfLife = z.number().positive().max(3650);

/** A stored map that predates one of its keys gets the product's default there. */
function withDefaults<
  Keys extends z.core.$ZodRecordKey,
  Value extends z.ZodType,
>(record: z.ZodRecord<Keys, Value>, own: Readonly<Record<string, unknown>>) {
  return z.preprocess(
    (given) =>
      given !== null && typeof given === "object"
        ? { ...own, ...given }
        : given,
    record,
  );
}

/** A tenant's own settings; the document `tenants/{tenantId}`. */
export const Tenant = z.object({
  ...stamps,
  name: z.string().min(1).max(200),
  provenance: Provenance,
  highIntentThreshold: z.number().min(0).max(100),
  relevanceThreshold: unit,
  halfLifeDays: withDefaults(
    z.record(SignalType, halfLife),
    tenantDefaults.halfLifeDays,
  ),
  typeWeights: withDefaults(
    z.record(SignalType, unit),
    tenantDefaults.typeWeights,
  ),
  categoryWeights: withDefaults(
    z.record(Category, unit),
    tenantDefaults.categoryWeights,
  ),
  weights: Weights,
  reviewHours: z.number().positive().max(720),
  version: z.int().positive().default(1),
  /**
   * Whether a card may be built from evidence sentences alone if the model does not answer, instead of waiting for a
   * person.
   */
  extractiveFallback: z.boolean().default(false),
  /**
   * The confidence that a resolution needs so as not to wait for a person; above 0.5, the confidence in either of two
   * equal candidates.
   */
  resolutionThreshold: z
    .number()
    .min(0.6)
    .max(1)
    .default(tenantDefaults.resolutionThreshold),
  own: OwnCompany.default(tenantDefaults.own),
});
export type Tenant = z.infer<typeof Tenant>;
