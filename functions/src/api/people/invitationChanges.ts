import { z } from "@hono/zod-openapi";
import { commandRoute, type Route } from "../http/route.ts";
import { withoutUndefined } from "../../domain/kernel/changes.ts";
import * as at from "../../domain/collections.ts";
import type { Unstamped } from "../../domain/kernel/document.ts";
import {
  type Invitation,
  InvitationId,
  type InvitationStatus,
  wherePending,
  invitationStatus,
} from "../../domain/people/invitation.ts";
import { MemberChange } from "../../domain/people/members.ts";
import { body, json } from "../http/answer.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import {
  invitationExample,
  InvitationView,
  toInvitationView,
  managingInvitations,
  refuseMember,
  refuseTooMany,
} from "./invitations.ts";
import { findInviter } from "./invitationEnds.ts";
import { findMember } from "./membership.ts";
import { readOr404 } from "../http/documents.ts";
import { Refusal } from "../http/problem.ts";
import { editVersioned, assertChanges, Version } from "../http/versioned.ts";

const InvitationParams = z.object({ id: InvitationId });

const changeInvitation = commandRoute(
  {
    method: "patch",
    ...managingInvitations,
    path: "/api/v1/invitations/{id}",
    operationId: "changeInvitation",
    summary: "Change what a pending invitation offers",
    request: {
      params: InvitationParams,
      body: body(MemberChange.extend({ version: Version }), {
        version: 1,
        role: "VIEWER",
      }),
    },
    answer: json(InvitationView, "The invitation as it is now", {
      ...invitationExample,
      role: "VIEWER",
      version: 2,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { version, ...wanted } = c.req.valid("json");
    assertChanges(wanted);
    const reason = "changed by an administrator";
    const asked = { id, version, reason, from: ["pending"] } as const;
    return editInvitation(
      c,
      { ...asked, patchFor: () => withoutUndefined(wanted) },
      deps,
    );
  },
);

const versionBody = body(z.object({ version: Version }), { version: 1 });

const withdrawInvitation = commandRoute(
  {
    ...managingInvitations,
    path: "/api/v1/invitations/{id}/withdraw",
    operationId: "withdrawInvitation",
    summary: "Withdraw a pending invitation",
    request: { params: InvitationParams, body: versionBody },
    answer: json(InvitationView, "The invitation as it is now", {
      ...invitationExample,
      state: "withdrawn",
      version: 2,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { version } = c.req.valid("json");
    const asked = {
      id,
      version,
      reason: "withdrawn",
      from: ["pending", "expired"],
      patchFor: () => ({ state: "withdrawn" as const }),
    } as const;
    return editInvitation(c, asked, deps);
  },
);

const renewInvitation = commandRoute(
  {
    ...managingInvitations,
    path: "/api/v1/invitations/{id}/renew",
    operationId: "renewInvitation",
    summary: "Make an invitation pending for another 14 days",
    description:
      "Works for expired, withdrawn and declined invitations too; you become the inviter. An accepted invitation cannot be renewed.",
    request: { params: InvitationParams, body: versionBody },
    answer: json(InvitationView, "The invitation as it is now", {
      ...invitationExample,
      version: 2,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { version } = c.req.valid("json");
    const asked = {
      id,
      version,
      reason: "renewed",
      from: ["pending", "expired", "withdrawn", "declined"],
      patchFor: (data: Invitation, state: InvitationStatus) =>
        renew(c, { email: data.email, state }, deps),
    } as const;
    return editInvitation(c, asked, deps);
  },
);

/** The routes by which administrators change, withdraw and renew invitations. */
export const invitationChangeRoutes: readonly Route[] = [
  changeInvitation,
  withdrawInvitation,
  renewInvitation,
];

type Patch = Partial<Unstamped<Invitation>>;

interface InvitationEdit {
  readonly id: string;
  readonly version: number;
  readonly reason: string;
  /** The states that allow this edit. */
  readonly from: readonly InvitationStatus[];
  /** The change, given the current invitation and its state. */
  readonly patchFor: (
    data: Invitation,
    state: InvitationStatus,
  ) => Patch | Promise<Patch>;
}

async function editInvitation(
  c: ApiContext,
  { id, version, reason, from, patchFor }: InvitationEdit,
  deps: ApiDeps,
) {
  const { tenantId } = c.get("caller");
  let hasInviter = false;
  return editVersioned(
    c,
    {
      kind: "invitation",
      version,
      reason,
      find: () => readOr404(at.invitation(tenantId, id), "invitation", deps),
      change: async ({ data }) => {
        const state = invitationStatus(data, deps.clock.now());
        if (!from.includes(state)) throw stateConflict(state, data.version);
        const patch = await patchFor(data, state);
        const after = { ...data, ...patch };
        hasInviter = (await findInviter(tenantId, after, deps)) !== null;
        return { patch };
      },
      view: (data) => toInvitationView(id, { ...data, hasInviter }, deps),
    },
    deps,
  );
}

/** Makes the invitation pending again, with the caller as inviter; refused wherever a new invitation would be. */
async function renew(
  c: ApiContext,
  {
    email,
    state,
  }: Pick<Invitation, "email"> & { readonly state: InvitationStatus },
  deps: ApiDeps,
): Promise<Patch> {
  const { uid } = c.get("caller");
  const [by] = await Promise.all([
    findMember(c, uid, deps),
    refuseMember(c, email, deps),
    // A pending one does not add to the number.
    state === "pending" ? null : refuseTooMany(c, deps),
  ]);
  const invitedBy = { uid, name: by.data.name };
  return { ...wherePending(deps.clock.now()), invitedBy };
}

function stateConflict(state: InvitationStatus, version: number): Refusal {
  const detail = `The invitation is ${state}. Nothing was changed.`;
  return new Refusal(409, detail, { current: { state, version } });
}
