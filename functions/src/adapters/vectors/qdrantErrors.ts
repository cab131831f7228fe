import { z } from "zod";
import {
  isRetryableStatus,
  PermanentError,
  RetryableError,
} from "../../domain/kernel/errors.ts";

/** The client's ApiError, whose class it does not export. */
const Refusal = z.object({ status: z.int(), data: z.unknown() });
const Envelope = z.object({ status: z.object({ error: z.string() }) });
/** How long a busy server is left alone that named a moment which is not known. */
const unknownWaitMs = 60_000;
const Exhausted = z.object({
  name: z.literal("QdrantClientResourceExhaustedError"),
  retry_after: z.number(),
});

/**
 * What the call gives, `ifMissing` (where given) for a collection that does not exist. Throws
 * RetryableError for 408, 423, 425, 429, 5xx, a time-out and a server that is away, else
 * PermanentError with the server's own words.
 */
export async function translateErrors<T, U = never>(
  call: () => Promise<T>,
  { ifMissing }: { readonly ifMissing?: U } = {},
): Promise<T | U> {
  try {
    return await call();
  } catch (error) {
    const refusal = Refusal.safeParse(error);
    if (refusal.data?.status === 404 && ifMissing !== undefined)
      return ifMissing;
    throw refusal.success
      ? toRefusal(refusal.data, error)
      : toUnanswered(error);
  }
}

function toRefusal(
  { status, data }: z.infer<typeof Refusal>,
  cause: unknown,
): PermanentError | RetryableError {
  const envelope = Envelope.safeParse(data);
  const said = envelope.success
    ? envelope.data.status.error
    : typeof data === "string"
      ? data.slice(0, 300)
      : "";
  const message = `Qdrant answered ${status}: ${said}`;
  if (isRetryableStatus(status)) {
    return new RetryableError(
      status >= 500 ? "vendor-down" : "vendor-busy",
      message,
      { cause },
    );
  }
  return new PermanentError(
    status === 401 || status === 403 ? "vendor-auth" : "refused-by-vendor",
    message,
    { cause },
  );
}

/** Of a Retry-After the client hands on the first digit only: 7 may be 7 seconds or 79, and asking too early costs more than waiting. */
function longestBehind(digit: number): number {
  return digit * 10 + 9;
}

function toUnanswered(cause: unknown): RetryableError {
  const exhausted = Exhausted.safeParse(cause);
  if (exhausted.success) {
    const retryAfterMs = longestBehind(exhausted.data.retry_after) * 1000;
    return new RetryableError("vendor-busy", "Qdrant answered 429", {
      cause,
      retryAfterMs,
    });
  }
  const { name, message } =
    cause instanceof Error ? cause : new Error(String(cause));
  // A Retry-After that is a date: how far ahead it is, the client does not hand on.
  if (message.startsWith("Invalid retryAfter value"))
    return new RetryableError("vendor-busy", "Qdrant answered 429", {
      cause,
      retryAfterMs: unknownWaitMs,
    });
  return name === "QdrantClientTimeoutError"
    ? new RetryableError("timed-out", "Qdrant did not answer in time", {
        cause,
      })
    : new RetryableError("vendor-down", `Qdrant gave no answer: ${message}`, {
        cause,
      });
}
