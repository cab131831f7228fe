import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../domain/collections.ts";
import { Member, Permission, permissionsOf } from "../domain/roles.ts";
import { json, shown } from "./answer.ts";
import type { Api, ApiDeps } from "./context.ts";
import { ids } from "./examples.ts";
import { findMember } from "./membership.ts";
import { queryProblems } from "./problem.ts";

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

/** The route by which a front end learns what to offer. */
export function meRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(me, async (c) => {
    const { tenantId, tenants, uid, actor } = c.get("caller");
    const [{ data }, tenant] = await Promise.all([
      findMember(c, uid, deps),
      deps.store.read(at.tenant(tenantId)),
    ]);
    const name = tenant?.data.name ?? tenantId;
    const you = {
      ...data,
      permissions: permissionsOf(actor),
      tenant: { id: tenantId, name },
      tenants,
    };
    return c.json(shown(Me, you), 200);
  });
}
