import { PermanentError } from "../../domain/kernel/errors.ts";

/**
 * A URL as people and logs may see it: without its query, fragment and credentials, which may hold keys, and with no
 * more than 200 characters.
 */
export function loggableUrl(url: URL | string): string {
  return String(url)
    .replace(/[?#][^]*/u, "")
    .replace(/^([a-z][\w+.-]*:)?[/\\]*[^/\\]*@/iu, "$1//")
    .slice(0, 200);
}

/**
 * An http(s) URL, as browsers read it (WHATWG URL Standard): every spelling of a host or an address becomes one.
 * Throws PermanentError: "bad-answer" where it is none, "refused-address" where it carries credentials.
 */
export function webUrl(url: string, base?: URL): URL {
  const parsed = URL.canParse(url, base) ? new URL(url, base) : null;
  if (parsed === null)
    throw new PermanentError(
      "bad-answer",
      `${loggableUrl(url)} is no web address`,
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
    `${loggableUrl(parsed)} comes with a user's name or password`,
  );
}

/** The host of a URL as a resolver takes it: an IPv6 address without its brackets. */
export function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/gu, "");
}
