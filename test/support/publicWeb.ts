import type { RequestListener } from "node:http";
import type { Fetch } from "../../functions/src/adapters/web/fetch.ts";
import {
  fetcher,
  type FetcherSettings,
} from "../../functions/src/adapters/web/fetcher.ts";
import { serving } from "./sources.ts";

/** A web of public sites, as a fetcher sees it; whatever it connects to ends on this machine. */
export interface PublicWeb {
  readonly fetch: Fetch;
  /** Every request that arrived, as `<method> <host><path>`. */
  readonly asked: () => readonly string[];
  /** The addresses that connections were made to and that are none of the sites'. */
  readonly strays: () => readonly string[];
  /** Every name that was looked up, in order. */
  readonly lookups: () => readonly string[];
}

/**
 * Sites by their names, each at a public address of its own, and other names with the addresses that they have at each
 * look-up (the last list stands for all later ones). The fetcher's own check decides what is connected to.
 */
export async function publicWeb(
  sites: Readonly<Record<string, RequestListener>>,
  names: Readonly<Record<string, readonly (readonly string[])[]>> = {},
  settings: Partial<FetcherSettings> = {},
): Promise<PublicWeb> {
  const asked: string[] = [];
  const strays: string[] = [];
  const lookups: string[] = [];
  const hosts = Object.keys(sites);
  const addressOf = (host: string) => `93.184.216.${hosts.indexOf(host) + 1}`;
  const server = await serving((request, response) => {
    const { host = "" } = request.headers;
    asked.push(`${request.method} ${host}${request.url}`);
    const site = sites[host.replace(/:\d+$/, "")];
    if (site === undefined) response.writeHead(421).end();
    else site(request, response);
  });
  const addressesOf = (host: string): readonly string[] => {
    const seen = lookups.filter((name) => name === host).length;
    const lists = hosts.includes(host) ? [[addressOf(host)]] : names[host];
    return lists?.[Math.min(seen, lists.length) - 1] ?? [];
  };
  return {
    fetch: fetcher({
      allowed: [],
      resolve: async (host) => {
        lookups.push(host);
        return addressesOf(host).map((address) => ({
          address,
          family: address.includes(":") ? 6 : 4,
        }));
      },
      route: ({ url, addresses }) => {
        const isAllowed = settings.allowed?.includes(url.origin) ?? false;
        const isSite = ({ address }: { readonly address: string }) =>
          hosts.map(addressOf).includes(address);
        if (!isAllowed)
          strays.push(
            ...addresses
              .filter((address) => !isSite(address))
              .map(({ address }) => address),
          );
        const { hostname, port } = isAllowed ? url : new URL(server);
        return { host: hostname, port: Number(port) };
      },
      ...settings,
    }),
    asked: () => asked,
    strays: () => strays,
    lookups: () => lookups,
  };
}
