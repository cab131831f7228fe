import { initializeApp } from "firebase-admin/app";
import { getFirestore } from "firebase-admin/firestore";

/** What the least function with a database works with. */
export async function dependencies() {
  return { db: getFirestore(initializeApp()) };
}
