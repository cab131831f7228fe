import { PermanentError } from "../../../domain/kernel/errors.ts";
import type { Source } from "../../../domain/sources/source.ts";
import { idFrom, hashId } from "../../../domain/kernel/hash.ts";
import { addMs, dayMs } from "../../../domain/kernel/instant.ts";
import type { SourceItem } from "../../../domain/signals/signal.ts";
import type { Connector, Fetched } from "../../../ports/sources.ts";
import { isGone } from "../../web/answer.ts";
import { budgets } from "../../text/budgets.ts";
import { escapeHtml, fragmentToTextWithin } from "../../text/documents/html.ts";
import type { WebResponse, Validators } from "../../web/fetch.ts";
import { decodeFeed } from "./parts/feedCharset.ts";
import { readEntries, type FeedEntry } from "./parts/feedEntries.ts";
import { defineConnector } from "../definition.ts";
import { firstPollItems, toSourceItem } from "../item.ts";
import { sourceOfKind, fetchPage, type Reach, vendorFor } from "../reach.ts";

export const rssDefinition = defineConnector({
  kind: "rss",
  settings: {},
  connect: rss,
});

type RssSource = Extract<Source, { kind: "rss" }>;

/** How many entries a bookmark remembers, unless the feed itself lists more. */
const maxSeen = 200;

/** A shorter text is not a document, in characters. */
const shortestText = 40;

/** News and blogs by RSS, Atom, RDF or JSON feed. */
export function rss(reach: Reach): Connector {
  const vendor = vendorFor("rss", reach);
  const { now } = reach;

  function entriesIn(got: WebResponse, source: RssSource) {
    const text = decodeFeed(got.body, got.headers.get("content-type") ?? "");
    // A replay's own address means nothing; a redirect's is what links are relative to.
    const { href } = new URL(reach.via(source.url));
    return readEntries(
      text,
      source.url,
      got.url === href ? source.url : got.url,
    );
  }

  return {
    kind: "rss",

    async poll(from, cursor, abortSignal) {
      const source = sourceOfKind("rss", from);
      const since = cursor === null ? null : toValidators(cursor);
      const got = await vendor.ask(source.url, {
        signal: abortSignal,
        ...(since === null ? {} : { since }),
      });
      if (got.status === 304 && cursor !== null) return { items: [], cursor };
      if (isGone(got))
        throw new PermanentError("not-found", `${source.url} is gone`);
      const entries = sortByDate(await entriesIn(got, source));
      const seen = new Set((cursor?.["seen"] ?? "").split(" "));
      const found =
        cursor === null
          ? entries.slice(-firstPollItems)
          : entries.filter((entry) => !seen.has(toMark(entry)));
      return {
        items: found.map((entry) => entryToItem(entry, source, now())),
        cursor: { seen: mergeSeen(entries, seen), ...toCursor(got) },
      };
    },

    async fetch(item, from, abortSignal): Promise<Fetched | null> {
      const source = sourceOfKind("rss", from);
      const { licence } = source;
      const page =
        item.url === null
          ? null
          : await fetchPage(item.url, reach, { licence, signal: abortSignal });
      if (page !== null) return page;
      const got = await vendor.ask(source.url, { signal: abortSignal });
      if (isGone(got)) return null;
      const entry = (await entriesIn(got, source)).find((e) => {
        const id = entryToItem(e, source, now()).itemId;
        return [id, hashId(id)].includes(item.itemId);
      });
      const body = entry === undefined ? null : await entryPage(entry);
      if (body === null) return null;
      return {
        body: new TextEncoder().encode(body),
        contentType: "text/html; charset=utf-8",
        url: item.url ?? source.url,
        licence,
      };
    },
  };
}

/** The validators of the feed's last answer; null where it gave none. */
function toValidators(
  cursor: Readonly<Record<string, string>>,
): Validators | null {
  const { etag, lastModified } = cursor;
  return etag === undefined && lastModified === undefined
    ? null
    : { etag, lastModified };
}

/** What the next poll asks by; a validator that is too long is not kept. */
function toCursor({ headers }: WebResponse): Readonly<Record<string, string>> {
  const [etag, lastModified] = ["etag", "last-modified"].map((name) => {
    const value = headers.get(name) ?? "";
    return value.length > 500 ? "" : value;
  });
  return {
    ...(etag ? { etag } : {}),
    ...(lastModified ? { lastModified } : {}),
  };
}

/** Oldest first. Feeds list the newest first, so entries without a date keep their place. */
function sortByDate(entries: readonly FeedEntry[]): readonly FeedEntry[] {
  const unique = new Map(
    entries.toReversed().map((entry) => [toMark(entry), entry]),
  );
  return [...unique.values()].sort(
    (a, b) => (a.publishedAt?.getTime() ?? 0) - (b.publishedAt?.getTime() ?? 0),
  );
}

/** Identifies an entry in its current revision. Dates in feeds are unreliable, so bookmarks go by this mark. */
function toMark(entry: FeedEntry): string {
  return idFrom(entry.id, entry.updated).slice(0, 16);
}

/** The marks of the entries listed now, and of as many seen before as fit the bookmark, newest first. */
function mergeSeen(
  entries: readonly FeedEntry[],
  before: ReadonlySet<string>,
): string {
  const listed = entries.map(toMark).toReversed();
  const all = new Set([...listed, ...before].filter((mark) => mark !== ""));
  return [...all].slice(0, Math.max(maxSeen, listed.length)).join(" ");
}

function entryToItem(
  entry: FeedEntry,
  source: RssSource,
  now: Date,
): SourceItem {
  const { publishedAt } = entry;
  return toSourceItem({
    source: "rss",
    itemId: entry.id,
    revision: entry.updated,
    url: entry.link,
    title: entry.title,
    publisher: source.publisher,
    // A date in the future says nothing about when an entry was published.
    publishedAt:
      publishedAt !== null && publishedAt <= addMs(now, dayMs)
        ? publishedAt
        : null,
    facts: { feed: source.url.slice(0, 2000) },
  });
}

/** The longest of the entry's own texts as a page that is nothing but its article; null where none is long enough. */
async function entryPage(entry: FeedEntry): Promise<string | null> {
  let longest = { html: "", length: shortestText - 1 };
  const allowance = { nodes: budgets.feedNodes };
  for (const html of entry.bodies()) {
    const { length } = await fragmentToTextWithin(allowance, html);
    if (length > longest.length) longest = { html, length };
  }
  if (longest.html === "") return null;
  const title = escapeHtml(entry.title);
  return `<html><head><title>${title}</title></head><body><article>${longest.html}</article></body></html>`;
}
