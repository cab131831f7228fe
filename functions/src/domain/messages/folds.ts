import type { AccountId } from "../kernel/ids.ts";
import type { Emission } from "./message.ts";

/** How long a fold's slot lasts: at most one fold of a thing starts in it. */
export const slotMs = 2_000;

/** The fold of an account in the current slot. */
export function accountFold(
  accountId: AccountId,
  now: Date,
): Emission<"account-assess"> {
  return {
    topic: "account-assess",
    payload: { accountId, slot: Math.floor(now.getTime() / slotMs) },
  };
}

/** The same fold one slot later, to run when that slot begins; an emission without a slot is unchanged. */
export function nextSlot(fold: Emission): Emission {
  if (!("slot" in fold.payload)) return fold;
  const slot = fold.payload.slot + 1;
  return {
    ...fold,
    payload: { ...fold.payload, slot },
    runAt: new Date(slot * slotMs),
  };
}
