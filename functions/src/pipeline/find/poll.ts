import type { Account } from "../../domain/accounts/account.ts";
import type { Source } from "../../domain/sources/source.ts";
import type { Job } from "../../ports/stage.ts";
import type { Read } from "../../ports/store.ts";

/** The topics that request a poll. */
export type Due = "account-due" | "vendor-due";

/** One poll of one source. */
export interface Poll {
  readonly topic: Due;
  readonly job: Job<Due>;
  readonly account: Read<Account>;
  readonly source: Source;
}
