import { z } from "zod";
import { stamps } from "../kernel/document.ts";
import { TenantId } from "../kernel/ids.ts";

/** A person's own choices, whatever tenants they belong to. No tenant's administrator can change them. */
export const Person = z.object({
  ...stamps,
  /** The tenant that their requests refer to when they name none. */
  defaultTenant: TenantId,
});
export type Person = z.infer<typeof Person>;

/** The tenants of a token, the person's default first. */
export function byPreference(
  tenants: readonly TenantId[],
  person: Pick<Person, "defaultTenant"> | null,
): readonly TenantId[] {
  const chosen = tenants.filter((id) => id === person?.defaultTenant);
  return [...new Set([...chosen, ...tenants])];
}

/** The tenants that a person's next token names: those they are a member of, in the given order. */
export function tenantsToName(
  named: readonly TenantId[],
  memberOf: readonly TenantId[],
): readonly TenantId[] {
  const kept = named.filter((id) => memberOf.includes(id));
  return [...new Set([...kept, ...memberOf.toSorted()])];
}
