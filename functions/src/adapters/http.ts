import type { z } from "zod";
import {
  isRetryableStatus,
  PermanentError,
  RetryableError,
  retryAfterMs,
} from "../domain/errors.ts";

/** The product's name and version, as it introduces itself in the User-Agent (RFC 9110, section 10.1.5). */
export const productToken = "ClientPulse/0.1.0";

/** The most that is read of one answer, in bytes after decompression, unless asked otherwise: 20 MB. */
const defaultMaxBytes = 20_000_000;

const maxRedirects = 5;

/** How a document is asked for. The time limit is the signal's. */
export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly maxBytes?: number;
}

/** An answer, whatever its status; `url` is where the last redirect led. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly url: string;
}

/**
 * Gets a document over http(s), following at most five redirects. Throws RetryableError
 * ("vendor-down", or "timed-out" once the signal fired) where no answer comes, and
 * PermanentError ("too-large") as soon as more than `maxBytes` have arrived.
 */
export async function httpGet(url: string, options: GetOptions): Promise<Got> {
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

/** Whether the source says that it does not have the document (any more): 404 or 410. */
export function isGone(got: Pick<Got, "status">): boolean {
  return got.status === 404 || got.status === 410;
}

/**
 * Throws what a status other than 2xx means: RetryableError for 408, 423, 425, 429 and 5xx
 * (with the vendor's Retry-After) and for those in `busy`, else PermanentError.
 */
export function throwForStatus(
  got: Got,
  asked: {
    readonly source: string;
    readonly now: Date;
    readonly busy?: readonly number[];
  },
): void {
  const { status } = got;
  if (status >= 200 && status < 300) return;
  const message = `${asked.source} answered ${status} at ${got.url}`;
  if (isRetryableStatus(status) || asked.busy?.includes(status)) {
    const wait = retryAfterMs(got.headers.get("retry-after"), asked.now);
    throw new RetryableError(
      status >= 500 ? "vendor-down" : "vendor-busy",
      message,
      {
        retryAfterMs: wait,
      },
    );
  }
  const refused = status === 401 || status === 403;
  throw new PermanentError(
    refused ? "vendor-auth" : "refused-by-vendor",
    message,
  );
}

/** The JSON body of an answer, parsed by its schema; PermanentError ("bad-answer") names the source and the field. */
export function jsonOf<T>(got: Got, source: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(got.body));
  } catch (cause) {
    throw new PermanentError(
      "bad-answer",
      `${source}: ${got.url} is not JSON`,
      { cause },
    );
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field =
    issue === undefined ? "" : `${issue.path.join(".")} ${issue.message}`;
  throw new PermanentError(
    "bad-answer",
    `${source}: ${got.url} is not as expected: ${field}`,
    {
      cause: parsed.error,
    },
  );
}

async function send(target: URL, options: GetOptions): Promise<Response> {
  try {
    return await fetch(target, {
      headers: { "user-agent": productToken, ...options.headers },
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
  options: GetOptions,
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
