import type { Uid, TenantId } from "../domain/kernel/ids.ts";

/** Who a bearer token speaks for, according to the token itself; null where the token is not to be trusted. */
export interface Identity {
  readonly verify: (token: string) => Promise<{
    readonly uid: Uid;
    readonly tenants: readonly TenantId[];
    /** Null where the person signed in without one. */
    readonly email: string | null;
    /** Whether the address is known to be theirs: confirmed by a link sent to it, or by a provider such as Google. */
    readonly emailVerified: boolean;
  } | null>;
}

/** The claim in people's sign-in accounts that lists the tenants they belong to. */
export interface People {
  /** The tenants that the person's next token will name; null where nobody has that uid. */
  readonly tenantsOf: (uid: Uid) => Promise<readonly TenantId[] | null>;
  /** Makes the person's next token name exactly these tenants. Ends no session; does nothing for an unknown uid. */
  readonly setTenants: (
    uid: Uid,
    tenants: readonly TenantId[],
  ) => Promise<void>;
}
