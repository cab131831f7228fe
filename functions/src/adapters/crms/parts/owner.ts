import { PermanentError } from "../../../domain/kernel/errors.ts";
import { TenantId } from "../../../domain/kernel/ids.ts";
import type { CrmOwner } from "../../../domain/crm/activation.ts";

/**
 * Whose a deployment's CRM account is: a stand-in is everybody's, a vendor's account the one tenant's that the setting
 * names, and nobody's where it names none. PermanentError ("bad-setting") where it names no tenant's id.
 */
export function crmOwner(
  setting: string,
  {
    isStandIn,
    tenant,
  }: { readonly isStandIn: boolean; readonly tenant: string },
): CrmOwner {
  if (isStandIn) return { serves: "every" };
  if (tenant.trim() === "") return { serves: "none" };
  const tenantId = TenantId.safeParse(tenant.trim());
  if (tenantId.success) return { serves: "one", tenantId: tenantId.data };
  throw new PermanentError(
    "bad-setting",
    `${setting} must be the id of one tenant, or nothing. Correct it in the deployment's settings.`,
    { cause: tenantId.error },
  );
}
