import { alignTenants } from "../functions/src/api/people/membership.ts";
import { auditMonth } from "../functions/src/domain/requests/audit.ts";
import * as at from "../functions/src/domain/collections.ts";
import type { Provenance } from "../functions/src/domain/kernel/document.ts";
import { TenantId, type Uid } from "../functions/src/domain/kernel/ids.ts";
import { InvitationForm } from "../functions/src/domain/people/members.ts";
import { slugPattern } from "../functions/src/domain/kernel/slug.ts";
import { tenantDefaults } from "../functions/src/domain/tenants/tenant.ts";
import {
  create,
  type Store,
  type Write,
} from "../functions/src/ports/store.ts";
import type { People } from "../functions/src/ports/people.ts";
import type { SignInAccounts } from "./signInAccounts.ts";

export interface NewTenant {
  readonly id: string;
  readonly name: string;
  /** The e-mail address of the first administrator. */
  readonly admin: string;
  readonly provenance: Provenance;
}

export interface AdminDeps {
  readonly store: Store;
  readonly people: People;
  readonly accounts: SignInAccounts;
  readonly now: () => Date;
}

/** Its id says what it records: so a second run sees that the first one ended. */
const auditId = "tenant-created";

/**
 * Makes a tenant with the default settings and its first administrator: the settings, then the member, then
 * the claim, then the audit entry, which says that nothing is left to do. A run that ended between them
 * is completed by the next one of the same command. Throws, in words for a person, where there is such a tenant already.
 *
 * The first administrator is not invited but made a member at once: nobody is there yet who could invite them, and the
 * command is the operator's, who holds the deployment's credentials and could write all of it by hand. Everybody else,
 * whatever a tenant's administrator does, becomes a member only by accepting an invitation.
 */
export async function createTenant(
  { id, name, admin, provenance }: NewTenant,
  deps: AdminDeps,
): Promise<Uid> {
  if (!slugPattern.test(id))
    refuse(`"${id}" is no id: a-z, 0-9 and - make one.`);
  const tenantId = TenantId.parse(id);
  const address = InvitationForm.shape.email.safeParse(admin);
  if (!address.success) return refuse(`"${admin}" is not an e-mail address.`);
  const email = address.data;
  await refuseExisting(tenantId, deps);
  const uid = await deps.accounts.findOrCreate(email, email);
  if (uid === null)
    return refuse(
      `Somebody signed up as ${email} by a password and has not shown that the address is theirs; they have to confirm it first.`,
    );
  await refuseForeign(tenantId, uid, deps);

  const settings = { ...tenantDefaults, name, provenance, version: 1 };
  await createOnce(create(at.tenant(tenantId), settings), deps);
  const member = {
    uid,
    ...InvitationForm.parse({ email, name: email, role: "ADMIN" }),
    active: true,
    version: 1,
    views: [],
  };
  await createOnce(create(at.member(tenantId, uid), member), deps);
  await alignTenants(uid, deps);
  const made = await deps.store.read(at.tenant(tenantId));
  const month = auditMonth(made?.data.createdAt ?? deps.now());
  await createOnce(
    create(at.auditEntry(tenantId, month, auditId), {
      at: deps.now(),
      action: "CREATE",
      actor: "system:create-tenant",
      entity: { kind: "tenant", id: tenantId },
      before: null,
      after: { name, provenance, admin: uid },
      reason: "made with its first administrator",
      traceId: `create-tenant:${tenantId}`,
    }),
    deps,
  );
  return uid;
}

/** What is there already is success. */
async function createOnce(write: Write, deps: AdminDeps): Promise<void> {
  await deps.store.commit([write], deps.now());
}

/** A tenant that was made to its end is not made again. */
async function refuseExisting(
  tenantId: TenantId,
  { store }: AdminDeps,
): Promise<void> {
  const tenant = await store.read(at.tenant(tenantId));
  if (tenant === null) return;
  const month = auditMonth(tenant.data.createdAt);
  const entry = await store.read(at.auditEntry(tenantId, month, auditId));
  if (entry !== null)
    refuse(
      `There is a tenant "${tenantId}" already, "${tenant.data.name}". Its administrators invite further members by POST /api/v1/invitations; another tenant needs another id.`,
    );
}

/** A tenant of others is not entered by finishing it. */
async function refuseForeign(
  tenantId: TenantId,
  uid: Uid,
  { store }: AdminDeps,
): Promise<void> {
  const members = await store.query({
    collection: at.members(tenantId),
    where: [],
    limit: 2,
  });
  if (members.some(({ id }) => id !== uid))
    refuse(
      `There is a tenant "${tenantId}" already, and it has other members. One of its administrators can invite by POST /api/v1/invitations.`,
    );
}

function refuse(why: string): never {
  throw new Error(why);
}
