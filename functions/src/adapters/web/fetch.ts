/** How a document is asked for. `signal` is the AbortSignal that limits the time, by the name that the Fetch Standard gives it. */
export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly maxBytes?: number;
  /** Sent as a JSON body by POST; a GET where absent. */
  readonly json?: unknown;
  /** Sent as a form by POST, as OAuth asks for it (RFC 6749, section 4.4.2). */
  readonly form?: Readonly<Record<string, string>>;
  /** Checks whether the site allows robots (RFC 9309); the answer is 403 where it does not. */
  readonly robots?: boolean;
  /** The validators of the last poll: where nothing has changed since, the answer is 304. */
  readonly since?: Validators;
}

/** The validators of the last answer, which tell whether a document has changed (RFC 9110, section 13.1). */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** An answer of any status; `url` is where the last redirect led. */
export interface WebResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly url: string;
}

/**
 * Fetches a document over http(s), following at most five redirects. Every address on the way is public, and is
 * the one connected to: PermanentError ("refused-address") where one is not, before anything is sent there. Throws
 * RetryableError ("vendor-down", or "timed-out" where the signal fired or nothing came for 20 s) where no answer
 * comes, and PermanentError ("too-large") as soon as more than `maxBytes` have arrived, compressed or not.
 */
export type Fetch = (url: string, options: AskOptions) => Promise<WebResponse>;
