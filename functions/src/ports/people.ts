import type { Uid, TenantId } from "../domain/kernel/ids.ts";

/** Who a bearer token speaks for, as far as the token itself says; null where it is not to be trusted. */
export interface Identity {
  readonly verify: (token: string) => Promise<{
    readonly uid: Uid;
    readonly tenants: readonly TenantId[];
    /** Null where the person signed in without one. */
    readonly email: string | null;
    /** Whether the address is known to be theirs: by a link that was sent to it, or by a provider such as Google. */
    readonly emailVerified: boolean;
  } | null>;
}

/** The claim of the accounts that people sign in with which says to which tenants each belongs. */
export interface People {
  /** The tenants that the person's next token names; null where nobody has that uid. */
  readonly tenantsOf: (uid: Uid) => Promise<readonly TenantId[] | null>;
  /** Has the person's next token name exactly these tenants. Ends no session, and leaves alone whom it does not know. */
  readonly setTenants: (
    uid: Uid,
    tenants: readonly TenantId[],
  ) => Promise<void>;
}
