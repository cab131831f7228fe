import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { TenantId } from "../../domain/kernel/ids.ts";
import { isActiveAdmin } from "../../domain/people/members.ts";
import { commitOutcome } from "../../delivery/commit.ts";
import { create, put, update } from "../../ports/store.ts";
import { readOrUnreadable } from "../../ports/readOrUnreadable.ts";
import { body, json, persistently, shown } from "../http/answer.ts";
import { personal } from "../http/auth.ts";
import {
  type Api,
  type ApiContext,
  type ApiDeps,
  authorIn,
} from "../http/context.ts";
import { withdrawalOf } from "./invitationEnds.ts";
import { alignTenants, anotherAdmin } from "./membership.ts";
import { commandProblems, Refused } from "../http/problem.ts";

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

const leave = createRoute({
  method: "post",
  ...personal("me"),
  path: "/api/v1/me/tenants/{tenantId}/leave",
  operationId: "leaveTenant",
  summary: "End your own membership of a tenant, at once",
  description:
    "Only an administrator can let you in again. The tenant's last administrator cannot leave. Asked for twice, it changes nothing more.",
  request: { params: z.object({ tenantId: TenantId }) },
  responses: {
    200: json(Named, "The tenants that your next token names", {
      tenants: ["acme"],
    }),
    ...commandProblems(404),
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

  api.openapi(leave, async (c) => {
    const { tenantId } = c.req.valid("param");
    await persistently(() => leaveOnce(c, tenantId, deps));
    // Also for whom an earlier try was left half done.
    const tenants = await alignTenants(c.get("person").uid, deps);
    return c.json(shown(Named, { tenants }), 200);
  });
}

/** Ends the caller's own membership; null where somebody else was faster. */
async function leaveOnce(
  c: ApiContext,
  tenantId: TenantId,
  deps: ApiDeps,
): Promise<"left" | null> {
  const { uid } = c.get("person");
  const member = await deps.store.read(at.member(tenantId, uid));
  if (member === null)
    throw new Refused(404, "You are not a member of that tenant.");
  if (!member.data.active) return "left";
  const { version } = member.data;
  const after = { active: false, version: version + 1 };
  const [guards, invitation] = await Promise.all([
    isActiveAdmin(member.data) ? anotherAdmin(tenantId, uid, deps) : null,
    withdrawalOf(tenantId, member.data, deps),
  ]);
  const outcome = {
    writes: [
      update(member, after),
      ...(guards === null ? [] : [guards]),
      ...invitation.writes,
    ],
    audit: [
      {
        action: "UPDATE" as const,
        entity: { kind: "member", id: uid },
        before: { active: true, version },
        after,
        reason: "left the tenant",
      },
      ...invitation.audit,
    ],
  };
  const done = await commitOutcome({ outcome }, authorIn(c, tenantId), deps);
  return done.kind === "conflict" ? null : "left";
}

function isNoMember(): Refused {
  return new Refused(403, "You are not a member of that tenant.");
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
  if (member?.data.active !== true) throw isNoMember();
  if (person?.data.defaultTenant === tenantId) return { tenantId };
  const data = { defaultTenant: tenantId };
  // What cannot be read is overwritten: this is the route that mends it.
  const anew = found === "unreadable" ? put : create;
  const write =
    person === null ? anew(at.person(uid), data) : update(person, data);
  const done = await store.commit([write], clock.now());
  return done.kind === "conflict" ? null : { tenantId };
}
