import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { Uid } from "../../domain/kernel/ids.ts";
import { Member } from "../../domain/people/roles.ts";
import { json, shown } from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import type { Api, ApiDeps } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import { findMember } from "./membership.ts";
import {
  CursorText,
  page,
  pageOf,
  PageQuery,
  startAfter,
} from "../http/page.ts";
import { queryProblems } from "../http/problem.ts";

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

/** The routes by which administrators see who belongs to the tenant. */
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
}
