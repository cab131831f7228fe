/** What was thrown, as an error. */
export function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** What an error says to the person at the screen. */
export function errorMessage(error: unknown): string {
  return toError(error).message;
}
