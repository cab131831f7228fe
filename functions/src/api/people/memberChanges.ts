import { createRoute, z } from "@hono/zod-openapi";
import { withoutUndefined } from "../../domain/kernel/changes.ts";
import type { Uid } from "../../domain/kernel/ids.ts";
import { endsAdmin, MemberChange } from "../../domain/people/members.ts";
import type { Member } from "../../domain/people/roles.ts";
import { body, json, shown } from "../http/answer.ts";
import type { Api, ApiContext, ApiDeps } from "../http/context.ts";
import {
  managingMembers,
  memberExample,
  MemberView,
  OfMember,
} from "./members.ts";
import { withdrawalOf } from "./invitationEnds.ts";
import {
  alignTenants,
  anotherAdmin,
  findMember,
  mustFitToken,
} from "./membership.ts";
import { commandProblems } from "../http/problem.ts";
import { edit, mustChange, Version } from "../http/versioned.ts";

const change = createRoute({
  method: "patch",
  ...managingMembers,
  path: "/api/v1/members/{uid}",
  operationId: "changeMember",
  summary: "Change a member's name, role, teams or lead flag",
  description: "Holds from their next request on.",
  request: {
    params: OfMember,
    body: body(MemberChange.extend({ version: Version }), {
      version: 1,
      isLead: true,
    }),
  },
  responses: {
    200: json(MemberView, "The member as they are now", {
      ...memberExample,
      isLead: true,
      version: 2,
    }),
    ...commandProblems(404),
  },
});

const setActive = (verb: "activate" | "deactivate", summary: string) =>
  createRoute({
    method: "post",
    ...managingMembers,
    path: `/api/v1/members/{uid}/${verb}`,
    operationId: `${verb}Member`,
    summary,
    description:
      "It holds for this tenant alone, from their next request on; what they are in other tenants, and their sessions, are left alone. A pending invitation of their address is withdrawn with it. Asked for twice, it changes nothing more.",
    request: {
      params: OfMember,
      body: body(z.object({ version: Version }), { version: 1 }),
    },
    responses: {
      200: json(MemberView, "The member as they are now", {
        ...memberExample,
        active: verb === "activate",
        version: 2,
      }),
      ...commandProblems(404),
    },
  });

/** The routes by which administrators change what a member is, and end a membership. */
export function memberChangeRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(change, async (c) => {
    const { uid } = c.req.valid("param");
    const { version, ...wanted } = c.req.valid("json");
    mustChange(wanted);
    const reason = "changed by an administrator";
    const asked = { uid, version, patch: withoutUndefined(wanted), reason };
    return c.json(await changed(c, asked, deps), 200);
  });

  const routes = [
    [setActive("activate", "Let a member in again"), true],
    [setActive("deactivate", "End a membership, at once"), false],
  ] as const;
  for (const [route, active] of routes) {
    api.openapi(route, async (c) => {
      const { uid } = c.req.valid("param");
      const { version } = c.req.valid("json");
      const reason = active ? "let in again" : "membership ended";
      const known = await findMember(c, uid, deps);
      // The answer is kept once the claim follows too: a run that dies between is repeated, and does the rest.
      const asked = { uid, version, patch: { active }, reason } as const;
      const view =
        known.data.active === active
          ? shown(MemberView, known.data)
          : await changed(c, { ...asked, isPart: true }, deps);
      await alignTenants(uid, deps);
      return c.json(view, 200);
    });
  }
}

const tooMany =
  "They belong to as many tenants as one sign-in can name. They have to leave one before they can be let in again.";

interface Asked {
  readonly uid: Uid;
  readonly version: number;
  readonly patch: Partial<
    Pick<Member, "name" | "role" | "teams" | "isLead" | "active">
  >;
  readonly reason: string;
  readonly isPart?: true;
}

async function changed(
  c: ApiContext,
  { patch, ...asked }: Asked,
  deps: ApiDeps,
) {
  const { uid } = asked;
  const { tenantId } = c.get("caller");
  return edit(
    c,
    {
      kind: "member",
      ...asked,
      view: (data) => shown(MemberView, data),
      find: () => findMember(c, uid, deps),
      change: async ({ data }) => {
        if (patch.active === true)
          await mustFitToken(uid, tenantId, tooMany, deps);
        const { writes, audit } =
          patch.active === undefined
            ? { writes: [], audit: [] }
            : await withdrawalOf(tenantId, data, deps);
        const guards = endsAdmin(data, patch)
          ? [await anotherAdmin(tenantId, uid, deps)]
          : [];
        return { patch, writes: [...guards, ...writes], audit };
      },
    },
    deps,
  );
}
