import type { Account } from "../../domain/accounts/account.ts";
import type { AccountId } from "../../domain/kernel/ids.ts";
import type { Job } from "../../ports/stage.ts";
import type { Read } from "../../ports/store.ts";

/** A received document whose account is known. */
export interface Resolved {
  readonly kind: "resolved";
  readonly job: Job<"signal-received"> & {
    readonly payload: { readonly accountId: AccountId };
  };
  readonly account: Read<Account>;
  /** The account whose source brought it; it differs if that account was merged into this one. */
  readonly holder: Read<Account>;
  /** The names of the account and of the one merged into it. */
  readonly names: Pick<Account, "name" | "aliases">;
  /** The evidence for it, unless whoever handed it in named the account. */
  readonly resolvedBy: string | null;
}
