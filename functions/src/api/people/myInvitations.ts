import { createRoute, z } from "@hono/zod-openapi";
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
import { json, Moment, persistently, shown } from "../http/answer.ts";
import { personal } from "../http/auth.ts";
import {
  type Api,
  type ApiContext,
  type ApiDeps,
  authorIn,
  type SignedInPerson,
} from "../http/context.ts";
import { haveInviters, inviterOf } from "./invitationEnds.ts";
import { HasInviter } from "./invitations.ts";
import { alignTenants, mustFitToken } from "./membership.ts";
import { commandProblems, queryProblems, Refused } from "../http/problem.ts";

/** How many of somebody's pending invitations they are shown: those that last longest. */
const maxShown = 50;

const MyInvitation = z
  .object({
    tenant: z.object({ id: z.string(), name: z.string() }),
    invitedBy: z.string().openapi({ description: "Their name." }),
    role: Invitation.shape.role,
    state: InvitationStatus,
    hasInviter: HasInviter,
    expiresAt: Moment,
  })
  .openapi("MyInvitation");
const MyInvitations = z
  .object({ items: z.array(MyInvitation) })
  .openapi("MyInvitations");
const Accepted = MyInvitation.extend({
  tenants: z.array(z.string()).openapi({
    description: "The tenants that your next token names: refresh it.",
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
const OfTenant = z.object({ tenantId: TenantId });

const list = createRoute({
  method: "get",
  ...personal("me"),
  path: "/api/v1/me/invitations",
  operationId: "listMyInvitations",
  summary: "The pending invitations of your e-mail address",
  description: `At most ${maxShown}. For whoever is signed in, in no tenant too; the address must be proven to be yours.`,
  responses: {
    200: json(MyInvitations, "Your invitations", { items: [example] }),
    ...queryProblems(),
  },
});

const accept = createRoute({
  method: "post",
  ...personal("me"),
  path: "/api/v1/me/invitations/{tenantId}/accept",
  operationId: "acceptInvitation",
  summary: "Become a member of a tenant that has invited you",
  description:
    "Which tenant your requests mean when they name none does not change by it.",
  request: { params: OfTenant },
  responses: {
    200: json(Accepted, "The invitation as it is now", {
      ...example,
      state: "accepted",
      tenants: ["acme"],
    }),
    ...commandProblems(404),
  },
});

const decline = createRoute({
  method: "post",
  ...personal("me"),
  path: "/api/v1/me/invitations/{tenantId}/decline",
  operationId: "declineInvitation",
  summary: "Decline an invitation, until you are invited again",
  request: { params: OfTenant },
  responses: {
    200: json(MyInvitation, "The invitation as it is now", {
      ...example,
      state: "declined",
    }),
    ...commandProblems(404),
  },
});

/**
 * The routes by which a person answers their invitations. An invitation is looked for by the caller's own proven
 * address, never by an id that they send: so nobody can reach another person's.
 */
export function myInvitationRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(list, async (c) => {
    const email = provenAddressOf(c);
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
    const made = reads.map(
      ({ ref, data }) => [tenantIdOf(ref.path), data] as const,
    );
    const [tenants, standing] = await Promise.all([
      deps.store.readAll(made.map(([id]) => at.tenant(id))),
      haveInviters(made, deps),
    ]);
    const items = reads.flatMap((invitation, n) => {
      const tenant = tenants[n];
      if (tenant === null || tenant === undefined) return [];
      const hasInviter = standing[n] === true;
      return [myView({ tenant, invitation, hasInviter }, deps)];
    });
    return c.json(shown(MyInvitations, { items }), 200);
  });

  api.openapi(accept, async (c) => {
    const { tenantId } = c.req.valid("param");
    const found = await persistently(() => acceptOnce(c, tenantId, deps));
    // Also for whom an earlier try was left half done: the claim follows from the members, however often.
    const tenants = await alignTenants(c.get("person").uid, deps);
    const { role } = found;
    const view = { ...myView(found, deps), role, state: "accepted", tenants };
    return c.json(shown(Accepted, view), 200);
  });

  api.openapi(decline, async (c) => {
    const { tenantId } = c.req.valid("param");
    const found = await persistently(() => declineOnce(c, tenantId, deps));
    const view = { ...myView(found, deps), state: "declined" };
    return c.json(shown(MyInvitation, view), 200);
  });
}

/** What is shown of an invitation. */
interface Shown {
  readonly tenant: Read<Tenant>;
  readonly invitation: Read<Invitation>;
  readonly hasInviter: boolean;
}

interface Found extends Shown {
  /** Who made it, if they still may. */
  readonly inviter: Read<Member> | null;
}

/** An invitation that was accepted, with what its person is by now. */
interface Joined extends Found {
  readonly role: Role;
}

function myView(
  { tenant, invitation: { data }, hasInviter }: Shown,
  { clock }: Pick<ApiDeps, "clock">,
) {
  return shown(MyInvitation, {
    tenant: { id: tenant.id, name: tenant.data.name },
    invitedBy: data.invitedBy.name,
    hasInviter,
    role: data.role,
    state: invitationStatus(data, clock.now()),
    expiresAt: data.expiresAt,
  });
}

/** Makes the caller a member in the commit that ends the invitation; null where somebody was faster. */
async function acceptOnce(
  c: ApiContext,
  tenantId: TenantId,
  deps: ApiDeps,
): Promise<Joined | null> {
  const { uid } = c.get("person");
  const found = await findMine(c, tenantId, deps);
  const { data } = found.invitation;
  const member = await deps.store.read(at.member(tenantId, uid));
  const standing = member?.data.active === true ? member.data : null;
  if (data.state === "accepted" && standing !== null)
    return { ...found, role: standing.role };
  mustBePending(data, deps);
  const { inviter } = found;
  if (inviter === null) throw hasNoInviter(data);
  // Who is a member already, by another address, stays what they are.
  const made =
    standing === null
      ? await joining(c, tenantId, { found, member }, deps)
      : { writes: [], audit: [answered(found, "accepted")] };
  const writes = [
    ...ended(found, "accepted"),
    // Fails should they cease to be an administrator meanwhile.
    update(inviter, {}),
    ...made.writes,
  ];
  const outcome = { writes, audit: made.audit };
  const done = await commitOutcome({ outcome }, authorIn(c, tenantId), deps);
  const { role } = standing ?? data;
  return done.kind === "conflict" ? null : { ...found, role };
}

/** What makes the person a member, as the invitation says. */
async function joining(
  c: ApiContext,
  tenantId: TenantId,
  {
    found: { invitation },
    member,
  }: { readonly found: Found; readonly member: Read<Member> | null },
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
  await mustFitToken(uid, tenantId, tooMany, deps);
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
  "You belong to as many tenants as one sign-in can name. Leave one, or accept this invitation with another address.";

async function declineOnce(
  c: ApiContext,
  tenantId: TenantId,
  deps: ApiDeps,
): Promise<Found | null> {
  const found = await findMine(c, tenantId, deps);
  const { data } = found.invitation;
  if (data.state === "declined") return found;
  mustBePending(data, deps);
  const outcome = {
    writes: ended(found, "declined"),
    audit: [answered(found, "declined")],
  };
  const done = await commitOutcome({ outcome }, authorIn(c, tenantId), deps);
  return done.kind === "conflict" ? null : found;
}

function ended(
  { invitation }: Found,
  state: "accepted" | "declined",
): readonly Write[] {
  const version = invitation.data.version + 1;
  return [update(invitation, { state, version })];
}

/** What the audit keeps of an answer that changes the invitation alone. */
function answered(
  { invitation: { id, data } }: Found,
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

/** Writes down, before another tenant joins it, which one is the person's default: the first that they ever were in. */
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

/** The caller's invitation by this tenant. Whatever is missing, the tenant or the invitation, the answer is the same. */
async function findMine(
  c: ApiContext,
  tenantId: TenantId,
  { store }: Pick<ApiDeps, "store">,
): Promise<Found> {
  const id = toInvitationId(provenAddressOf(c));
  const [tenant, invitation] = await Promise.all([
    store.read(at.tenant(tenantId)),
    store.read(at.invitation(tenantId, id)),
  ]);
  if (tenant === null || invitation === null)
    throw new Refused(404, "You have no invitation by that tenant.");
  const inviter = await inviterOf(tenantId, invitation.data, { store });
  return { tenant, invitation, inviter, hasInviter: inviter !== null };
}

function mustBePending(
  data: Invitation,
  { clock }: Pick<ApiDeps, "clock">,
): void {
  const state = invitationStatus(data, clock.now());
  if (state === "pending") return;
  const detail = `The invitation is ${state}. An administrator of the tenant can invite you again.`;
  throw new Refused(409, detail, { current: { state } });
}

/** The refusal of an invitation whose maker may no longer invite anybody. */
function hasNoInviter({ state }: Pick<Invitation, "state">): Refused {
  const detail =
    "Who invited you is no administrator of the tenant any more: an administrator has to invite you again.";
  return new Refused(409, detail, { current: { state } });
}

function tenantIdOf(path: string): TenantId {
  return TenantId.parse(path.split("/")[1]);
}

/** The caller's address, if it is proven to be theirs; refused in the same words whether or not it is invited. */
function provenAddressOf(c: ApiContext): string {
  const { email, emailVerified }: SignedInPerson = c.get("person");
  if (email !== null && emailVerified) return email;
  throw new Refused(
    403,
    email === null
      ? "You signed in without an e-mail address. Sign in with the address that was invited."
      : `It is not proven that ${email} is your address. Open the link that is sent to it when you confirm it or sign in by e-mail link, then try again.`,
  );
}
