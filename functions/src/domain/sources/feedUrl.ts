/** A web server is asked at these ports only: 22, 25, 6379 and their like are never its own. */
export const webPorts: readonly string[] = ["", "80", "443", "8080", "8443"];

/** Names that lead to nothing but a network of one's own (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal; the others by custom). */
const innerNames =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa)$/u;

/**
 * Why a feed may not be watched at this address, as far as the address itself says it; null where nothing speaks
 * against it. Where its name leads is checked at each poll.
 */
export function whyNotWatched(text: string): string | null {
  if (!URL.canParse(text)) return "is not a web address";
  const { protocol, username, password, port, hostname } = new URL(text);
  if (!/^https?:$/u.test(protocol))
    return "must begin with https:// or http://";
  if (username !== "" || password !== "")
    return "must not hold a user's name or password: everybody who sees the account could read them";
  if (!webPorts.includes(port))
    return `must be at a port of the web, not at ${port}`;
  // As a URL has it, every spelling of an IPv4 address is four numbers, and an IPv6 address is in brackets.
  if (/^\[|^\d+(?:\.\d+){3}$/u.test(hostname))
    return "must name its host, such as news.example.com, not give an address of it";
  const name = hostname.replace(/\.{1,64}$/u, "");
  if (!name.includes(".") || innerNames.test(name))
    return "must be on the public web: this name leads to a network of one's own";
  return null;
}
