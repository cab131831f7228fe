import { z } from "@hono/zod-openapi";
import { commandRoute, queryRoute, type Route } from "../http/route.ts";
import * as at from "../../domain/collections.ts";
import { TenantId } from "../../domain/kernel/ids.ts";
import {
  Invitation,
  InvitationStatus,
  toInvitationId,
  toOfferedMember,
  invitationStatus,
} from "../../domain/people/invitation.ts";
import type { Member, Role } from "../../domain/people/roles.ts";
import type { Tenant } from "../../domain/tenants/tenant.ts";
import { commitOutcome } from "../../delivery/commit.ts";
import { create, type Read, update, type Write } from "../../ports/store.ts";
import { json, Moment, toWire } from "../http/answer.ts";
import { retryOnConflict } from "../http/command.ts";
import { personalAccess } from "../http/auth.ts";
import {
  type ApiContext,
  type ApiDeps,
  authorFor,
  type SignedInPerson,
} from "../http/context.ts";
import { checkInviters, findInviter } from "./invitationEnds.ts";
import { HasInviter } from "./invitations.ts";
import { alignTenants, assertFitsToken } from "./membership.ts";
import { Refusal } from "../http/problem.ts";

/** The most pending invitations shown to a person: those that expire last. */
const maxShown = 50;

const MyInvitation = z
  .object({
    tenant: z.object({ id: z.string(), name: z.string() }),
    invitedBy: z.string().openapi({ description: "The inviter's name." }),
    role: Invitation.shape.role,
    state: InvitationStatus,
    hasInviter: HasInviter,
    expiresAt: Moment,
  })
  .openapi("MyInvitation");
const MyInvitations = z
  .object({ items: z.array(MyInvitation) })
  .openapi("MyInvitations");
const AcceptedInvitation = MyInvitation.extend({
  tenants: z.array(z.string()).openapi({
    description:
      "The tenants that your next token names. Refresh your token to get it.",
  }),
}).openapi("AcceptedInvitation");

const example = {
  tenant: { id: "acme", name: "Acme Consulting" },
  invitedBy: "Ada Admin",
  role: "ACCOUNT_MANAGER" as const,
  state: "pending" as const,
  hasInviter: true,
  expiresAt: "2026-12-04T10:00:00.000Z",
};
const TenantParams = z.object({ tenantId: TenantId });

const listMyInvitations = queryRoute(
  {
    ...personalAccess("me"),
    path: "/api/v1/me/invitations",
    operationId: "listMyInvitations",
    summary: "The pending invitations of your e-mail address",
    description: `At most ${maxShown}. Open to anyone signed in, even without a tenant; the address must be verified.`,
    answer: json(MyInvitations, "Your invitations", { items: [example] }),
  },
  async (c, deps) => {
    const email = provenAddress(c);
    const reads = await deps.store.query({
      collection: { path: "invitations", schema: Invitation },
      group: true,
      where: [
        ["email", "==", email],
        ["state", "==", "pending"],
        ["expiresAt", ">", deps.clock.now()],
      ],
      orderBy: [["expiresAt", "desc"]],
      limit: maxShown,
    });
    const offers = reads.map(
      ({ ref, data }) => [pathTenantId(ref.path), data] as const,
    );
    const [tenants, inviters] = await Promise.all([
      deps.store.readAll(offers.map(([id]) => at.tenant(id))),
      checkInviters(offers, deps),
    ]);
    const items = reads.flatMap((invitation, n) => {
      const tenant = tenants[n];
      if (tenant === null || tenant === undefined) return [];
      const hasInviter = inviters[n] === true;
      return [toMyInvitation({ tenant, invitation, hasInviter }, deps)];
    });
    return { items };
  },
);

const acceptInvitation = commandRoute(
  {
    ...personalAccess("me"),
    path: "/api/v1/me/invitations/{tenantId}/accept",
    operationId: "acceptInvitation",
    summary: "Accept an invitation and become a member of the tenant",
    description: "Your default tenant does not change.",
    request: { params: TenantParams },
    answer: json(AcceptedInvitation, "The invitation as it is now", {
      ...example,
      state: "accepted",
      tenants: ["acme"],
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { tenantId } = c.req.valid("param");
    const mine = await retryOnConflict(() => acceptOnce(c, tenantId, deps));
    // Also completes an earlier attempt that was interrupted: the claim follows from the member documents.
    const tenants = await alignTenants(c.get("person").uid, deps);
    const { role } = mine;
    const view = {
      ...toMyInvitation(mine, deps),
      role,
      state: "accepted",
      tenants,
    };
    return view;
  },
);

const declineInvitation = commandRoute(
  {
    ...personalAccess("me"),
    path: "/api/v1/me/invitations/{tenantId}/decline",
    operationId: "declineInvitation",
    summary: "Decline an invitation, until you are invited again",
    request: { params: TenantParams },
    answer: json(MyInvitation, "The invitation as it is now", {
      ...example,
      state: "declined",
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { tenantId } = c.req.valid("param");
    const mine = await retryOnConflict(() => declineOnce(c, tenantId, deps));
    const view = { ...toMyInvitation(mine, deps), state: "declined" };
    return view;
  },
);

/**
 * The routes by which a person answers their invitations. Invitations are found by the caller's own verified address,
 * never by an id in the request, so nobody can reach another person's.
 */
export const myInvitationRoutes: readonly Route[] = [
  listMyInvitations,
  acceptInvitation,
  declineInvitation,
];

/** What is needed to show an invitation. */
interface InvitationFacts {
  readonly tenant: Read<Tenant>;
  readonly invitation: Read<Invitation>;
  readonly hasInviter: boolean;
}

interface FoundInvitation extends InvitationFacts {
  /** Who made it, if they are still an active administrator. */
  readonly inviter: Read<Member> | null;
}

/** An accepted invitation, with the person's current role. */
interface JoinedTenant extends FoundInvitation {
  readonly role: Role;
}

function toMyInvitation(
  { tenant, invitation: { data }, hasInviter }: InvitationFacts,
  { clock }: Pick<ApiDeps, "clock">,
) {
  return toWire(MyInvitation, {
    tenant: { id: tenant.id, name: tenant.data.name },
    invitedBy: data.invitedBy.name,
    hasInviter,
    role: data.role,
    state: invitationStatus(data, clock.now()),
    expiresAt: data.expiresAt,
  });
}

/** Makes the caller a member in the same commit that ends the invitation; null on a conflict. */
async function acceptOnce(
  c: ApiContext,
  tenantId: TenantId,
  deps: ApiDeps,
): Promise<JoinedTenant | null> {
  const { uid } = c.get("person");
  const mine = await findMine(c, tenantId, deps);
  const { data } = mine.invitation;
  const member = await deps.store.read(at.member(tenantId, uid));
  const membership = member?.data.active === true ? member.data : null;
  if (data.state === "accepted" && membership !== null)
    return { ...mine, role: membership.role };
  assertPending(data, deps);
  const { inviter } = mine;
  if (inviter === null) throw inviterGone(data);
  // Somebody who is already a member, by another address, keeps their role.
  const plan =
    membership === null
      ? await planMembership(c, { tenantId, mine, member }, deps)
      : { writes: [], audit: [toAuditEntry(mine, "accepted")] };
  const writes = [
    ...endInvitation(mine, "accepted"),
    // Fails if they cease to be an administrator in the meantime.
    update(inviter, {}),
    ...plan.writes,
  ];
  const outcome = { writes, audit: plan.audit };
  const commit = await commitOutcome({ outcome }, authorFor(c, tenantId), deps);
  const { role } = membership ?? data;
  return commit.kind === "conflict" ? null : { ...mine, role };
}

/** The writes that make the person a member as the invitation offers. */
async function planMembership(
  c: ApiContext,
  {
    tenantId,
    mine: { invitation },
    member,
  }: {
    readonly tenantId: TenantId;
    readonly mine: FoundInvitation;
    readonly member: Read<Member> | null;
  },
  deps: ApiDeps,
) {
  const { uid } = c.get("person");
  const offered = toOfferedMember(invitation.data);
  const joins =
    member === null
      ? create(at.member(tenantId, uid), {
          uid,
          ...offered,
          version: 1,
          views: [],
        })
      : update(member, { ...offered, version: member.data.version + 1 });
  await assertFitsToken({ uid, tenantId }, tooMany, deps);
  return {
    writes: [joins, ...(await keepDefault(c, tenantId, deps))],
    audit: [
      {
        action: "CREATE" as const,
        entity: { kind: "member", id: uid },
        before: member === null ? null : { active: member.data.active },
        after: { ...offered, invitation: invitation.id },
        reason: "accepted the invitation",
      },
    ],
  };
}

const tooMany =
  "You already belong to as many tenants as one sign-in can name. Leave one, or accept this invitation with another address.";

async function declineOnce(
  c: ApiContext,
  tenantId: TenantId,
  deps: ApiDeps,
): Promise<FoundInvitation | null> {
  const mine = await findMine(c, tenantId, deps);
  const { data } = mine.invitation;
  if (data.state === "declined") return mine;
  assertPending(data, deps);
  const outcome = {
    writes: endInvitation(mine, "declined"),
    audit: [toAuditEntry(mine, "declined")],
  };
  const commit = await commitOutcome({ outcome }, authorFor(c, tenantId), deps);
  return commit.kind === "conflict" ? null : mine;
}

function endInvitation(
  { invitation }: FoundInvitation,
  state: "accepted" | "declined",
): readonly Write[] {
  const version = invitation.data.version + 1;
  return [update(invitation, { state, version })];
}

/** The audit entry of an answer that changes only the invitation. */
function toAuditEntry(
  { invitation: { id, data } }: FoundInvitation,
  state: "accepted" | "declined",
) {
  return {
    action: "UPDATE" as const,
    entity: { kind: "invitation", id },
    before: { state: data.state },
    after: { state },
    reason: `${state} by the invited person`,
  };
}

/** Records the person's first tenant as their default before they join another. */
async function keepDefault(
  c: ApiContext,
  tenantId: TenantId,
  { store, people }: Pick<ApiDeps, "store" | "people">,
): Promise<readonly Write[]> {
  const { uid } = c.get("person");
  const [person, named] = await Promise.all([
    store.read(at.person(uid)),
    people.tenantsOf(uid),
  ]);
  const tenants = named ?? [];
  if (person !== null) return [];
  const defaultTenant = tenants[0] ?? tenantId;
  return [create(at.person(uid), { defaultTenant })];
}

/** The caller's invitation from this tenant; the same 404 whether the tenant or the invitation does not exist. */
async function findMine(
  c: ApiContext,
  tenantId: TenantId,
  { store }: Pick<ApiDeps, "store">,
): Promise<FoundInvitation> {
  const id = toInvitationId(provenAddress(c));
  const [tenant, invitation] = await Promise.all([
    store.read(at.tenant(tenantId)),
    store.read(at.invitation(tenantId, id)),
  ]);
  if (tenant === null || invitation === null)
    throw new Refusal(404, "You have no invitation from that tenant.");
  const inviter = await findInviter(tenantId, invitation.data, { store });
  return { tenant, invitation, inviter, hasInviter: inviter !== null };
}

function assertPending(
  data: Invitation,
  { clock }: Pick<ApiDeps, "clock">,
): void {
  const state = invitationStatus(data, clock.now());
  if (state === "pending") return;
  const detail = `The invitation is ${state}. An administrator of the tenant can invite you again.`;
  throw new Refusal(409, detail, { current: { state } });
}

/** The refusal of an invitation whose inviter is no longer an administrator. */
function inviterGone({ state }: Pick<Invitation, "state">): Refusal {
  const detail =
    "The person who invited you is no longer an administrator of the tenant. Ask an administrator to invite you again.";
  return new Refusal(409, detail, { current: { state } });
}

function pathTenantId(path: string): TenantId {
  return TenantId.parse(path.split("/")[1]);
}

/** The caller's verified address; 403 otherwise, with the same detail whether or not the address is invited. */
function provenAddress(c: ApiContext): string {
  const { email, emailVerified }: SignedInPerson = c.get("person");
  if (email !== null && emailVerified) return email;
  throw new Refusal(
    403,
    email === null
      ? "You signed in without an e-mail address. Sign in with the address that was invited."
      : `The address ${email} is not verified. Verify it, or sign in with a link sent to it, then try again.`,
  );
}
