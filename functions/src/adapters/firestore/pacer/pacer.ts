import type { Firestore } from "firebase-admin/firestore";
import type { Clock } from "../../../ports/clock.ts";
import type { Pacer } from "../../../ports/crm.ts";
import { book } from "./bookings.ts";
import { spend } from "./quota.ts";
import { waitForTurn } from "./turns.ts";

/**
 * Keeps to a vendor's rate over all instances. Time is cut into slots of one request each; whoever
 * creates a slot's document owns it, and `create` has exactly one winner. No slot's document is written twice.
 */
export function firestorePacer(db: Firestore, clock: Clock): Pacer {
  const within = { db, clock };
  return {
    turn: (vendor, perSecond, signal) =>
      waitForTurn({ vendor, perSecond, signal }, within),
    spend: (quota) => spend(quota, within),
    book: (pace) => book(pace, within),
  };
}
