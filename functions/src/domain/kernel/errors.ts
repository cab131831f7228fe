/** Why something failed; a closed list, so that whoever handles a failure can be exhaustive. */
export type ErrorCode =
  | "bad-payload"
  | "bad-setting"
  | "bad-document"
  | "unreadable"
  | "bad-answer"
  | "bad-card"
  | "not-found"
  | "not-live"
  | "not-connected"
  | "not-approved"
  | "refused-by-vendor"
  | "refused-address"
  | "vendor-auth"
  | "vendor-busy"
  | "vendor-down"
  | "vendor-unknown"
  | "store-busy"
  | "missing-index"
  | "lease-lost"
  | "timed-out"
  | "too-large"
  | "too-costly"
  | "crashed"
  | "unknown";

interface ErrorDetails {
  readonly cause?: unknown;
}

/** Thrown when a retry cannot help: the message is parked at once, with this reason. */
export class PermanentError extends Error {
  override readonly name = "PermanentError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details);
    this.code = code;
  }
}

/**
 * Thrown when a retry may help: the message waits (the vendor's `retryAfterMs` wins over our backoff) and is retried
 * up to its topic's limit.
 */
export class RetryableError extends Error {
  override readonly name = "RetryableError";
  readonly code: ErrorCode;
  readonly retryAfterMs: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    details: ErrorDetails & { readonly retryAfterMs?: number | null } = {},
  ) {
    super(message, details);
    this.code = code;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}

/** Thrown when this execution no longer owns its message; the current owner finishes the work. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
}

/** Whether a vendor's HTTP status is worth a retry: 408, 423, 425, 429 and every 5xx are. */
export function isRetryableStatus(status: number): boolean {
  return [408, 423, 425, 429].includes(status) || status >= 500;
}

/** The milliseconds in a Retry-After header (RFC 9110, section 10.2.3: seconds or an HTTP date), or null. */
export function retryAfterMs(
  header: string | null | undefined,
  now: Date,
): number | null {
  if (header === null || header === undefined || header.trim() === "")
    return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  if (!/^\s*(?:mon|tue|wed|thu|fri|sat|sun)/i.test(header)) return null;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
