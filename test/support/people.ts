import { type TenantId, Uid } from "../../functions/src/domain/ids.ts";
import type { People } from "../../functions/src/pipeline/ports.ts";

/** Accounts in memory, as Firebase Auth keeps them; `unproven` are addresses that somebody signed up with and never confirmed. */
export function fakePeople(unproven: readonly string[] = []) {
  const uids = new Map<string, Uid>();
  const tenants = new Map<Uid, ReadonlySet<TenantId>>();
  const ended = new Set<Uid>();
  const people: People = {
    findOrInvite: async (email) => {
      if (unproven.includes(email)) return null;
      const uid =
        uids.get(email) ?? Uid.parse(email.replace(/@.*/, "").toLowerCase());
      uids.set(email, uid);
      return uid;
    },
    grant: async (uid, tenantId) => {
      tenants.set(uid, new Set([...(tenants.get(uid) ?? []), tenantId]));
    },
    revoke: async (uid, tenantId) => {
      const left = [...(tenants.get(uid) ?? [])].filter((t) => t !== tenantId);
      tenants.set(uid, new Set(left));
      ended.add(uid);
    },
  };
  return {
    ...people,
    /** What the next token of the person will claim. */
    tenantsOf: (uid: string) => [...(tenants.get(Uid.parse(uid)) ?? [])],
    /** Whose tokens are not renewed any more. */
    ended,
  };
}
