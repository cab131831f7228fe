import { z } from "@hono/zod-openapi";
import { withoutUndefined } from "../../domain/kernel/changes.ts";
import type { Uid } from "../../domain/kernel/ids.ts";
import { endsAdmin, MemberChange } from "../../domain/people/members.ts";
import type { Member } from "../../domain/people/roles.ts";
import { body, json, toWire } from "../http/answer.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import {
  managingMembers,
  memberExample,
  MemberView,
  MemberParams,
} from "./members.ts";
import { planWithdrawal } from "./invitationEnds.ts";
import {
  alignTenants,
  anotherAdmin,
  findMember,
  assertFitsToken,
} from "./membership.ts";
import { commandRoute, type Route } from "../http/route.ts";
import { editVersioned, assertChanges, Version } from "../http/versioned.ts";

const changeMember = commandRoute(
  {
    method: "patch",
    ...managingMembers,
    path: "/api/v1/members/{uid}",
    operationId: "changeMember",
    summary: "Change a member's name, role, teams or lead flag",
    description: "Takes effect from their next request.",
    request: {
      params: MemberParams,
      body: body(MemberChange.extend({ version: Version }), {
        version: 1,
        isLead: true,
      }),
    },
    answer: json(MemberView, "The member as they are now", {
      ...memberExample,
      isLead: true,
      version: 2,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { uid } = c.req.valid("param");
    const { version, ...wanted } = c.req.valid("json");
    assertChanges(wanted);
    const reason = "changed by an administrator";
    return editMember(
      c,
      { uid, version, patch: withoutUndefined(wanted), reason },
      deps,
    );
  },
);

function setActive(
  verb: "activate" | "deactivate",
  { summary, reason }: { readonly summary: string; readonly reason: string },
): Route {
  const active = verb === "activate";
  return commandRoute(
    {
      ...managingMembers,
      path: `/api/v1/members/{uid}/${verb}`,
      operationId: `${verb}Member`,
      summary,
      description:
        "Applies to this tenant only, from their next request; their memberships of other tenants and their sessions are not affected. A pending invitation to their address is withdrawn. Repeating the request changes nothing.",
      request: {
        params: MemberParams,
        body: body(z.object({ version: Version }), { version: 1 }),
      },
      answer: json(MemberView, "The member as they are now", {
        ...memberExample,
        active,
        version: 2,
      }),
      refusals: [404],
    },
    async (c, deps) => {
      const { uid } = c.req.valid("param");
      const { version } = c.req.valid("json");
      const { data } = await findMember(c, uid, deps);
      const asked = { uid, version, patch: { active }, reason };
      // The answer is kept only once the token claim is updated too: a run that crashes in between is repeated and does the rest.
      const member =
        data.active === active
          ? data
          : await editMember(c, { ...asked, isStep: true }, deps);
      await alignTenants(uid, deps);
      return member;
    },
  );
}

/** The routes by which administrators change members and end or reactivate memberships. */
export const memberChangeRoutes: readonly Route[] = [
  changeMember,
  setActive("activate", {
    summary: "Reactivate a member",
    reason: "let in again",
  }),
  setActive("deactivate", {
    summary: "End a membership immediately",
    reason: "membership ended",
  }),
];

const tooMany =
  "This person already belongs to as many tenants as one sign-in can name. They must leave one before they can be reactivated.";

interface MemberEdit {
  readonly uid: Uid;
  readonly version: number;
  readonly patch: Partial<
    Pick<Member, "name" | "role" | "teams" | "isLead" | "active">
  >;
  readonly reason: string;
  readonly isStep?: true;
}

async function editMember(
  c: ApiContext,
  { patch, ...asked }: MemberEdit,
  deps: ApiDeps,
) {
  const { uid } = asked;
  const { tenantId } = c.get("caller");
  return editVersioned(
    c,
    {
      kind: "member",
      ...asked,
      view: (data) => toWire(MemberView, data),
      find: () => findMember(c, uid, deps),
      change: async ({ data }) => {
        if (patch.active === true)
          await assertFitsToken({ uid, tenantId }, tooMany, deps);
        const { writes, audit } =
          patch.active === undefined
            ? { writes: [], audit: [] }
            : await planWithdrawal(tenantId, data, deps);
        const guards = endsAdmin(data, patch)
          ? [await anotherAdmin(tenantId, uid, deps)]
          : [];
        return { patch, writes: [...guards, ...writes], audit };
      },
    },
    deps,
  );
}
