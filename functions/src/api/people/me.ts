import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import {
  Member,
  Permission,
  listPermissions,
} from "../../domain/people/roles.ts";
import { update } from "../../ports/store.ts";
import { body, json, persistently, shown } from "../http/answer.ts";
import type { Api, ApiDeps } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import { commitAnswered } from "../http/idempotency.ts";
import { findMember } from "./membership.ts";
import { badField, commandProblems, queryProblems } from "../http/problem.ts";

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
      description: "All that the token names; X-Tenant-ID says which is meant.",
    }),
  })
  .openapi("Me");

const me = createRoute({
  method: "get",
  tags: ["me"],
  security: [{ bearer: [] as string[] }],
  path: "/api/v1/me",
  operationId: "getMe",
  summary: "Who you are in this tenant, and what you may do",
  responses: {
    200: json(Me, "You", {
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
    ...queryProblems(404),
  },
});

const Views = z.object(Member.pick({ views: true }).shape).openapi("Views");
const viewsExample = {
  views: [{ name: "Big news", search: '{"minScore":80,"source":["rss"]}' }],
};

const setViews = createRoute({
  method: "put",
  tags: ["me"],
  security: [{ bearer: [] as string[] }],
  path: "/api/v1/me/views",
  operationId: "setMyViews",
  summary: "Keep your views of the inbox, all of them at once",
  request: { body: body(Views, viewsExample) },
  responses: {
    200: json(Views, "Your views", viewsExample),
    ...commandProblems(404),
  },
});

/** The routes by which a front end learns what to offer, and keeps what a person likes to look at. */
export function meRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(setViews, async (c) => {
    const { views } = c.req.valid("json");
    if (new Set(views.map(({ name }) => name)).size < views.length)
      throw badField("views", "must not share a name");
    const { uid } = c.get("caller");
    const kept = await persistently(async () => {
      const read = await findMember(c, uid, deps);
      const answer = { status: 200, body: { views } };
      const outcome = {
        writes: [update(read, { views })],
        audit: [
          {
            action: "UPDATE" as const,
            entity: { kind: "member", id: uid },
            before: { views: read.data.views.length },
            after: { views: views.length },
            reason: "views kept",
          },
        ],
      };
      const done = await commitAnswered(c, { outcome, answer }, deps);
      return done.kind === "conflict" ? null : { views };
    });
    return c.json(shown(Views, kept), 200);
  });

  api.openapi(me, async (c) => {
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
    return c.json(shown(Me, you), 200);
  });
}
