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
  /** The account whose source brought it: another where that was merged into this one. */
  readonly holder: Read<Account>;
  /** What the account goes by, and what the one that was merged into it does. */
  readonly names: Pick<Account, "name" | "aliases">;
  /** The evidence for it, where whoever handed it in did not say. */
  readonly resolvedBy: string | null;
}
