/** The only ports at which a web server is asked: 22, 25, 6379 and the like never belong to one. */
export const webPorts: readonly string[] = ["", "80", "443", "8080", "8443"];

/**
 * Names that only lead to a private network (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal; the others by custom).
 */
const innerNames =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa)$/u;

/**
 * Why a feed may not be watched at this address, judging by the address alone; null if it may. Where its name leads
 * is checked at each poll.
 */
export function whyNotWatched(text: string): string | null {
  if (!URL.canParse(text)) return "is not a web address";
  const { protocol, username, password, port, hostname } = new URL(text);
  if (!/^https?:$/u.test(protocol))
    return "must begin with https:// or http://";
  if (username !== "" || password !== "")
    return "must not hold a user's name or password: everybody who sees the account could read them";
  if (!webPorts.includes(port)) return `must use a web port, not ${port}`;
  // A URL normalises every spelling of an IPv4 address to four numbers, and puts an IPv6 address into brackets.
  if (/^\[|^\d+(?:\.\d+){3}$/u.test(hostname))
    return "must name its host, such as news.example.com, not give its IP address";
  const name = hostname.replace(/\.{1,64}$/u, "");
  if (!name.includes(".") || innerNames.test(name))
    return "must be on the public web: this name leads to a private network";
  return null;
}
