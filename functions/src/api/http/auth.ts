import type { MiddlewareHandler } from "hono";
import * as at from "../../domain/collections.ts";
import type { TenantId, Uid } from "../../domain/kernel/ids.ts";
import { byPreference } from "../../domain/people/person.ts";
import {
  audienceKeys,
  hasPermission,
  type Member,
  type Permission,
} from "../../domain/people/roles.ts";
import { commitOutcome } from "../../delivery/commit.ts";
import type { Query, Read } from "../../ports/store.ts";
import { readOrUnreadable } from "../../ports/readOrUnreadable.ts";
import type {
  ApiContext,
  ApiDeps,
  ApiEnv,
  Caller,
  SignedInPerson,
} from "./context.ts";
import type { Tag } from "./description.ts";
import { isPersonalPath } from "./personalPaths.ts";
import { Refusal } from "./problem.ts";
import { countPerson } from "./rateLimit.ts";

/**
 * Lets in whoever carries a valid token and is an active member of the tenant. The token says which tenants they belong
 * to; their permissions are read from the member document on each request, so that a demotion takes effect at once.
 */
export function authenticate(deps: ApiDeps): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const person = await verifyToken(c, deps);
    c.set("person", person);
    const isPersonal = isPersonalPath(c.req.path);
    const tenantId = person.tenants[0] ?? null;
    // Before anything is written for them; without a tenant they are refused before the database is read.
    if (tenantId !== null || isPersonal)
      await countPerson(c, { tenantId, id: person.uid }, deps);
    if (isPersonal) return next();
    const caller = await findCaller(c, person, deps);
    c.set("caller", caller);
    await next();
  };
}

/** For routes of a signed-in person: tag, security, and commands carried out once per Idempotency-Key. */
export function personalAccess(tag: Tag) {
  return {
    tags: [tag],
    security: [{ bearer: [] as string[] }],
    /** Appears in the description: open to anyone signed in, even without a tenant. */
    "x-personal": true,
    middleware: ((c, next) =>
      c.get("once")(c, next)) satisfies MiddlewareHandler<ApiEnv>,
  };
}

/** The caller as a member of the tenant that they mean. */
async function findCaller(
  c: ApiContext,
  person: SignedInPerson,
  deps: ApiDeps,
): Promise<Caller> {
  const { tenantId, member } = await findMembership(c, person, deps);
  if (member === null) {
    throw new Refusal(
      403,
      "You are not a member of this tenant. One of its administrators can invite you.",
    );
  }
  if (!member.data.active) {
    throw new Refusal(
      403,
      "Your membership of this tenant has ended. One of its administrators can reactivate it.",
    );
  }
  const { uid, tenants } = person;
  const actor = { ...member.data, uid };
  return { tenantId, tenants, uid, actor };
}

/** Checks the caller's permission before the request is parsed, then carries out a command once per Idempotency-Key. */
function requirePermission(permission: Permission): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { actor } = c.get("caller");
    if (!hasPermission(actor, permission))
      throw missingPermission(actor, permission);
    return c.get("once")(c, next);
  };
}

/** The refusal of a caller whose role lacks the permission. */
export function missingPermission(
  { role }: Pick<Caller["actor"], "role">,
  permission: Permission,
): Refusal {
  const detail = `The role ${role} does not have the permission ${permission}.`;
  return new Refusal(403, detail);
}

/** For routes of members with this permission: tag, security, permission check, and commands carried out once per Idempotency-Key. */
export function memberAccess(tag: Tag, permission: Permission) {
  return {
    tags: [tag],
    security: [{ bearer: [] as string[] }],
    /** Appears in the description: the sweep over all routes tests it. */
    "x-permission": permission,
    middleware: requirePermission(permission),
  };
}

/** The filter that limits a list to what the caller may see. */
export function audienceFilter({ actor }: Caller): Query<unknown>["where"] {
  if (actor.role !== "ACCOUNT_MANAGER") return [];
  return [["audience", "array-contains-any", audienceKeys(actor)]];
}

/** Refuses a tenant that is not the caller's, and audits the attempt in the caller's own. */
export async function refuseForeignTenant(
  c: ApiContext,
  { uid, wanted, own }: { uid: Uid; wanted: string; own: TenantId | undefined },
  deps: ApiDeps,
): Promise<never> {
  const traceId = c.get("requestId");
  const facts = { uid, wanted: wanted.slice(0, 200), traceId };
  deps.log.write("WARNING", "a foreign tenant was asked for", facts);
  if (own !== undefined) {
    await commitOutcome(
      {
        outcome: {
          audit: [
            {
              action: "VIEW",
              entity: { kind: "tenant", id: facts.wanted },
              before: null,
              after: { method: c.req.method, path: c.req.path.slice(0, 500) },
              reason: "refused: not one of the caller's tenants",
            },
          ],
        },
      },
      {
        tenantId: own,
        actor: uid,
        origin: { traceId, runId: null, causedBy: null },
      },
      deps,
    );
  }
  throw new Refusal(403, "You do not belong to that tenant.");
}

async function verifyToken(
  c: ApiContext,
  deps: ApiDeps,
): Promise<SignedInPerson> {
  const header = c.req.header("Authorization") ?? "";
  const token = /^Bearer +([^\s]{1,8192})$/i.exec(header)?.[1];
  if (token === undefined) {
    throw new Refusal(401, "Send an ID token: Authorization: Bearer <token>.");
  }
  const person = await deps.identity.verify(token);
  if (person === null) {
    throw new Refusal(401, "The token has expired or is not valid here.");
  }
  return person;
}

interface Membership {
  readonly tenantId: TenantId;
  readonly member: Read<Member> | null;
}

async function findMembership(
  c: ApiContext,
  { uid, tenants }: SignedInPerson,
  deps: ApiDeps,
): Promise<Membership> {
  const wanted = c.req.header("X-Tenant-ID");
  const [own] = tenants;
  const inTenant = async (tenantId: TenantId) => {
    return {
      tenantId,
      member: await deps.store.read(at.member(tenantId, uid)),
    };
  };
  if (wanted !== undefined && wanted !== "") {
    const named = tenants.find((tenant) => tenant === wanted);
    if (named !== undefined) return inTenant(named);
    return refuseForeignTenant(c, { uid, wanted, own }, deps);
  }
  if (own === undefined) {
    throw new Refusal(
      403,
      "You are signed in but do not belong to a tenant yet. GET /api/v1/me/invitations lists your invitations. If you have none, ask an administrator of your company's tenant to invite the e-mail address that you signed in with.",
    );
  }
  if (tenants.length === 1) return inTenant(own);
  const chosen = await readOrUnreadable(at.person(uid), deps);
  // A choice that cannot be read counts as none: the person can choose again.
  const person = chosen === "unreadable" ? null : chosen;
  const [first = own, ...others] = byPreference(tenants, person?.data ?? null);
  const preferred = await inTenant(first);
  if (preferred.member?.data.active === true) return preferred;
  // A tenant whose membership ended after the token was issued must not block the others.
  for (const tenantId of others) {
    const other = await inTenant(tenantId);
    if (other.member?.data.active === true) return other;
  }
  return preferred;
}
