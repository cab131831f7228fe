import type { AccountId } from "../kernel/ids.ts";
import type { Emission } from "./message.ts";

/** How long the slot of a fold lasts: at most one fold of a thing starts in it. */
export const slotMs = 2_000;

/** The fold of an account in the slot of this moment. */
export function accountFold(
  accountId: AccountId,
  now: Date,
): Emission<"account-assess"> {
  return {
    topic: "account-assess",
    payload: { accountId, slot: Math.floor(now.getTime() / slotMs) },
  };
}

/** The same fold one slot later, at the moment when that slot begins; what has no slot stays as it is. */
export function nextSlot(fold: Emission): Emission {
  if (!("slot" in fold.payload)) return fold;
  const slot = fold.payload.slot + 1;
  return {
    ...fold,
    payload: { ...fold.payload, slot },
    runAt: new Date(slot * slotMs),
  };
}
