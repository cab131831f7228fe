import * as at from "../../domain/collections.ts";
import { RetryableError } from "../../domain/kernel/errors.ts";
import { TenantId, type Uid } from "../../domain/kernel/ids.ts";
import {
  fitsToken,
  firstThatFitToken,
} from "../../domain/people/invitation.ts";
import { tenantsToName } from "../../domain/people/person.ts";
import { Member } from "../../domain/people/roles.ts";
import { type Read, update, type Write } from "../../ports/store.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { readOr404 } from "../http/documents.ts";
import { Refusal } from "../http/problem.ts";

const maxTries = 5;

/** The member; 404 if there is none. */
export async function findMember(
  c: ApiContext,
  uid: Uid,
  deps: Pick<ApiDeps, "store">,
): Promise<Read<Member>> {
  const { tenantId } = c.get("caller");
  return readOr404(at.member(tenantId, uid), "member", deps);
}

/**
 * Another active administrator, as a write that fails if they cease to be one in the meantime, so that two administrators
 * who demote each other cannot both succeed. 409 if there is no other.
 */
export async function anotherAdmin(
  tenantId: TenantId,
  uid: Uid,
  deps: Pick<ApiDeps, "store">,
): Promise<Write> {
  const admins = await deps.store.query({
    collection: at.members(tenantId),
    where: [
      ["role", "==", "ADMIN"],
      ["active", "==", true],
    ],
    limit: 2,
  });
  const other = admins.find(({ id }) => id !== uid);
  if (other === undefined) {
    const detail =
      "This is the tenant's last administrator. Make somebody else an administrator first.";
    throw new Refusal(409, detail);
  }
  return update(other, {});
}

/**
 * Makes the person's next token name the tenants that they are an active member of, as far as they fit into a token, and
 * returns those tenants. It depends only on the member documents of all tenants, so it can be repeated at any time, and of
 * two concurrent runs the last one leaves the truth.
 */
export async function alignTenants(
  uid: Uid,
  { store, people }: Pick<ApiDeps, "store" | "people">,
): Promise<readonly TenantId[]> {
  for (let n = 0; n < maxTries; n++) {
    const named = await people.tenantsOf(uid);
    const memberOf = await findMemberTenants(uid, store);
    const wanted = firstThatFitToken(tenantsToName(named ?? [], memberOf));
    if (named === null || isSame(named, wanted)) return wanted;
    await people.setTenants(uid, wanted);
  }
  throw new RetryableError(
    "store-busy",
    `The memberships of ${uid} keep changing.`,
  );
}

/** Refuses, with this detail, one membership more than a token can name (409). */
export async function assertFitsToken(
  { uid, tenantId }: { readonly uid: Uid; readonly tenantId: TenantId },
  detail: string,
  { store }: Pick<ApiDeps, "store">,
): Promise<void> {
  const memberOf = await findMemberTenants(uid, store);
  if (!fitsToken([...new Set([...memberOf, tenantId])]))
    throw new Refusal(409, detail);
}

/** More than one token can name. */
const maxMemberships = 200;

/** The fields of a member document that are needed here. */
const Membership = Member.pick({ uid: true, active: true });

async function findMemberTenants(
  uid: Uid,
  store: ApiDeps["store"],
): Promise<readonly TenantId[]> {
  const reads = await store.query({
    collection: { path: "members", schema: Membership },
    group: true,
    where: [["uid", "==", uid]],
    limit: maxMemberships,
  });
  return reads
    .filter(({ data }) => data.active)
    .map(({ ref }) => TenantId.parse(ref.path.split("/")[1]));
}

/** The state of a membership in one word. */
export function membershipState({ active }: Pick<Member, "active">) {
  return active ? "active" : "ended";
}

function isSame(a: readonly TenantId[], b: readonly TenantId[]): boolean {
  return a.length === b.length && a.every((id, n) => id === b[n]);
}
