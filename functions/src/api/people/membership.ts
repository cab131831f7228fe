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
import { Refused } from "../http/problem.ts";

const maxTries = 5;

/** The member, else 404. */
export async function findMember(
  c: ApiContext,
  uid: Uid,
  deps: Pick<ApiDeps, "store">,
): Promise<Read<Member>> {
  const { tenantId } = c.get("caller");
  const read = await deps.store.read(at.member(tenantId, uid));
  if (read === null) throw new Refused(404, "There is no such member.");
  return read;
}

/**
 * Another active administrator, as a write that fails should they cease to be one meanwhile: so that of
 * the last two, each demoting the other, one remains. Refused with 409 where there is none.
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
      "This is the tenant's last administrator; make somebody else one first.";
    throw new Refused(409, detail);
  }
  return update(other, {});
}

/**
 * Has the person's next token name the tenants that they are an active member of, whatever happens to their
 * memberships meanwhile; gives those tenants, but for those that do not fit into a token. It follows from the member documents of all tenants alone: so it may be
 * repeated at any time, and of two that do it at once the last one leaves what is true.
 */
export async function alignTenants(
  uid: Uid,
  { store, people }: Pick<ApiDeps, "store" | "people">,
): Promise<readonly TenantId[]> {
  for (let n = 0; n < maxTries; n++) {
    const named = await people.tenantsOf(uid);
    const memberOf = await tenantsWithMember(uid, store);
    const wanted = firstThatFitToken(tenantsToName(named ?? [], memberOf));
    if (named === null || isSame(named, wanted)) return wanted;
    await people.setTenants(uid, wanted);
  }
  throw new RetryableError(
    "store-busy",
    `The memberships of ${uid} keep changing.`,
  );
}

/** Refuses, in these words, that the person becomes a member of a tenant more than one token can name. */
export async function mustFitToken(
  uid: Uid,
  tenantId: TenantId,
  detail: string,
  { store }: Pick<ApiDeps, "store">,
): Promise<void> {
  const memberOf = await tenantsWithMember(uid, store);
  if (!fitsToken([...new Set([...memberOf, tenantId])]))
    throw new Refused(409, detail);
}

/** More than this one token could not name. */
const maxMemberships = 200;

/** What of a member document says whose it is. */
const Membership = Member.pick({ uid: true, active: true });

async function tenantsWithMember(
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

/** How a membership stands, in a word. */
export function standsActive({ active }: Pick<Member, "active">) {
  return active ? "active" : "ended";
}

function isSame(a: readonly TenantId[], b: readonly TenantId[]): boolean {
  return a.length === b.length && a.every((id, n) => id === b[n]);
}
