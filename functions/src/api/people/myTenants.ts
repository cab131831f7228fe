import { z } from "@hono/zod-openapi";
import { commandRoute, type Route } from "../http/route.ts";
import * as at from "../../domain/collections.ts";
import { TenantId } from "../../domain/kernel/ids.ts";
import { isActiveAdmin } from "../../domain/people/members.ts";
import { commitOutcome } from "../../delivery/commit.ts";
import { create, put, update } from "../../ports/store.ts";
import { readOrUnreadable } from "../../ports/readOrUnreadable.ts";
import { body, json } from "../http/answer.ts";
import { retryOnConflict } from "../http/command.ts";
import { personalAccess } from "../http/auth.ts";
import { type ApiContext, type ApiDeps, authorFor } from "../http/context.ts";
import { planWithdrawal } from "./invitationEnds.ts";
import { alignTenants, anotherAdmin } from "./membership.ts";
import { Refusal } from "../http/problem.ts";

const DefaultTenant = z.object({ tenantId: TenantId }).openapi("DefaultTenant");

const chooseDefaultTenant = commandRoute(
  {
    method: "put",
    ...personalAccess("me"),
    path: "/api/v1/me/tenants/default",
    operationId: "chooseDefaultTenant",
    summary: "Choose your default tenant, for requests that name none",
    request: { body: body(DefaultTenant, { tenantId: "acme" }) },
    answer: json(DefaultTenant, "Your default tenant", { tenantId: "acme" }),
  },
  async (c, deps) => {
    const { tenantId } = c.req.valid("json");
    const chosen = await retryOnConflict(() => chooseOnce(c, tenantId, deps));
    return chosen;
  },
);

const MyTenants = z
  .object({ tenants: z.array(z.string()) })
  .openapi("MyTenants");

const refreshMyTenants = commandRoute(
  {
    ...personalAccess("me"),
    path: "/api/v1/me/tenants/refresh",
    operationId: "refreshMyTenants",
    summary: "Update the tenants that your next token names",
    description:
      "This normally happens by itself after each change. Use it to repair a token if a change was interrupted.",
    answer: json(MyTenants, "The tenants that your next token names", {
      tenants: ["acme"],
    }),
  },
  async (c, deps) => {
    const tenants = await alignTenants(c.get("person").uid, deps);
    return { tenants };
  },
);

const leaveTenant = commandRoute(
  {
    ...personalAccess("me"),
    path: "/api/v1/me/tenants/{tenantId}/leave",
    operationId: "leaveTenant",
    summary: "Leave a tenant immediately",
    description:
      "Only an administrator can reactivate you. The tenant's last administrator cannot leave. Repeating the request changes nothing.",
    request: { params: z.object({ tenantId: TenantId }) },
    answer: json(MyTenants, "The tenants that your next token names", {
      tenants: ["acme"],
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { tenantId } = c.req.valid("param");
    await retryOnConflict(() => leaveOnce(c, tenantId, deps));
    // Also completes an earlier attempt that was interrupted.
    const tenants = await alignTenants(c.get("person").uid, deps);
    return { tenants };
  },
);

/** The routes by which a person manages their own tenants. Nobody can do it for them. */
export const myTenantRoutes: readonly Route[] = [
  chooseDefaultTenant,
  refreshMyTenants,
  leaveTenant,
];

/** Ends the caller's own membership; null on a conflict. */
async function leaveOnce(
  c: ApiContext,
  tenantId: TenantId,
  deps: ApiDeps,
): Promise<"left" | null> {
  const { uid } = c.get("person");
  const member = await deps.store.read(at.member(tenantId, uid));
  if (member === null)
    throw new Refusal(404, "You are not a member of that tenant.");
  if (!member.data.active) return "left";
  const { version } = member.data;
  const after = { active: false, version: version + 1 };
  const [guards, invitation] = await Promise.all([
    isActiveAdmin(member.data) ? anotherAdmin(tenantId, uid, deps) : null,
    planWithdrawal(tenantId, member.data, deps),
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
  const commit = await commitOutcome({ outcome }, authorFor(c, tenantId), deps);
  return commit.kind === "conflict" ? null : "left";
}

function notAMember(): Refusal {
  return new Refusal(403, "You are not a member of that tenant.");
}

async function chooseOnce(
  c: ApiContext,
  tenantId: TenantId,
  { store, clock }: Pick<ApiDeps, "store" | "clock">,
): Promise<{ readonly tenantId: TenantId } | null> {
  const { uid } = c.get("person");
  const [member, stored] = await Promise.all([
    store.read(at.member(tenantId, uid)),
    readOrUnreadable(at.person(uid), { store }),
  ]);
  const person = stored === "unreadable" ? null : stored;
  if (member?.data.active !== true) throw notAMember();
  if (person?.data.defaultTenant === tenantId) return { tenantId };
  const data = { defaultTenant: tenantId };
  // An unreadable document is overwritten: this route repairs it.
  const createOrPut = stored === "unreadable" ? put : create;
  const write =
    person === null ? createOrPut(at.person(uid), data) : update(person, data);
  const commit = await store.commit([write], clock.now());
  return commit.kind === "conflict" ? null : { tenantId };
}
