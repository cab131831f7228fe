import type { DocumentReference } from "firebase-admin/firestore";
import { RetryableError } from "../../../domain/kernel/errors.ts";
import { addMs, minuteMs } from "../../../domain/kernel/instant.ts";

/** The codes of gRPC by which Firestore says that somebody else was first. */
const alreadyExists = 6;
const changedMeanwhile = [alreadyExists, 9, 10];

/** Makes the slot's document the caller's. False where it is somebody's already; throws RetryableError ("store-busy") where the database cannot be reached. */
export function takeSlot(slot: DocumentReference, at: Date): Promise<boolean> {
  const written = slot.create({ at, expiresAt: addMs(at, minuteMs) });
  return wins(written, [alreadyExists]);
}

/** Whether the write was made: false where the document was made or changed meanwhile. Throws as `takeSlot` does. */
export function isWritten(write: Promise<unknown>): Promise<boolean> {
  return wins(write, changedMeanwhile);
}

async function wins(
  write: Promise<unknown>,
  lost: readonly unknown[],
): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (lost.includes(errorCode(error))) return false;
    throw toUnreachedError(error);
  }
}

function errorCode(error: unknown): unknown {
  return error !== null && typeof error === "object" && "code" in error
    ? error.code
    : null;
}

/** The error that stands for a database that cannot be reached. */
export function toUnreachedError(cause: unknown): RetryableError {
  return new RetryableError(
    "store-busy",
    "The pacer could not reach the database.",
    { cause },
  );
}
