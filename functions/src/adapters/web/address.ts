import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import { webPorts } from "../../domain/sources/feedUrl.ts";
import { unlessAborted } from "./failures.ts";
import { bareHost, loggableUrl } from "./url.ts";

/** All addresses of a host name, as the system's resolver gives them. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** The byte offset at which an IPv6 address of a transition technology embeds the IPv4 address it leads to. */
const embeddedIpv4At: Readonly<Record<string, number>> = {
  // RFC 4291, 2.5.5.2
  ipv4Mapped: 12,
  // RFC 6052, 2.1
  rfc6052: 12,
  // RFC 3056, 2
  "6to4": 2,
};

/** Azure's host answers its guests at this public address (Microsoft, What is IP address 168.63.129.16?). */
const guestOnlyAddresses = ["168.63.129.16"];

/**
 * Whether an address is global unicast, neither reserved nor part of a private network (IANA's special-purpose
 * address registries, as in ipaddr.js). Anything that is not an address is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || guestOnlyAddresses.includes(address)) return false;
  const ip = ipaddr.parse(address);
  const bytes = ip.toByteArray();
  const start = embeddedIpv4At[ip.range()];
  if (start !== undefined)
    return isPublicAddress(bytes.slice(start, start + 4).join("."));
  if (ip.range() !== "unicast") return false;
  // IPv6: only 2000::/3 has been allocated (IANA, IPv6 Global Unicast Address Assignments), less 3ffe::/15 and 3fff::/20 at its end.
  const [first = 0, second = 0] = bytes;
  return (
    bytes.length === 4 ||
    (first >> 5 === 1 && !(first === 0x3f && second >= 0xfe))
  );
}

/** Resolves a name as the system does: by its hosts file, then DNS. */
export const systemResolver: Resolve = (hostname) =>
  lookup(hostname, { all: true });

/**
 * The current addresses of a URL's host, all of them public; any addresses where it is trusted. Connecting to one
 * of them, rather than to the name, leads nowhere else. Throws PermanentError ("refused-address") where even one
 * is not public or the port is not a web port, RetryableError where the name has no address ("vendor-down") or the
 * signal fires first ("timed-out").
 */
export async function resolvePublicAddresses(
  {
    url,
    isTrusted,
    abortSignal,
  }: {
    readonly url: URL;
    readonly isTrusted: boolean;
    readonly abortSignal: AbortSignal;
  },
  resolve: Resolve,
): Promise<readonly LookupAddress[]> {
  if (!isTrusted && !webPorts.includes(url.port)) {
    throw new PermanentError(
      "refused-address",
      `${loggableUrl(url)} uses a port that is not a web port`,
    );
  }
  const addresses = await resolveHost(url, resolve, abortSignal);
  const refused = isTrusted
    ? undefined
    : addresses.find(({ address }) => !isPublicAddress(address));
  if (refused === undefined) return addresses;
  throw new PermanentError(
    "refused-address",
    `${loggableUrl(url)} leads to an address that is not public (${refused.address})`,
  );
}

async function resolveHost(
  url: URL,
  resolve: Resolve,
  abortSignal: AbortSignal,
): Promise<readonly LookupAddress[]> {
  const host = bareHost(url);
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  try {
    const addresses = await unlessAborted(abortSignal, () => resolve(host));
    if (addresses.length > 0) return addresses;
    throw new Error(`${host} has no address`);
  } catch (cause) {
    throw abortSignal.aborted
      ? new RetryableError(
          "timed-out",
          `${loggableUrl(url)} was not found in time`,
          {
            cause,
          },
        )
      : new RetryableError(
          "vendor-down",
          `${loggableUrl(url)} cannot be reached: its name has no address`,
          { cause },
        );
  }
}
