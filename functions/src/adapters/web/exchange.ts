import type { LookupAddress } from "node:dns";
import { type IncomingMessage, request } from "node:http";
import { connect, isIP, type Socket, type TcpNetConnectOpts } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import { acceptEncoding, readBody, type Extent } from "./body.ts";
import { bareHost, loggableUrl } from "./url.ts";

/** The largest size of an answer's headers, in bytes. */
const maxHeaderBytes = 65_536;

/** How long to wait for one of several addresses before trying the next. */
const nextAddressMs = 2_000;

/** One request, and how much of its answer is read. */
export interface Exchange extends Extent {
  /** The only addresses to connect to, in order of preference. */
  readonly addresses: readonly LookupAddress[];
  readonly headers: Readonly<Record<string, string>>;
  /** Sent by POST; a GET where null. */
  readonly body: string | null;
  readonly abortSignal: AbortSignal;
  /** A connection that is silent for this long is given up. */
  readonly idleMs: number;
}

/** Where the connection of a request goes. */
export type Route = (
  to: Pick<Exchange, "url" | "addresses">,
) => TcpNetConnectOpts;

/** Connects to the checked addresses: the name is not resolved again, wherever it leads by now. */
export const pinnedRoute: Route = ({ url, addresses }) => ({
  host: bareHost(url),
  port: Number(url.port || (isSecure(url) ? 443 : 80)),
  lookup: (_name, _options, done) => done(null, [...addresses]),
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: nextAddressMs,
});

/** An answer; the body of a redirect is not read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/**
 * Sends one request over its own connection, bypassing any proxy. Throws RetryableError "timed-out" where the
 * signal fired or the connection fell silent, "vendor-down" where it cannot be made or breaks; PermanentError
 * "too-large" for headers over 64 KiB, "bad-payload" for a header that cannot be sent, and whatever reading the
 * body throws.
 */
export async function exchange(asked: Exchange, route: Route): Promise<Answer> {
  const socket = openConnection(asked.url, route(asked));
  let isSilent = false;
  socket.setTimeout(asked.idleMs, () => {
    isSilent = true;
    socket.destroy();
  });
  try {
    const response = await sendRequest(socket, asked);
    const status = response.statusCode ?? 0;
    const headers = toHeaders(response);
    const isRedirect = redirectTarget({ status, headers }) !== null;
    const body = isRedirect
      ? new Uint8Array()
      : await readBody(response, asked);
    return { status, headers, body };
  } catch (error) {
    throw toFailure(error, asked, isSilent);
  } finally {
    socket.destroy();
  }
}

/** The target of a redirect; null where the answer is none. */
export function redirectTarget({
  status,
  headers,
}: Pick<Answer, "status" | "headers">): string | null {
  if (![301, 302, 303, 307, 308].includes(status)) return null;
  const location = headers.get("location");
  // Headers arrive as Latin-1, and sites write UTF-8 (Fetch Standard, location URL).
  return location === null
    ? null
    : Buffer.from(location, "latin1").toString("utf8");
}

function openConnection(url: URL, route: TcpNetConnectOpts): Socket {
  if (!isSecure(url)) return connect(route);
  const host = bareHost(url);
  // The certificate is checked against the name; for an address there is none to send (RFC 6066, section 3).
  const named = isIP(host) === 0 ? { servername: host } : {};
  return connectSecurely({ ...route, ...named, ALPNProtocols: ["http/1.1"] });
}

function sendRequest(
  socket: Socket,
  { url, headers, body, abortSignal }: Exchange,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({
      createConnection: () => socket,
      method: body === null ? "GET" : "POST",
      path: `${url.pathname}${url.search}`,
      headers: {
        ...headers,
        "accept-encoding": acceptEncoding,
        host: url.host,
      },
      maxHeaderSize: maxHeaderBytes,
      signal: abortSignal,
    })
      .on("error", reject)
      .on("response", resolve)
      .end(body ?? undefined);
  });
}

function toHeaders(response: IncomingMessage): Headers {
  const headers = new Headers();
  const { rawHeaders } = response;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    headers.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
  return headers;
}

function toFailure(cause: unknown, asked: Exchange, isSilent: boolean): Error {
  if (cause instanceof PermanentError) return cause;
  const url = loggableUrl(asked.url);
  if (asked.abortSignal.aborted || isSilent)
    return new RetryableError("timed-out", `${url} did not answer in time`, {
      cause,
    });
  const code = errorCode(cause);
  if (code === "HPE_HEADER_OVERFLOW")
    return new PermanentError(
      "too-large",
      `${url} has more than ${maxHeaderBytes} bytes of headers`,
      { cause },
    );
  if (code === "ERR_INVALID_CHAR")
    return new PermanentError(
      "bad-payload",
      `${url} cannot be sent with such a header`,
      { cause },
    );
  return new RetryableError("vendor-down", `${url} cannot be reached`, {
    cause,
  });
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function isSecure(url: URL): boolean {
  return url.protocol === "https:";
}
