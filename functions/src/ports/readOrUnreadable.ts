import type { DocumentRef } from "../domain/kernel/references.ts";
import { PermanentError } from "../domain/kernel/errors.ts";
import type { Deps } from "./deps.ts";
import type { Read } from "./store.ts";

/** Reads a document for a caller that can do without it if it does not fit its schema; null where there is none. */
export async function readOrUnreadable<T>(
  ref: DocumentRef<T>,
  { store }: Pick<Deps, "store">,
): Promise<Read<T> | null | "unreadable"> {
  try {
    return await store.read(ref);
  } catch (error) {
    if (error instanceof PermanentError && error.code === "unreadable")
      return "unreadable";
    throw error;
  }
}
