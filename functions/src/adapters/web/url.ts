import { PermanentError } from "../../domain/kernel/errors.ts";

/**
 * A URL that people and logs may see: without query, fragment and credentials, which may contain keys, and at most
 * 200 characters.
 */
export function loggableUrl(url: URL | string): string {
  return String(url)
    .replace(/[?#][^]*/u, "")
    .replace(/^([a-z][\w+.-]*:)?[/\\]*[^/\\]*@/iu, "$1//")
    .slice(0, 200);
}

/**
 * Parses an http(s) URL as browsers do (WHATWG URL Standard): every spelling of a host or an address becomes one.
 * Throws PermanentError: "bad-answer" where it is not one, "refused-address" where it contains credentials.
 */
export function webUrl(url: string, base?: URL): URL {
  const parsed = URL.canParse(url, base) ? new URL(url, base) : null;
  if (parsed === null)
    throw new PermanentError(
      "bad-answer",
      `${loggableUrl(url)} is not a web address`,
    );
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") {
    throw new PermanentError(
      "bad-answer",
      `${loggableUrl(url)} is not an http(s) address`,
    );
  }
  if (parsed.username === "" && parsed.password === "") return parsed;
  throw new PermanentError(
    "refused-address",
    `${loggableUrl(parsed)} contains a user name or password`,
  );
}

/** The host of a URL for a resolver: an IPv6 address without its brackets. */
export function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/gu, "");
}
