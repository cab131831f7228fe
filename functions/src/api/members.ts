import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../domain/collections.ts";
import { Uid } from "../domain/ids.ts";
import { Invitation } from "../domain/members.ts";
import { Member } from "../domain/roles.ts";
import { commitOutcome } from "../pipeline/commit.ts";
import { create } from "../pipeline/ports.ts";
import { body, json, shown } from "./answer.ts";
import { permitted } from "./auth.ts";
import { type Api, type ApiDeps, authorOf } from "./context.ts";
import { ids } from "./examples.ts";
import { alignAccess, findMember, standsActive } from "./membership.ts";
import { CursorText, page, pageOf, PageQuery, startAfter } from "./page.ts";
import { commandProblems, queryProblems, Refused } from "./problem.ts";

/** A member on the wire. */
export const MemberView = z
  .object(
    Member.omit({ schemaVersion: true, createdAt: true, updatedAt: true })
      .shape,
  )
  .openapi("Member");
const MemberPage = pageOf(MemberView).openapi("MemberPage");
/** A member's uid in a path. */
export const OfMember = z.object({ uid: Uid });
/** What the routes have in common that manage members. */
export const managingMembers = permitted("members", "member.manage");

/** A member in examples. */
export const memberExample = {
  uid: ids.member,
  email: "anna@acme.example",
  name: "Anna Berg",
  role: "ACCOUNT_MANAGER" as const,
  isLead: false,
  teams: ["north"],
  active: true,
  version: 1,
};

const list = createRoute({
  method: "get",
  ...managingMembers,
  path: "/api/v1/members",
  operationId: "listMembers",
  summary: "The tenant's members, by name; those who have left too",
  request: { query: PageQuery },
  responses: {
    200: json(MemberPage, "A page of members", {
      items: [memberExample],
      nextCursor: null,
    }),
    ...queryProblems(),
  },
});

const one = createRoute({
  method: "get",
  ...managingMembers,
  path: "/api/v1/members/{uid}",
  operationId: "getMember",
  summary: "A member",
  request: { params: OfMember },
  responses: {
    200: json(MemberView, "The member", memberExample),
    ...queryProblems(404),
  },
});

const invite = createRoute({
  method: "post",
  ...managingMembers,
  path: "/api/v1/members",
  operationId: "inviteMember",
  summary: "Invite a person by e-mail address",
  description:
    "They sign in with Google by that address, and belong to the tenant from then on. Whoever is signed in already has to sign in anew.",
  request: {
    body: body(Invitation, {
      email: "anna@acme.example",
      name: "Anna Berg",
      role: "ACCOUNT_MANAGER",
      teams: ["north"],
    }),
  },
  responses: {
    201: json(MemberView, "The new member", memberExample),
    ...commandProblems(404),
  },
});

/** The routes by which administrators see who belongs to the tenant, and invite more. */
export function memberRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const reads = await deps.store.query({
      collection: at.members(c.get("caller").tenantId),
      where: [],
      orderBy: [
        ["name", "asc"],
        ["__name__", "asc"],
      ],
      limit: limit + 1,
      ...startAfter(cursor, z.tuple([CursorText, Uid])),
    });
    const { items, ...rest } = page(reads, limit, ({ id, data }) => [
      data.name,
      id,
    ]);
    const members = items.map(({ data }) => data);
    return c.json(shown(MemberPage, { items: members, ...rest }), 200);
  });

  api.openapi(one, async (c) => {
    const read = await findMember(c, c.req.valid("param").uid, deps);
    return c.json(shown(MemberView, read.data), 200);
  });

  api.openapi(invite, async (c) => {
    const invitation = c.req.valid("json");
    const { tenantId } = c.get("caller");
    const { email, name } = invitation;
    const uid = await deps.people.findOrInvite(email, name);
    if (uid === null) {
      const detail = `Somebody signed up as ${email} by a password and has not shown that the address is theirs; they have to confirm it first.`;
      throw new Refused(409, detail);
    }
    const member = {
      uid,
      ...invitation,
      active: true,
      version: 1,
      views: [],
    };
    const entity = { kind: "member", id: uid };
    const reason = "invited";
    // Its answer is kept only once the claim is granted too: a run that dies between is repeated, and does the rest.
    const done = await commitOutcome(
      {
        writes: [create(at.member(tenantId, uid), member)],
        audit: [
          { action: "CREATE", entity, before: null, after: member, reason },
        ],
      },
      authorOf(c),
      [],
      deps,
    );
    // Also for whom it was left half done: the claim follows from the member, however often.
    await alignAccess(c, uid, deps);
    if (done.kind === "conflict") {
      const { data } = await findMember(c, uid, deps);
      const current = { uid, version: data.version, state: standsActive(data) };
      throw new Refused(409, `${email} is a member already.`, { current });
    }
    return c.json(shown(MemberView, member), 201);
  });
}
