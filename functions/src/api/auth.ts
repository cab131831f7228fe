import type { MiddlewareHandler } from "hono";
import * as at from "../domain/collections.ts";
import type { Audience } from "../domain/document.ts";
import type { TenantId, Uid } from "../domain/ids.ts";
import { audienceKeys, holds, type Permission, sees } from "../domain/roles.ts";
import { commitOutcome } from "../pipeline/commit.ts";
import type { Query } from "../pipeline/ports.ts";
import type { ApiContext, ApiDeps, ApiEnv, Caller } from "./context.ts";
import type { Limiter } from "./limiter.ts";
import type { Tag } from "./description.ts";
import { badField, Refused } from "./problem.ts";
import { countPerson } from "./rateLimit.ts";

interface Claims {
  readonly uid: Uid;
  readonly tenants: readonly TenantId[];
}

/**
 * Lets in who carries a good token and is an active member of the tenant. The token says which tenants
 * are theirs; what they may do there is read from the member document at each request, so that a demotion holds at once.
 */
export function signedIn(
  deps: ApiDeps,
  limiter: Limiter,
): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const claims = await claimsOf(c, deps);
    const [own] = claims.tenants;
    // Before anything is written for them; who has no tenant is refused without a look at the database.
    if (own !== undefined)
      await countPerson(c, { tenantId: own, id: claims.uid }, limiter, deps);
    const tenantId = await tenantOf(c, claims, deps);
    const member = await deps.store.read(at.member(tenantId, claims.uid));
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
    const { uid, tenants } = claims;
    const actor = { ...member.data, uid };
    c.set("caller", { tenantId, tenants, uid, actor });
    await next();
  };
}

/** Lets pass whose role holds the permission, before anything of the request is looked at; then a command is carried out once by its key. */
function requires(permission: Permission): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { actor } = c.get("caller");
    if (!holds(actor, permission)) throw lacking(actor, permission);
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
  if (read === null || !sees(actor, read.data.audience)) {
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
      {
        tenantId: own,
        actor: uid,
        origin: { traceId, runId: null, causedBy: null },
      },
      [],
      deps,
    );
  }
  throw new Refused(403, "That tenant is not one of yours.");
}

async function claimsOf(c: ApiContext, deps: ApiDeps): Promise<Claims> {
  const header = c.req.header("Authorization") ?? "";
  const token = /^Bearer +([^\s]{1,8192})$/i.exec(header)?.[1];
  if (token === undefined) {
    throw new Refused(401, "Send an ID token: Authorization: Bearer <token>.");
  }
  const claims = await deps.identity.verify(token);
  if (claims === null) {
    throw new Refused(401, "The token is expired, revoked or not ours.");
  }
  return claims;
}

async function tenantOf(
  c: ApiContext,
  { uid, tenants }: Claims,
  deps: ApiDeps,
): Promise<TenantId> {
  const wanted = c.req.header("X-Tenant-ID");
  const [own] = tenants;
  if (wanted !== undefined && wanted !== "") {
    const found = tenants.find((tenant) => tenant === wanted);
    return found ?? (await refuseTenant(c, { uid, wanted, own }, deps));
  }
  if (own === undefined) {
    throw new Refused(
      403,
      "You are signed in, but do not belong to any tenant yet. Ask an administrator of your company's tenant to invite the e-mail address that you signed in with; then sign in again.",
    );
  }
  if (tenants.length > 1) {
    throw badField("X-Tenant-ID", `must be one of ${tenants.join(", ")}`);
  }
  return own;
}
