import * as at from "../../domain/collections.ts";
import type { Audience } from "../../domain/kernel/document.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import type { DocumentRef } from "../../domain/kernel/references.ts";
import { canSee } from "../../domain/people/roles.ts";
import type { Tenant } from "../../domain/tenants/tenant.ts";
import type { Read } from "../../ports/store.ts";
import type { ApiContext, ApiDeps } from "./context.ts";
import { Refusal } from "./problem.ts";

/** Reads a document; 404 if it does not exist. */
export async function readOr404<T>(
  ref: DocumentRef<T>,
  what: string,
  { store }: Pick<ApiDeps, "store">,
): Promise<Read<T>> {
  const read = await store.read(ref);
  if (read === null) throw new Refusal(404, `There is no such ${what}.`);
  return read;
}

/** Reads a document that the caller may see; otherwise 404, the same whether it exists or not. */
export async function readVisible<T extends { readonly audience: Audience }>(
  c: ApiContext,
  { ref, what }: { readonly ref: DocumentRef<T>; readonly what: string },
  { store }: Pick<ApiDeps, "store">,
): Promise<Read<T>> {
  const read = await store.read(ref);
  if (read === null || !canSee(c.get("caller").actor, read.data.audience)) {
    const detail = `There is no such ${what}, or you may not see it.`;
    throw new Refusal(404, detail);
  }
  return read;
}

/** The tenant and its settings; 404 if it does not exist. */
export async function findTenant(
  tenantId: TenantId,
  deps: Pick<ApiDeps, "store">,
): Promise<Read<Tenant>> {
  return readOr404(at.tenant(tenantId), "tenant", deps);
}
