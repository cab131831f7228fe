import {
  isRetryableStatus,
  PermanentError,
  RetryableError,
  retryAfterMs,
} from "../../domain/kernel/errors.ts";

/** A CRM's answer that refuses a request. */
export interface Refusal {
  readonly vendor: string;
  readonly status: number;
  /** The vendor's own words. */
  readonly message: string;
  readonly retryAfter: string | null | undefined;
  /** What a person can do where our credentials are refused. */
  readonly remedy: string;
  readonly cause?: unknown;
}

/** The error for a refusal: 401 and 403 are `vendor-auth`, 429 `vendor-busy`, 408, 423, 425 and 5xx `vendor-down`, all others `refused-by-vendor`. */
export function toVendorError(
  refusal: Refusal,
): PermanentError | RetryableError {
  const { vendor, status, message, remedy, cause } = refusal;
  if (status === 401 || status === 403) {
    return new PermanentError(
      "vendor-auth",
      `${vendor} refused our credentials (${status}: ${message}). ${remedy}`,
      { cause },
    );
  }
  if (isRetryableStatus(status)) {
    return new RetryableError(
      status === 429 ? "vendor-busy" : "vendor-down",
      `${vendor} answered ${status}: ${message}`,
      { cause, retryAfterMs: retryAfterMs(refusal.retryAfter, new Date()) },
    );
  }
  return new PermanentError(
    "refused-by-vendor",
    `${vendor} refused (${status}): ${message}`,
    { cause },
  );
}

/** The error for a request without an answer: whether it was applied is unknown, so it is retried under the same key. */
export function noAnswerError(vendor: string, cause: unknown): RetryableError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RetryableError("vendor-down", `${vendor} gave no answer: ${why}`, {
    cause,
  });
}

/** The error for an answer that does not fit its schema; a retry finds by its key what was written. */
export function badAnswerError(vendor: string, cause: unknown): RetryableError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RetryableError(
    "bad-answer",
    `${vendor} did not answer as its API says: ${why}`,
    { cause },
  );
}

/** The result of `call`, or a RetryableError `timed-out` as soon as the signal fires; if it has already fired, nothing is started. */
export async function unlessAborted<T>(
  abortSignal: AbortSignal,
  call: () => Promise<T>,
): Promise<T> {
  const timedOut = () =>
    new RetryableError("timed-out", "stopped waiting for the CRM", {
      cause: abortSignal.reason,
    });
  if (abortSignal.aborted) throw timedOut();
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(timedOut());
    abortSignal.addEventListener("abort", stop, { once: true });
    call()
      .then(resolve, reject)
      .finally(() => abortSignal.removeEventListener("abort", stop));
  });
}
