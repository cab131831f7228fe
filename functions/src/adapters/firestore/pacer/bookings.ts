import type { CollectionReference, Firestore } from "firebase-admin/firestore";
import type { Clock } from "../../../ports/clock.ts";
import type { Pace } from "../../../ports/crm.ts";
import { takeSlot, toUnreachedError } from "./slots.ts";

/** How far around the last turn those look who want one at the same moment, so that they do not all want the same, and that few are left out. */
const maxSpread = 3;

/** More slots than there will ever be. */
const furthest = 1e15;

/** Books the next free slot of a rate, and returns its moment. Slots are as long as the rate asks, since whoever books can be told that it was too much. */
export async function book(
  { key, everyMs }: Pace,
  { db, clock }: { readonly db: Firestore; readonly clock: Clock },
): Promise<Date> {
  const slotMs = Math.ceil(everyMs);
  const slots = db.collection(`pacers/${key}_${slotMs}/slots`);
  const current = () => Math.floor(clock.now().getTime() / slotMs);
  let slot = current();
  let spread = 0;
  while (
    !(await takeSlot(slots.doc(countingDown(slot)), new Date(slot * slotMs)))
  ) {
    const next = (await lastTaken(slots)) + 1;
    const from = Math.max(current(), next - spread);
    slot = from + Math.floor(Math.random() * (next + spread - from + 1));
    spread = Math.min(maxSpread, spread * 2 + 1);
  }
  return new Date(slot * slotMs);
}

/** A slot's id, by which the furthest slot comes first: ids are sorted upwards without an index, and never downwards. */
function countingDown(slot: number): string {
  return String(furthest - slot).padStart(16, "0");
}

/** The furthest slot that is taken; -1 where none is. */
async function lastTaken(slots: CollectionReference): Promise<number> {
  const found = await slots
    .limit(1)
    .select()
    .get()
    .catch((error: unknown) => {
      throw toUnreachedError(error);
    });
  const [last] = found.docs;
  return last === undefined ? -1 : furthest - Number(last.id);
}
