import type { MiddlewareHandler } from "hono";
import * as at from "../../domain/collections.ts";
import type { Audience } from "../../domain/kernel/document.ts";
import type { TenantId, Uid } from "../../domain/kernel/ids.ts";
import { byPreference } from "../../domain/people/person.ts";
import {
  audienceKeys,
  hasPermission,
  type Member,
  type Permission,
  canSee,
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
import type { Limiter } from "./limiter.ts";
import type { Tag } from "./description.ts";
import { isOfPersons } from "./personalPaths.ts";
import { Refused } from "./problem.ts";
import { countPerson } from "./rateLimit.ts";

/**
 * Lets in who carries a good token and is an active member of the tenant. The token says which tenants
 * are theirs; what they may do there is read from the member document at each request, so that a demotion holds at once.
 */
export function signedIn(
  deps: ApiDeps,
  limiter: Limiter,
): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const person = await personOf(c, deps);
    c.set("person", person);
    const isPersonal = isOfPersons(c.req.path);
    const tenantId = person.tenants[0] ?? null;
    // Before anything is written for them; who has no tenant is refused without a look at the database.
    if (tenantId !== null || isPersonal)
      await countPerson(c, { tenantId, id: person.uid }, limiter, deps);
    if (isPersonal) return next();
    const caller = await callerOf(c, person, deps);
    c.set("caller", caller);
    await next();
  };
}

/** What the routes have in common that belong to a signed-in person; their commands are carried out once by their key. */
export function personal(tag: Tag) {
  return {
    tags: [tag],
    security: [{ bearer: [] as string[] }],
    /** Stands in the description: for whoever is signed in, in no tenant too. */
    "x-personal": true,
    middleware: ((c, next) =>
      c.get("once")(c, next)) satisfies MiddlewareHandler<ApiEnv>,
  };
}

/** Who calls, as a member of the tenant that they mean. */
async function callerOf(
  c: ApiContext,
  person: SignedInPerson,
  deps: ApiDeps,
): Promise<Caller> {
  const { tenantId, member } = await membershipOf(c, person, deps);
  if (member === null) {
    throw new Refused(
      403,
      "You are not a member of this tenant; one of its administrators can invite you.",
    );
  }
  if (!member.data.active) {
    throw new Refused(
      403,
      "Your membership of this tenant has ended; one of its administrators can let you in again.",
    );
  }
  const { uid, tenants } = person;
  const actor = { ...member.data, uid };
  return { tenantId, tenants, uid, actor };
}

/** Lets pass whose role holds the permission, before anything of the request is looked at; then a command is carried out once by its key. */
function requires(permission: Permission): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { actor } = c.get("caller");
    if (!hasPermission(actor, permission)) throw lacking(actor, permission);
    return c.get("once")(c, next);
  };
}

/** The refusal of whose role does not hold the permission. */
export function lacking(
  { role }: Pick<Caller["actor"], "role">,
  permission: Permission,
): Refused {
  const detail = `The role ${role} does not hold the permission ${permission}.`;
  return new Refused(403, detail);
}

/** What the routes have in common that a signed-in member with this permission may call. */
export function permitted(tag: Tag, permission: Permission) {
  return {
    tags: [tag],
    security: [{ bearer: [] as string[] }],
    /** Stands in the description: the sweep of all routes holds each to it. */
    "x-permission": permission,
    middleware: requires(permission),
  };
}

/** The thing, if it exists and the caller is in its audience; otherwise both look the same: 404. */
export function visible<
  T extends { readonly data: { readonly audience: Audience } },
>(read: T | null, { actor }: Caller, what: string): T {
  if (read === null || !canSee(actor, read.data.audience)) {
    throw new Refused(404, `There is no such ${what}, or it is not yours.`);
  }
  return read;
}

/** The filter that leaves of a list what the caller may see. */
export function ofAudience({ actor }: Caller): Query<unknown>["where"] {
  if (actor.role !== "ACCOUNT_MANAGER") return [];
  return [["audience", "array-contains-any", audienceKeys(actor)]];
}

/** Refuses a tenant that is not the caller's, and leaves a trace of it in the tenant that is. */
export async function refuseTenant(
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
  throw new Refused(403, "That tenant is not one of yours.");
}

async function personOf(c: ApiContext, deps: ApiDeps): Promise<SignedInPerson> {
  const header = c.req.header("Authorization") ?? "";
  const token = /^Bearer +([^\s]{1,8192})$/i.exec(header)?.[1];
  if (token === undefined) {
    throw new Refused(401, "Send an ID token: Authorization: Bearer <token>.");
  }
  const person = await deps.identity.verify(token);
  if (person === null) {
    throw new Refused(401, "The token has expired or is not ours.");
  }
  return person;
}

interface Membership {
  readonly tenantId: TenantId;
  readonly member: Read<Member> | null;
}

async function membershipOf(
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
    return refuseTenant(c, { uid, wanted, own }, deps);
  }
  if (own === undefined) {
    throw new Refused(
      403,
      "You are signed in, but do not belong to any tenant yet. GET /api/v1/me/invitations lists your invitations; without one, ask an administrator of your company's tenant to invite the e-mail address that you signed in with.",
    );
  }
  if (tenants.length === 1) return inTenant(own);
  const chosen = await readOrUnreadable(at.person(uid), deps);
  // A choice that cannot be read is none: its person can make it anew.
  const person = chosen === "unreadable" ? null : chosen;
  const [first = own, ...others] = byPreference(tenants, person?.data ?? null);
  const preferred = await inTenant(first);
  if (preferred.member?.data.active === true) return preferred;
  // A tenant that ended the membership since the token was made must not stand in the way of the others.
  for (const tenantId of others) {
    const other = await inTenant(tenantId);
    if (other.member?.data.active === true) return other;
  }
  return preferred;
}
