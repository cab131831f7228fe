/** How a document is asked for. `signal` is the AbortSignal that limits the time, by the name that the Fetch Standard gives it. */
export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly maxBytes?: number;
  /** Sent as a JSON body by POST; a GET where absent. */
  readonly json?: unknown;
  /** Sent as a form by POST, as OAuth asks for it (RFC 6749, section 4.4.2). */
  readonly form?: Readonly<Record<string, string>>;
  /** Ask whether the site lets robots in (RFC 9309), and be answered 403 where it does not. */
  readonly robots?: boolean;
  /** The validators of the last poll: where nothing has changed since, the answer is 304. */
  readonly since?: Validators;
}

/** What tells whether a document has changed (RFC 9110, section 13.1), as its last answer gave it. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** An answer, whatever its status; `url` is where the last redirect led. */
export interface WebResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly url: string;
}

/**
 * Asks for a document over http(s), following at most five redirects. Every address on the way is public, and is the
 * one that is connected to: PermanentError ("refused-address") where one is not, before anything is sent there. Throws
 * RetryableError ("vendor-down", or "timed-out" once the signal fired or nothing came for 20 s) where no answer comes,
 * and PermanentError ("too-large") as soon as more than `maxBytes` have arrived, compressed or not.
 */
export type Fetch = (url: string, options: AskOptions) => Promise<WebResponse>;
