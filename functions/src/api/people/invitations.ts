import { z } from "@hono/zod-openapi";
import { commandRoute, queryRoute, type Route } from "../http/route.ts";
import * as at from "../../domain/collections.ts";
import type { Unstamped } from "../../domain/kernel/document.ts";
import {
  Invitation,
  InvitationId,
  InvitationStatus,
  toInvitationId,
  toInvitation,
  maxPending,
  invitationStatus,
} from "../../domain/people/invitation.ts";
import type { Uid } from "../../domain/kernel/ids.ts";
import { minuteMs } from "../../domain/kernel/instant.ts";
import { InvitationForm } from "../../domain/people/members.ts";
import { create, update } from "../../ports/store.ts";
import { body, json, Moment, toWire } from "../http/answer.ts";
import { carryOut } from "../http/command.ts";
import { memberAccess } from "../http/auth.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import { checkInviters } from "./invitationEnds.ts";
import { findMember, membershipState } from "./membership.ts";
import { CursorMoment, pageSchema, PageQuery, readPage } from "../http/page.ts";
import { Refusal } from "../http/problem.ts";

/** Whether an invitation is still backed by an administrator. */
export const HasInviter = z.boolean().openapi({
  description:
    "Whether the person who made it is still an active administrator. If not, it cannot be accepted until another administrator renews it.",
});

/** An invitation as administrators see it. */
export const InvitationView = z
  .object({
    id: z.string(),
    ...Invitation.pick({
      email: true,
      name: true,
      role: true,
      isLead: true,
      teams: true,
      invitedBy: true,
      version: true,
    }).shape,
    state: InvitationStatus,
    hasInviter: HasInviter,
    invitedAt: Moment,
    expiresAt: Moment,
  })
  .openapi("Invitation");
const InvitationPage = pageSchema(InvitationView).openapi("InvitationPage");

/** For routes that manage invitations. */
export const managingInvitations = memberAccess("invitations", "member.manage");

/** An example invitation. */
export const invitationExample = {
  id: "0f3c8a52b1d94e6789ab01cd23ef4567",
  email: "anna@acme.example",
  name: "Anna Berg",
  role: "ACCOUNT_MANAGER" as const,
  isLead: false,
  teams: ["north"],
  invitedBy: { uid: ids.member, name: "Ada Admin" },
  version: 1,
  state: "pending" as const,
  hasInviter: true,
  invitedAt: "2026-11-20T10:00:00.000Z",
  expiresAt: "2026-12-04T10:00:00.000Z",
};

const listInvitations = queryRoute(
  {
    ...managingInvitations,
    path: "/api/v1/invitations",
    operationId: "listInvitations",
    summary:
      "The tenant's invitations, newest first; includes those that ended",
    request: { query: PageQuery },
    answer: json(InvitationPage, "A page of invitations", {
      items: [invitationExample],
      nextCursor: null,
    }),
  },
  async (c, deps) => {
    const { tenantId } = c.get("caller");
    const listing = {
      collection: at.invitations(tenantId),
      by: ["expiresAt", "desc"],
      cursor: z.tuple([CursorMoment, InvitationId]),
    } as const;
    const asked = c.req.valid("query");
    const { items, ...rest } = await readPage(asked, listing, deps);
    const inviters = await checkInviters(
      items.map(({ data }) => [tenantId, data]),
      deps,
    );
    const views = items.map(({ id, data }, n) =>
      toInvitationView(id, { ...data, hasInviter: inviters[n] === true }, deps),
    );
    return { items: views, ...rest };
  },
);

const inviteMember = commandRoute(
  {
    status: 201,
    ...managingInvitations,
    path: "/api/v1/invitations",
    operationId: "inviteMember",
    summary: "Invite a person by e-mail address",
    description:
      "Nothing changes for the person until they sign in with that verified address and accept, within 14 days. The answer does not reveal whether an account with that address exists. Inviting the same address again replaces its invitation. No mail is sent: tell them to open the console at `/invitations`.",
    request: {
      body: body(InvitationForm, {
        email: "anna@acme.example",
        name: "Anna Berg",
        role: "ACCOUNT_MANAGER",
        teams: ["north"],
      }),
    },
    answer: json(InvitationView, "The pending invitation", invitationExample),
    refusals: [404],
  },
  async (c, deps) => {
    const form = c.req.valid("json");
    const decide = () => decideInvitation(c, form, deps);
    return carryOut(c, { decide }, deps);
  },
);

/** The routes by which administrators list and create invitations. */
export const invitationRoutes: readonly Route[] = [
  listInvitations,
  inviteMember,
];

/** An invitation as administrators see it now. */
export function toInvitationView(
  id: string,
  data: Unstamped<Invitation> & { readonly hasInviter: boolean },
  { clock }: Pick<ApiDeps, "clock">,
) {
  const state = invitationStatus(data, clock.now());
  return toWire(InvitationView, { ...data, id, state });
}

/** A new invitation, or a renewal of the one that this address already has. */
async function decideInvitation(
  c: ApiContext,
  form: InvitationForm,
  deps: ApiDeps,
) {
  const { tenantId, uid } = c.get("caller");
  const id = toInvitationId(form.email);
  const ref = at.invitation(tenantId, id);
  const [known, by] = await Promise.all([
    deps.store.read(ref),
    findMember(c, uid, deps),
    refuseMember(c, form.email, deps),
    refuseTooMany(c, deps),
  ]);
  const now = deps.clock.now();
  const view = (data: Unstamped<Invitation>) =>
    toInvitationView(id, { ...data, hasInviter: true }, deps);
  if (known !== null && isRepeated(known.data, { form, uid, now }))
    return { body: view(known.data) };
  const invitedBy = { uid, name: by.data.name };
  const version = (known?.data.version ?? 0) + 1;
  const after = { ...toInvitation(form, invitedBy, now), version };
  return {
    body: view(after),
    outcome: {
      writes: [known === null ? create(ref, after) : update(known, after)],
      audit: [
        {
          action: known === null ? ("CREATE" as const) : ("UPDATE" as const),
          entity: { kind: "invitation", id },
          before: known === null ? null : pickAuditFields(known.data),
          after: { ...form, version },
          reason: "invited",
        },
      ],
    },
  };
}

/** Whether the same invitation was made less than a minute ago and is pending: then the request is a repeat. */
function isRepeated(
  data: Invitation,
  wanted: {
    readonly form: InvitationForm;
    readonly uid: Uid;
    readonly now: Date;
  },
): boolean {
  const { form, uid, now } = wanted;
  return (
    data.state === "pending" &&
    data.invitedBy.uid === uid &&
    now.getTime() - data.invitedAt.getTime() < minuteMs &&
    JSON.stringify(pickOffer(data)) === JSON.stringify(pickOffer(form))
  );
}

function pickOffer({ email, name, role, isLead, teams }: InvitationForm) {
  return { email, name, role, isLead, teams };
}

function pickAuditFields({ role, isLead, teams, state, version }: Invitation) {
  return { role, isLead, teams, state, version };
}

/** Refuses to invite an active member (409). Former members may be invited again. */
export async function refuseMember(
  c: ApiContext,
  email: string,
  { store }: Pick<ApiDeps, "store">,
): Promise<void> {
  const [member] = await store.query({
    collection: at.members(c.get("caller").tenantId),
    where: [
      ["email", "==", email],
      ["active", "==", true],
    ],
    limit: 1,
  });
  if (member === undefined) return;
  const { uid, version } = member.data;
  const current = { uid, version, state: membershipState(member.data) };
  throw new Refusal(409, `${email} is already a member.`, { current });
}

/** Refuses more pending invitations than a tenant can have (409). */
export async function refuseTooMany(
  c: ApiContext,
  { store, clock }: Pick<ApiDeps, "store" | "clock">,
): Promise<void> {
  const pending = await store.count({
    collection: at.invitations(c.get("caller").tenantId),
    where: [
      ["state", "==", "pending"],
      ["expiresAt", ">", clock.now()],
    ],
    limit: maxPending,
  });
  if (pending < maxPending) return;
  throw new Refusal(
    409,
    `${maxPending} invitations of this tenant are pending, which is the maximum. Withdraw some, or wait until they are answered.`,
  );
}
