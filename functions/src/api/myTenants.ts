import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../domain/collections.ts";
import { TenantId } from "../domain/ids.ts";
import { create, put, update } from "../pipeline/ports.ts";
import { readOrUnreadable } from "../pipeline/readOrUnreadable.ts";
import { body, json, persistently, shown } from "./answer.ts";
import { personal } from "./auth.ts";
import type { Api, ApiContext, ApiDeps } from "./context.ts";
import { alignTenants } from "./membership.ts";
import { commandProblems, Refused } from "./problem.ts";

const DefaultTenant = z.object({ tenantId: TenantId }).openapi("DefaultTenant");

const choose = createRoute({
  method: "put",
  ...personal("me"),
  path: "/api/v1/me/tenants/default",
  operationId: "chooseDefaultTenant",
  summary: "Choose which of your tenants a request means that names none",
  request: { body: body(DefaultTenant, { tenantId: "acme" }) },
  responses: {
    200: json(DefaultTenant, "Your default tenant", { tenantId: "acme" }),
    ...commandProblems(),
  },
});

const Named = z.object({ tenants: z.array(z.string()) }).openapi("MyTenants");

const refresh = createRoute({
  method: "post",
  ...personal("me"),
  path: "/api/v1/me/tenants/refresh",
  operationId: "refreshMyTenants",
  summary: "Have your next token name the tenants that you are a member of",
  description:
    "It does so by itself after each change. This mends a token that does not, should a change have ended half-way.",
  responses: {
    200: json(Named, "The tenants that your next token names", {
      tenants: ["acme"],
    }),
    ...commandProblems(),
  },
});

/** The routes by which a person of several tenants says which one they mean. Only they themself can. */
export function myTenantRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(choose, async (c) => {
    const { tenantId } = c.req.valid("json");
    const chosen = await persistently(() => chooseOnce(c, tenantId, deps));
    return c.json(shown(DefaultTenant, chosen), 200);
  });

  api.openapi(refresh, async (c) => {
    const tenants = await alignTenants(c.get("person").uid, deps);
    return c.json(shown(Named, { tenants }), 200);
  });
}

async function chooseOnce(
  c: ApiContext,
  tenantId: TenantId,
  { store, clock }: Pick<ApiDeps, "store" | "clock">,
): Promise<{ readonly tenantId: TenantId } | null> {
  const { uid } = c.get("person");
  const [member, found] = await Promise.all([
    store.read(at.member(tenantId, uid)),
    readOrUnreadable(at.person(uid), { store }),
  ]);
  const person = found === "unreadable" ? null : found;
  if (member?.data.active !== true)
    throw new Refused(403, "You are not a member of that tenant.");
  if (person?.data.defaultTenant === tenantId) return { tenantId };
  const data = { defaultTenant: tenantId };
  // What cannot be read is overwritten: this is the route that mends it.
  const anew = found === "unreadable" ? put : create;
  const write =
    person === null ? anew(at.person(uid), data) : update(person, data);
  const done = await store.commit([write], clock.now());
  return done.kind === "conflict" ? null : { tenantId };
}
