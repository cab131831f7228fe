import { z } from "zod";
import { Domain } from "../accounts/accountForm.ts";
import { diff, withoutUndefined } from "../kernel/changes.ts";
import { OwnCompany } from "../resolution/ownCompany.ts";
import { Category } from "../signals/signal.ts";
import { SignalType } from "../sources/source.ts";
import { Tenant, Weights } from "./tenant.ts";

const { shape } = Tenant;

/** In days: at least an hour. Narrower than what is stored, so that older settings can still be read. */
const HalfLife = z
  .number()
  .min(1 / 24)
  .max(3650);

/** What an administrator sets; of each map, the entries named. Absent ones stay the same. */
export const TenantChange = z
  .object({
    name: z.string().trim().min(1).max(200),
    highIntentThreshold: shape.highIntentThreshold,
    relevanceThreshold: shape.relevanceThreshold,
    halfLifeDays: z.partialRecord(SignalType, HalfLife),
    typeWeights: z.partialRecord(SignalType, shape.typeWeights.out.valueType),
    categoryWeights: z.partialRecord(
      Category,
      shape.categoryWeights.out.valueType,
    ),
    weights: Weights.safeExtend({ version: z.string().min(1).max(100) }),
    reviewHours: z.number().min(0.25).max(720),
    extractiveFallback: z.boolean(),
    resolutionThreshold: shape.resolutionThreshold.unwrap(),
    own: OwnCompany.extend({ domains: z.array(Domain).max(20) }).partial(),
  })
  .partial();
export type TenantChange = z.infer<typeof TenantChange>;

/** The settings after a change; or why the change is not allowed. */
export function changedTenant(tenant: Tenant, change: TenantChange) {
  const { halfLifeDays, typeWeights, categoryWeights, own, ...plain } = change;
  const { weights } = plain;
  if (weights !== undefined && reusesVersion(tenant.weights, weights)) {
    return {
      ok: false,
      field: "weights.version",
      why: `changed weights need a version other than "${tenant.weights.version}": cards name the version that they were scored with`,
    } as const;
  }
  const patch = {
    ...withoutUndefined(plain),
    own: { ...tenant.own, ...withoutUndefined(own ?? {}) },
    halfLifeDays: {
      ...tenant.halfLifeDays,
      ...withoutUndefined(halfLifeDays ?? {}),
    },
    typeWeights: {
      ...tenant.typeWeights,
      ...withoutUndefined(typeWeights ?? {}),
    },
    categoryWeights: {
      ...tenant.categoryWeights,
      ...withoutUndefined(categoryWeights ?? {}),
    },
  };
  return { ok: true, patch } as const;
}

function reusesVersion(before: Weights, after: Weights): boolean {
  return (
    before.version === after.version &&
    Object.keys(diff(before, after).after).length > 0
  );
}
