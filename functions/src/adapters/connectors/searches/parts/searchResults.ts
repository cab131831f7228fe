import { PermanentError } from "../../../../domain/kernel/errors.ts";
import { addMs, dayMs } from "../../../../domain/kernel/instant.ts";
import type { SourceItem } from "../../../../domain/signals/signal.ts";
import { type Source, sourceFacts } from "../../../../domain/sources/source.ts";
import { canonicalUrl } from "../../../../domain/text/url.ts";
import type { Connector } from "../../../../ports/sources.ts";
import { isGone } from "../../../web/answer.ts";
import type { AskOptions, WebResponse } from "../../../web/fetch.ts";
import { overlapStart, sinceBookmark } from "../../bookmark.ts";
import { toLine, toSourceItem } from "../../item.ts";
import {
  assertSomeRead,
  withDropped,
  type ParsedList,
} from "../../parseEach.ts";
import {
  sourceOfKind,
  fetchPage,
  plainText,
  type Reach,
  type Vendor,
} from "../../reach.ts";

/** A page that a search for news found, as far as the search says. */
interface SearchResult {
  readonly url: string;
  readonly title: string;
  /** Who published it; the host where the search does not say. */
  readonly outlet: string | null;
  readonly publishedAt: Date | null;
  /** Plain text: what the search quotes from the page, or "". */
  readonly snippet: string;
}

/** A shorter quotation is no document, in characters. */
const shortestSnippet = 40;

/** How many days back a search asks: a week as a rule, longer after a pause, and never longer than every plan allows. */
const daysBack = { least: 7, most: 28 };

type News = "gdelt" | "newsapi" | "serper" | "google_cse";

/** A search for news as a connector: finds pages by their addresses, and brings the page itself, or what the search quoted from it. */
export function newsSearch<Kind extends News>(
  kind: Kind,
  reach: Reach,
  search: (
    source: Extract<Source, { kind: Kind }>,
    asked: { readonly days: number; readonly signal: AbortSignal },
  ) => Promise<ParsedList<SearchResult>>,
): Connector {
  const { licence } = sourceFacts[kind];
  return {
    kind,

    async poll(from, cursor, signal) {
      const source = sourceOfKind(kind, from);
      const { query } = sourceOfKind<News>(kind, from);
      const now = reach.now();
      const results = await search(source, {
        days: daysSince(overlapStart(cursor), now),
        signal,
      });
      assertSomeRead(results, sourceFacts[kind].name);
      const listed = results.read.flatMap((result) => {
        const id = canonicalUrl(result.url);
        // What is dated ahead of its time is not known to be of any.
        const isAhead = (result.publishedAt ?? now) > addMs(now, dayMs);
        const publishedAt = isAhead ? null : result.publishedAt;
        return id === null ? [] : [{ ...result, id, publishedAt }];
      });
      const { found, cursor: after } = sinceBookmark(listed, cursor, now);
      // A snippet is announced with its item, and what is announced is stored.
      const { redact } = (
        await import("../../../text/redaction/redactor.ts")
      ).redactor();
      return {
        items: found.map((one) =>
          resultToItem(kind, query, { ...one, snippet: redact(one.snippet) }),
        ),
        cursor: after,
        ...withDropped(results.dropped),
      };
    },

    async fetch(item, _from, signal) {
      if (item.url === null) return null;
      const page = await fetchPage(item.url, reach, { licence, signal });
      if (page !== null) return page;
      const snippet = item.facts["snippet"] ?? "";
      return snippet.length < shortestSnippet
        ? null
        : plainText(snippet, { url: item.url, licence });
    },
  };
}

/** The answer of a search's vendor; PermanentError ("not-found") where it says that there is no such search. */
export async function askSearch(
  vendor: Vendor,
  url: string,
  options: AskOptions,
): Promise<WebResponse> {
  const got = await vendor.ask(url, options);
  if (isGone(got))
    throw new PermanentError(
      "not-found",
      `${vendor.name} answered ${got.status} at ${got.url}`,
    );
  return got;
}

/** A reach that throws what `refusal` makes of an answer before its status is read: vendors say in the body why they refuse. */
export function heeding(
  reach: Reach,
  refusal: (got: WebResponse) => Error | null,
): Reach {
  return {
    ...reach,
    fetch: async (url, options) => {
      const got = await reach.fetch(url, options);
      const refused = refusal(got);
      if (refused !== null) throw refused;
      return got;
    },
  };
}

/** What a vendor's own words say, as far as they belong into an error: one line of at most 200 characters. */
export function quoteVendor(text: string | undefined): string {
  return toLine(text ?? "", 200);
}

function daysSince(from: Date | null, now: Date): number {
  if (from === null) return daysBack.least;
  const days = Math.ceil((now.getTime() - from.getTime()) / dayMs);
  return Math.min(daysBack.most, Math.max(daysBack.least, days));
}

function resultToItem(
  kind: News,
  query: string,
  result: SearchResult & { readonly id: string },
): SourceItem {
  const { id, url, title, outlet, publishedAt, snippet } = result;
  return toSourceItem({
    source: kind,
    itemId: id,
    revision: "",
    url,
    title,
    publisher: outlet?.trim() || new URL(id).hostname.replace(/^www\./u, ""),
    publishedAt,
    facts: { query, snippet: toLine(snippet, 2000) },
  });
}
