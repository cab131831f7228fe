import { z } from "@hono/zod-openapi";
import { commandRoute, queryRoute, type Route } from "../http/route.ts";
import * as at from "../../domain/collections.ts";
import {
  Member,
  Permission,
  listPermissions,
} from "../../domain/people/roles.ts";
import { update } from "../../ports/store.ts";
import { body, json } from "../http/answer.ts";
import { carryOut } from "../http/command.ts";
import { ids } from "../http/examples.ts";
import { findMember } from "./membership.ts";
import { badField } from "../http/problem.ts";

const Me = z
  .object({
    ...Member.pick({
      uid: true,
      email: true,
      name: true,
      role: true,
      isLead: true,
      teams: true,
    }).shape,
    permissions: z.array(Permission),
    tenant: z.object({ id: z.string(), name: z.string() }),
    tenants: z.array(z.string()).openapi({
      description: "All tenants that the token names; X-Tenant-ID selects one.",
    }),
  })
  .openapi("Me");

const getMe = queryRoute(
  {
    tags: ["me"],
    security: [{ bearer: [] as string[] }],
    path: "/api/v1/me",
    operationId: "getMe",
    summary: "Who you are in this tenant, and what you may do",
    answer: json(Me, "You", {
      uid: ids.member,
      email: "anna@acme.example",
      name: "Anna Berg",
      role: "ACCOUNT_MANAGER",
      isLead: false,
      teams: ["north"],
      permissions: ["opportunity.read", "opportunity.approve"],
      tenant: { id: "acme", name: "Acme Consulting" },
      tenants: ["acme"],
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { tenantId, tenants, uid, actor } = c.get("caller");
    const [{ data }, tenant] = await Promise.all([
      findMember(c, uid, deps),
      deps.store.read(at.tenant(tenantId)),
    ]);
    const name = tenant?.data.name ?? tenantId;
    const you = {
      ...data,
      permissions: listPermissions(actor),
      tenant: { id: tenantId, name },
      tenants,
    };
    return you;
  },
);

const Views = z.object(Member.pick({ views: true }).shape).openapi("Views");
const viewsExample = {
  views: [{ name: "Big news", search: '{"minScore":80,"source":["rss"]}' }],
};

const setMyViews = commandRoute(
  {
    method: "put",
    tags: ["me"],
    security: [{ bearer: [] as string[] }],
    path: "/api/v1/me/views",
    operationId: "setMyViews",
    summary: "Replace all your saved views of the inbox",
    request: { body: body(Views, viewsExample) },
    answer: json(Views, "Your views", viewsExample),
    refusals: [404],
  },
  async (c, deps) => {
    const { views } = c.req.valid("json");
    if (new Set(views.map(({ name }) => name)).size < views.length)
      throw badField("views", "must have different names");
    const { uid } = c.get("caller");
    const decide = async () => {
      const read = await findMember(c, uid, deps);
      const audit = {
        action: "UPDATE" as const,
        entity: { kind: "member", id: uid },
        before: { views: read.data.views.length },
        after: { views: views.length },
        reason: "views kept",
      };
      const writes = [update(read, { views })];
      return { body: { views }, outcome: { writes, audit: [audit] } };
    };
    return carryOut(c, { decide }, deps);
  },
);

/** The routes by which a front end learns what the person may do, and saves their views. */
export const meRoutes: readonly Route[] = [setMyViews, getMe];
