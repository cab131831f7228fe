import { z } from "@hono/zod-openapi";
import { queryRoute, type Route } from "../http/route.ts";
import * as at from "../../domain/collections.ts";
import { Uid } from "../../domain/kernel/ids.ts";
import { Member } from "../../domain/people/roles.ts";
import { json } from "../http/answer.ts";
import { memberAccess } from "../http/auth.ts";
import { ids } from "../http/examples.ts";
import { findMember } from "./membership.ts";
import {
  CursorText,
  pageSchema,
  PageQuery,
  readEntries,
} from "../http/page.ts";

/** A member as the API shows it. */
export const MemberView = z
  .object(
    Member.omit({ schemaVersion: true, createdAt: true, updatedAt: true })
      .shape,
  )
  .openapi("Member");
const MemberPage = pageSchema(MemberView).openapi("MemberPage");
/** The path of a member. */
export const MemberParams = z.object({ uid: Uid });
/** For routes that manage members. */
export const managingMembers = memberAccess("members", "member.manage");

/** An example member. */
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

const listMembers = queryRoute(
  {
    ...managingMembers,
    path: "/api/v1/members",
    operationId: "listMembers",
    summary: "The tenant's members, by name; includes former members",
    request: { query: PageQuery },
    answer: json(MemberPage, "A page of members", {
      items: [memberExample],
      nextCursor: null,
    }),
  },
  async (c, deps) => {
    const listing = {
      collection: at.members(c.get("caller").tenantId),
      by: ["name", "asc"],
      cursor: z.tuple([CursorText, Uid]),
    } as const;
    return readEntries(c.req.valid("query"), listing, deps);
  },
);

const getMember = queryRoute(
  {
    ...managingMembers,
    path: "/api/v1/members/{uid}",
    operationId: "getMember",
    summary: "A member",
    request: { params: MemberParams },
    answer: json(MemberView, "The member", memberExample),
    refusals: [404],
  },
  async (c, deps) => {
    const read = await findMember(c, c.req.valid("param").uid, deps);
    return read.data;
  },
);

/** The routes by which administrators read the tenant's members. */
export const memberRoutes: readonly Route[] = [listMembers, getMember];
