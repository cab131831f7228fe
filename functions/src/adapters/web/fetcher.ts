import { PermanentError, RetryableError } from "../../domain/errors.ts";

/** The product's name and version, as it introduces itself in the User-Agent (RFC 9110, section 10.1.5). */
export const productToken = "ClientPulse/0.1.0";

/** The most that is read of one answer, in bytes after decompression, unless asked otherwise: 20 MB. */
const defaultMaxBytes = 20_000_000;

const maxRedirects = 5;

/** How a document is asked for. The time limit is the signal's. */
export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly maxBytes?: number;
  /** Sent as a JSON body by POST; a GET where absent. */
  readonly json?: unknown;
  /** Ask whether the site lets robots in (RFC 9309), and be answered 403 where it does not. */
  readonly robots?: boolean;
  /** What was known at the last look: where nothing has changed since, the answer is 304. */
  readonly since?: Since;
}

/** What tells whether a document has changed (RFC 9110, section 13.1), as its last answer gave it. */
export interface Since {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** An answer, whatever its status; `url` is where the last redirect led. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly url: string;
}

/**
 * Asks for a document over http(s), following at most five redirects. Throws RetryableError
 * ("vendor-down", or "timed-out" once the signal fired) where no answer comes, and
 * PermanentError ("too-large") as soon as more than `maxBytes` have arrived.
 */
export type Fetch = (url: string, options: AskOptions) => Promise<Got>;

/** What a fetcher may reach. */
export interface FetcherSettings {
  /** Origins on this machine, such as a replay's, that may be asked although they are not public. */
  readonly allowed: readonly string[];
}

/** The one way out to the web. */
export function fetcher(_settings: FetcherSettings): Fetch {
  return ask;
}

async function ask(url: string, options: AskOptions): Promise<Got> {
  let target = webUrl(url);
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const response = await send(target, options);
    const location = response.headers.get("location");
    if (
      location === null ||
      ![301, 302, 303, 307, 308].includes(response.status)
    ) {
      const body = await bodyOf(response, target, options);
      return {
        status: response.status,
        headers: response.headers,
        body,
        url: target.href,
      };
    }
    await response.body?.cancel();
    target = webUrl(location, target);
  }
  throw new PermanentError(
    "bad-answer",
    `${url} redirects more than ${maxRedirects} times`,
  );
}

async function send(target: URL, options: AskOptions): Promise<Response> {
  try {
    return await fetch(target, {
      headers: {
        "user-agent": productToken,
        ...given("if-none-match", options.since?.etag),
        ...given("if-modified-since", options.since?.lastModified),
        ...(options.json === undefined
          ? {}
          : { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(options.json === undefined
        ? {}
        : { method: "POST", body: JSON.stringify(options.json) }),
      redirect: "manual",
      signal: options.signal,
    });
  } catch (cause) {
    throw noAnswer(target, options.signal, cause);
  }
}

async function bodyOf(
  response: Response,
  target: URL,
  options: AskOptions,
): Promise<Uint8Array> {
  const maxBytes = options.maxBytes ?? defaultMaxBytes;
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    // Leaving the loop early cancels the stream, and with it the connection.
    for await (const part of response.body ?? []) {
      size += part.byteLength;
      if (size > maxBytes) break;
      parts.push(part);
    }
  } catch (cause) {
    throw noAnswer(target, options.signal, cause);
  }
  if (size > maxBytes) {
    throw new PermanentError(
      "too-large",
      `${target.href} has more than ${maxBytes} bytes`,
    );
  }
  return new Uint8Array(Buffer.concat(parts));
}

function noAnswer(
  target: URL,
  signal: AbortSignal,
  cause: unknown,
): RetryableError {
  return signal.aborted
    ? new RetryableError("timed-out", `${target.href} did not answer in time`, {
        cause,
      })
    : new RetryableError("vendor-down", `${target.href} cannot be reached`, {
        cause,
      });
}

function webUrl(url: string, base?: URL): URL {
  if (!URL.canParse(url, base)) {
    throw new PermanentError("bad-answer", `${url} is not a web address`);
  }
  const parsed = new URL(url, base);
  if (parsed.protocol === "http:" || parsed.protocol === "https:")
    return parsed;
  throw new PermanentError("bad-answer", `${url} is not an http(s) address`);
}

function given(name: string, value: string | undefined) {
  return value === undefined || value === "" ? {} : { [name]: value };
}
