import type { Resolve } from "./address.ts";
import type { Route, Exchange } from "./exchange.ts";
import type { Fetch, WebResponse, AskOptions } from "./fetch.ts";
import { systemClock } from "../clock.ts";
import type { Robots } from "./robots.ts";
import { webUrl, loggableUrl } from "./url.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";

/** The product's name in a site's robots.txt. */
const productName = "ClientPulse";

/** The product's name and version in the User-Agent header (RFC 9110, section 10.1.5). */
export const productToken = `${productName}/0.1.0`;

/** The default limit of one answer, in bytes after decompression: 20 MB. */
const defaultMaxBytes = 20_000_000;

/** A connection that is silent for this long is given up. */
const defaultIdleMs = 20_000;

const maxRedirects = 5;

/** The headers that follow a redirect to another site: any other may be a key. */
const harmlessHeaders = [
  "accept",
  "accept-language",
  "if-modified-since",
  "if-none-match",
  "user-agent",
];

/** What a fetcher may reach. */
export interface FetcherSettings {
  /** Origins on this machine, such as a replay's, that may be fetched although they are not public; no public site can redirect to them. */
  readonly allowed: readonly string[];
  /** Defaults to the system's resolver. */
  readonly resolve?: Resolve;
  /** Where connections to checked addresses go; by default to these addresses. */
  readonly route?: Route;
  readonly now?: () => Date;
  readonly idleMs?: number;
}

/** A request on its way through redirects. */
interface Asked {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Whether it has only been at origins on this machine. */
  readonly isTrusted: boolean;
}

type How = Pick<Exchange, "abortSignal" | "maxBytes" | "isCut"> & {
  readonly robots: boolean;
};

/** Builds the only way out to the web. */
export function fetcher(settings: FetcherSettings): Fetch {
  const { idleMs = defaultIdleMs, now = systemClock.now } = settings;
  let mayAsk: Robots | undefined;

  async function follow(asked: Asked, how: How): Promise<WebResponse> {
    // Loaded with the first request: most functions make none.
    const { resolvePublicAddresses, systemResolver } =
      await import("./address.ts");
    const { exchange, redirectTarget, pinnedRoute } =
      await import("./exchange.ts");
    const { resolve = systemResolver, route = pinnedRoute } = settings;
    let at = asked;
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const { url, headers, body } = at;
      const isTrusted = at.isTrusted && settings.allowed.includes(url.origin);
      const { abortSignal } = how;
      const to = { url, isTrusted, abortSignal };
      const addresses = await resolvePublicAddresses(to, resolve);
      if (how.robots && !(await isLetIn(to))) return robotsRefusal(url);
      const answer = await exchange(
        { ...how, url, addresses, headers, body, idleMs },
        route,
      );
      const location = redirectTarget(answer);
      if (location === null) return { ...answer, url: url.href };
      const next = webUrl(location, url);
      at = redirectRequest({ ...at, isTrusted }, answer.status, next);
    }
    throw new PermanentError(
      "bad-answer",
      `${loggableUrl(asked.url)} redirects more than ${maxRedirects} times`,
    );
  }

  async function isLetIn(
    to: Pick<Asked, "url" | "isTrusted"> & Pick<How, "abortSignal">,
  ): Promise<boolean> {
    const { robots, maxRobotsBytes } = await import("./robots.ts");
    mayAsk ??= robots(productName, now);
    const { isTrusted, abortSignal } = to;
    const headers = requestHeaders({ signal: abortSignal });
    const how = { abortSignal, maxBytes: maxRobotsBytes, isCut: true };
    return mayAsk(to.url, {
      abortSignal,
      ask: (url) =>
        follow(
          { url: webUrl(url), headers, body: null, isTrusted },
          { ...how, robots: false },
        ),
    });
  }

  return async (url, options) =>
    follow(firstRequest(url, options), howToAsk(options));
}

function firstRequest(url: string, options: AskOptions): Asked {
  return {
    url: webUrl(url),
    headers: requestHeaders(options),
    body: requestBody(options),
    isTrusted: true,
  };
}

function howToAsk({
  signal: abortSignal,
  maxBytes = defaultMaxBytes,
  robots = false,
}: AskOptions): How {
  return { abortSignal, maxBytes, isCut: false, robots };
}

function requestBody({ json, form }: AskOptions): string | null {
  if (form !== undefined) return new URLSearchParams(form).toString();
  return json === undefined ? null : JSON.stringify(json);
}

function requestHeaders({
  headers = {},
  json,
  form,
  since,
}: AskOptions): Asked["headers"] {
  return {
    accept: "*/*",
    "user-agent": productToken,
    ...optionalHeader("if-none-match", since?.etag),
    ...optionalHeader("if-modified-since", since?.lastModified),
    ...(json === undefined ? {} : { "content-type": "application/json" }),
    ...(form === undefined
      ? {}
      : { "content-type": "application/x-www-form-urlencoded" }),
    ...Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]),
    ),
  };
}

/** The request to the next address: with a body only where the same site asks for it again (RFC 9110, section 15.4). */
function redirectRequest(from: Asked, status: number, url: URL): Asked {
  const isSameSite = url.origin === from.url.origin;
  const body = status === 307 || status === 308 ? from.body : null;
  if (body !== null && !isSameSite) {
    throw new PermanentError(
      "refused-by-vendor",
      `${loggableUrl(from.url)} wants what it was sent to go to another site, ${loggableUrl(url)}`,
    );
  }
  const headers = Object.entries(from.headers).filter(
    ([name]) => isSameSite || harmlessHeaders.includes(name),
  );
  return { ...from, url, body, headers: Object.fromEntries(headers) };
}

function robotsRefusal(url: URL): WebResponse {
  return {
    status: 403,
    headers: new Headers(),
    body: new Uint8Array(),
    url: url.href,
  };
}

function optionalHeader(name: string, value: string | undefined) {
  return value === undefined || value === "" ? {} : { [name]: value };
}
