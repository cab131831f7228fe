import { createRoute, z } from "@hono/zod-openapi";
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
import type { Read } from "../../ports/store.ts";
import { body, json } from "../http/answer.ts";
import type { Api, ApiContext, ApiDeps } from "../http/context.ts";
import {
  invitationExample,
  InvitationView,
  invitationView,
  managingInvitations,
  refuseMember,
  refuseTooMany,
} from "./invitations.ts";
import { inviterOf } from "./invitationEnds.ts";
import { findMember } from "./membership.ts";
import { commandProblems, Refused } from "../http/problem.ts";
import { edit, mustChange, Version } from "../http/versioned.ts";

const OfInvitation = z.object({ id: InvitationId });

const change = createRoute({
  method: "patch",
  ...managingInvitations,
  path: "/api/v1/invitations/{id}",
  operationId: "changeInvitation",
  summary: "Change what a pending invitation offers",
  request: {
    params: OfInvitation,
    body: body(MemberChange.extend({ version: Version }), {
      version: 1,
      role: "VIEWER",
    }),
  },
  responses: {
    200: json(InvitationView, "The invitation as it is now", {
      ...invitationExample,
      role: "VIEWER",
      version: 2,
    }),
    ...commandProblems(404),
  },
});

const withVersion = body(z.object({ version: Version }), { version: 1 });

const withdraw = createRoute({
  method: "post",
  ...managingInvitations,
  path: "/api/v1/invitations/{id}/withdraw",
  operationId: "withdrawInvitation",
  summary: "Take a pending invitation back",
  request: { params: OfInvitation, body: withVersion },
  responses: {
    200: json(InvitationView, "The invitation as it is now", {
      ...invitationExample,
      state: "withdrawn",
      version: 2,
    }),
    ...commandProblems(404),
  },
});

const renew = createRoute({
  method: "post",
  ...managingInvitations,
  path: "/api/v1/invitations/{id}/renew",
  operationId: "renewInvitation",
  summary: "Make an invitation pending for another 14 days",
  description:
    "Also one that expired, was withdrawn or declined; it is yours from then on. One that was accepted has become a membership.",
  request: { params: OfInvitation, body: withVersion },
  responses: {
    200: json(InvitationView, "The invitation as it is now", {
      ...invitationExample,
      version: 2,
    }),
    ...commandProblems(404),
  },
});

/** The routes by which administrators change, take back and renew invitations. */
export function invitationChangeRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(change, async (c) => {
    const { id } = c.req.valid("param");
    const { version, ...wanted } = c.req.valid("json");
    mustChange(wanted);
    const reason = "changed by an administrator";
    const asked = { id, version, reason, from: ["pending"] } as const;
    return c.json(
      await changed(
        c,
        { ...asked, patchFor: () => withoutUndefined(wanted) },
        deps,
      ),
      200,
    );
  });

  api.openapi(withdraw, async (c) => {
    const { id } = c.req.valid("param");
    const { version } = c.req.valid("json");
    const asked = {
      id,
      version,
      reason: "withdrawn",
      from: ["pending", "expired"],
      patchFor: () => ({ state: "withdrawn" as const }),
    } as const;
    return c.json(await changed(c, asked, deps), 200);
  });

  api.openapi(renew, async (c) => {
    const { id } = c.req.valid("param");
    const { version } = c.req.valid("json");
    const asked = {
      id,
      version,
      reason: "renewed",
      from: ["pending", "expired", "withdrawn", "declined"],
      patchFor: (data: Invitation, state: InvitationStatus) =>
        renewal(c, data, state, deps),
    } as const;
    return c.json(await changed(c, asked, deps), 200);
  });
}

type Patch = Partial<Unstamped<Invitation>>;

interface Asked {
  readonly id: string;
  readonly version: number;
  readonly reason: string;
  /** How the invitation may stand for this. */
  readonly from: readonly InvitationStatus[];
  /** What becomes of it, as it stands. */
  readonly patchFor: (
    data: Invitation,
    state: InvitationStatus,
  ) => Patch | Promise<Patch>;
}

async function changed(
  c: ApiContext,
  { id, version, reason, from, patchFor }: Asked,
  deps: ApiDeps,
) {
  const { tenantId } = c.get("caller");
  let hasInviter = false;
  return edit(
    c,
    {
      kind: "invitation",
      version,
      reason,
      find: () => findInvitation(c, id, deps),
      change: async ({ data }) => {
        const state = invitationStatus(data, deps.clock.now());
        if (!from.includes(state)) throw hasEnded(state, data.version);
        const patch = await patchFor(data, state);
        const after = { ...data, ...patch };
        hasInviter = (await inviterOf(tenantId, after, deps)) !== null;
        return { patch };
      },
      view: (data) => invitationView(id, { ...data, hasInviter }, deps),
    },
    deps,
  );
}

/** What makes it pending once more, by the word of who asks for that; refused where it could not be made anew either. */
async function renewal(
  c: ApiContext,
  { email }: Pick<Invitation, "email">,
  state: InvitationStatus,
  deps: ApiDeps,
): Promise<Patch> {
  const { uid } = c.get("caller");
  const [by] = await Promise.all([
    findMember(c, uid, deps),
    refuseMember(c, email, deps),
    // One that is pending anyway adds none.
    state === "pending" ? null : refuseTooMany(c, deps),
  ]);
  const invitedBy = { uid, name: by.data.name };
  return { ...wherePending(deps.clock.now()), invitedBy };
}

async function findInvitation(
  c: ApiContext,
  id: string,
  { store }: Pick<ApiDeps, "store">,
): Promise<Read<Invitation>> {
  const { tenantId } = c.get("caller");
  const read = await store.read(at.invitation(tenantId, id));
  if (read === null) throw new Refused(404, "There is no such invitation.");
  return read;
}

function hasEnded(state: InvitationStatus, version: number): Refused {
  const detail = `The invitation is ${state}: nothing was changed.`;
  return new Refused(409, detail, { current: { state, version } });
}
