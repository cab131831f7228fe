import type { SignInAccounts } from "../../dev/signInAccounts.ts";
import { type TenantId, Uid } from "../../functions/src/domain/kernel/ids.ts";
import type { People } from "../../functions/src/ports/people.ts";

/** The uid that somebody with this address has in tests: the part before the @. */
const uidOf = (email: string) =>
  Uid.parse(email.replace(/@.*/, "").toLowerCase());

/** The claims of accounts in memory, as Firebase Auth keeps them: everybody has an account, but for `nobody`. */
export function fakePeople() {
  const tenants = new Map<Uid, readonly TenantId[]>();
  const people: People = {
    tenantsOf: async (uid) =>
      uid === "nobody" ? null : (tenants.get(uid) ?? []),
    setTenants: async (uid, named) => {
      if (uid !== "nobody") tenants.set(uid, named);
    },
  };
  return {
    ...people,
    /** What the next token of the person will claim. */
    claimOf: (uid: string) => [...(tenants.get(Uid.parse(uid)) ?? [])],
  };
}

/** Accounts in memory; `unproven` are addresses that somebody signed up with and never confirmed. */
export function fakeAccounts(unproven: readonly string[] = []): SignInAccounts {
  return {
    findOrCreate: async (email) =>
      unproven.includes(email) ? null : uidOf(email),
  };
}
