import { PermanentError } from "../../domain/kernel/errors.ts";
import { dayMs } from "../../domain/kernel/instant.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import {
  type KeyName,
  type PolledKind,
  type Source,
  sourceFacts,
} from "../../domain/sources/source.ts";
import type { Fetched } from "../../ports/sources.ts";
import type { Pacer } from "../../ports/crm.ts";
import { isGone, throwForStatus } from "../web/answer.ts";
import type { AskOptions, Fetch, WebResponse } from "../web/fetch.ts";

/** A vendor's key, and how many requests a UTC day it is good for where that is not what the vendor usually allows. */
export interface SourceAccess {
  readonly key: string;
  readonly perDay?: number | undefined;
  /** The tenant that owns it; absent where all tenants share it. Rate and quota are counted per owner. */
  readonly owner?: TenantId;
}

/** All that a connector needs to reach its vendor. */
export interface Reach {
  readonly fetch: Fetch;
  /** The address that a real one is asked at: itself, or a replay's. */
  readonly via: (url: string) => string;
  /** Whether recorded answers are asked for, in place of the vendors'. */
  readonly isReplay: boolean;
  readonly pacer: Pick<Pacer, "turn" | "spend">;
  /** The key of that name, for the tenant whose source is polled; null where none is set. */
  readonly findAccess: (name: KeyName) => SourceAccess | null;
  readonly now: () => Date;
}

/** Statuses that mean no more than that the vendor is busy, and those whose answers the caller reads itself. */
export interface VendorOptions extends AskOptions {
  readonly busy?: readonly number[];
  readonly reads?: readonly number[];
}

/** How one vendor is asked: at its rate, within its day's quota, and with its failures told apart. */
export interface Vendor {
  readonly name: string;
  /**
   * The vendor's answer: 2xx, 304 where `since` was given, 404 or 410, and what is in `reads`, for the caller to tell
   * what it means. Throws RetryableError where it is busy or down (for the day, where its quota is spent) and
   * PermanentError where it refuses.
   */
  readonly ask: (url: string, options: VendorOptions) => Promise<WebResponse>;
  /** The vendor's key; PermanentError ("vendor-auth") says which is missing. */
  readonly key: () => string;
}

/** The vendor of this kind of source. */
export function vendorFor(kind: PolledKind, reach: Reach): Vendor {
  const facts = sourceFacts[kind];
  const access = () =>
    facts.key === null ? null : reach.findAccess(facts.key);
  return {
    name: facts.name,
    ask: async (url, { busy = [], reads = [], ...options }) => {
      const { perDay = facts.perDay, owner } = access() ?? {};
      // The two ways into EDGAR are one vendor.
      const asked = kind === "sec_search" ? "sec" : kind;
      const key = owner === undefined ? asked : `${asked}_${owner}`;
      if (perDay !== null)
        await reach.pacer.spend({ key, limit: perDay, windowMs: dayMs });
      await reach.pacer.turn(key, facts.perSecond, options.signal);
      const got = await reach.fetch(reach.via(url), options);
      const isSame = options.since !== undefined && got.status === 304;
      if (!isGone(got) && !isSame && !reads.includes(got.status))
        throwForStatus(got, { source: facts.name, now: reach.now(), busy });
      return got;
    },
    key: () => {
      const found = access();
      if (found !== null && found.key !== "") return found.key;
      throw new PermanentError(
        "vendor-auth",
        `${facts.name} has no key: add "${facts.key ?? kind}" to the tenant's entry of SOURCE_KEYS, and poll again.`,
      );
    },
  };
}

/** The source as one of this kind; PermanentError where it is another connector's. */
export function sourceOfKind<Kind extends PolledKind>(
  kind: Kind,
  source: Source,
): Extract<Source, { kind: Kind }> {
  if (isOfKind(kind, source)) return source;
  throw new PermanentError(
    "bad-payload",
    `${sourceFacts[kind].name} cannot poll a source of kind ${source.kind}`,
  );
}

function isOfKind<Kind extends PolledKind>(
  kind: Kind,
  source: Source,
): source is Extract<Source, { kind: Kind }> {
  return source.kind === kind;
}

/** The page behind a link; null where it is gone, or kept from readers who don't pay or aren't people. */
export async function fetchPage(
  link: string,
  reach: Reach,
  {
    licence,
    signal,
  }: { readonly licence: string; readonly signal: AbortSignal },
): Promise<Fetched | null> {
  const got = await reach.fetch(reach.via(link), { signal, robots: true });
  if (isGone(got) || [401, 402, 403, 451].includes(got.status)) return null;
  const { hostname } = new URL(link);
  throwForStatus(got, { source: hostname, now: reach.now() });
  const contentType = got.headers.get("content-type") ?? "text/html";
  return { body: got.body, contentType, url: link, licence };
}

/** A document that is nothing but this text, which its item carries with it. */
export function plainText(
  text: string,
  from: { readonly url: string; readonly licence: string },
): Fetched {
  return {
    body: new TextEncoder().encode(text),
    contentType: "text/plain; charset=utf-8",
    ...from,
  };
}
