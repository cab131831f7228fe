import type { parseFeed } from "feedsmith";
import { PermanentError } from "../../domain/errors.ts";
import { sha256 } from "../../domain/hash.ts";
import { escapeHtml, textOfFragment } from "../text/html.ts";
import { cut, dateOf } from "./item.ts";

type AnyFeed = ReturnType<typeof parseFeed<string>>;
type FeedOf<Format extends AnyFeed["format"]> = Extract<
  AnyFeed,
  { format: Format }
>["feed"];
type RssItem = NonNullable<FeedOf<"rss">["items"]>[number];
type RdfItem = NonNullable<FeedOf<"rdf">["items"]>[number];
type AtomEntry = NonNullable<FeedOf<"atom">["entries"]>[number];
type JsonItem = NonNullable<FeedOf<"json">["items"]>[number];

/** An entry of a feed of any format, as far as it says. */
export interface FeedEntry {
  /** What the feed calls it; unique across feeds, and the same at every look. */
  readonly id: string;
  readonly title: string;
  /** An http(s) address. */
  readonly link: string | null;
  readonly publishedAt: Date | null;
  readonly updated: string;
  /** The entry's own texts as HTML, in the order of their claim to be the whole one. */
  readonly bodies: readonly string[];
}

/** An entry as its format gives it; titles and bodies are HTML. */
interface RawEntry {
  readonly id: string | undefined;
  readonly title: string;
  readonly link: string | undefined;
  readonly published: string | undefined;
  readonly updated: string | undefined;
  readonly bodies: readonly (string | undefined)[];
}

/** More entries than this are left out, so that a bookmark of all of them stays small. */
const maxEntries = 1000;

/** The entries of an RSS, Atom, RDF or JSON feed, in its own order. Throws PermanentError ("bad-answer") where it is none. */
export async function entriesOf(
  text: string,
  feedUrl: string,
): Promise<readonly FeedEntry[]> {
  const feed = await parsed(text, feedUrl);
  const entries: FeedEntry[] = [];
  for (const raw of rawEntriesOf(feed).slice(0, maxEntries)) {
    entries.push(await entryOf(raw, feedUrl));
  }
  return entries;
}

async function parsed(text: string, feedUrl: string): Promise<AnyFeed> {
  const { parseFeed } = await import("feedsmith");
  try {
    return parseFeed(text);
  } catch (cause) {
    throw new PermanentError("bad-answer", `${feedUrl} is not a feed`, {
      cause,
    });
  }
}

function rawEntriesOf(any: AnyFeed): readonly RawEntry[] {
  switch (any.format) {
    case "rss":
      return (any.feed.items ?? []).map(fromRss);
    case "rdf":
      return (any.feed.items ?? []).map(fromRdf);
    case "atom":
      return (any.feed.entries ?? []).map(fromAtom);
    case "json":
      return (any.feed.items ?? []).map(fromJson);
  }
}

function fromRss(item: RssItem): RawEntry {
  const permalink =
    item.guid?.isPermaLink === false ? undefined : item.guid?.value;
  return {
    id: item.guid?.value,
    title: item.title ?? item.dc?.titles?.[0] ?? "",
    link:
      item.link ??
      item.atom?.links?.[0]?.href ??
      (isWeb(permalink) ? permalink : undefined),
    published: item.pubDate ?? item.dc?.dates?.[0] ?? item.atom?.published,
    updated: item.atom?.updated,
    bodies: [
      item.content?.encoded,
      item.description,
      item.dc?.descriptions?.[0],
    ],
  };
}

function fromRdf(item: RdfItem): RawEntry {
  return {
    id: item.rdf?.about,
    title: item.title ?? item.dc?.titles?.[0] ?? "",
    link: item.link ?? item.rdf?.about,
    published: item.dc?.dates?.[0],
    updated: undefined,
    bodies: [
      item.content?.encoded,
      item.description,
      item.dc?.descriptions?.[0],
    ],
  };
}

function fromAtom(entry: AtomEntry): RawEntry {
  const links = entry.links ?? [];
  const link =
    links.find(({ rel }) => rel === undefined || rel === "alternate") ??
    links[0];
  return {
    id: entry.id,
    title: asHtml(entry.title?.value, entry.title?.type),
    link: link?.href,
    published: entry.published ?? entry.dc?.dates?.[0],
    updated: entry.updated,
    bodies: [
      asHtml(entry.content?.value, entry.content?.type),
      asHtml(entry.summary?.value, entry.summary?.type),
    ],
  };
}

function fromJson(item: JsonItem): RawEntry {
  return {
    id: item.id,
    title: escapeHtml(item.title ?? ""),
    link: item.url ?? item.external_url,
    published: item.date_published,
    updated: item.date_modified,
    bodies: [
      item.content_html,
      escapeHtml(item.content_text ?? ""),
      escapeHtml(item.summary ?? ""),
    ],
  };
}

/** An Atom text construct as HTML (RFC 4287, section 3.1: plain text unless it says otherwise). */
function asHtml(value: string | undefined, type: string | undefined): string {
  if (value === undefined) return "";
  return type === undefined || type === "text" || type === "text/plain"
    ? escapeHtml(value)
    : value;
}

async function entryOf(raw: RawEntry, feedUrl: string): Promise<FeedEntry> {
  const bodies = raw.bodies.filter(
    (body): body is string => body !== undefined && body !== "",
  );
  const title = await titleOf(raw, bodies);
  const publishedAt = dateOf(raw.published) ?? dateOf(raw.updated);
  const own = raw.id?.trim() || raw.link?.trim();
  return {
    id: own
      ? scoped(own, feedUrl)
      : scoped(sha256(`${title}\n${raw.published ?? ""}`), feedUrl),
    title,
    link: webAddress(raw.link, feedUrl),
    publishedAt,
    updated: dateOf(raw.updated)?.toISOString() ?? "",
    bodies,
  };
}

async function titleOf(
  raw: RawEntry,
  bodies: readonly string[],
): Promise<string> {
  const title = await textOfFragment(raw.title);
  if (title !== "") return title;
  const beginning = cut(await textOfFragment(bodies[0] ?? ""), 100);
  return beginning || raw.link?.trim() || "Untitled";
}

/** Ids that are URIs are unique in the world; others, such as `1`, only in their feed. */
function scoped(id: string, feedUrl: string): string {
  return /^[a-z][a-z0-9+.-]*:\S+$/iu.test(id) ? id : `${feedUrl}#${id}`;
}

function webAddress(link: string | undefined, base: string): string | null {
  const trimmed = link?.trim();
  if (!trimmed || !URL.canParse(trimmed, base)) return null;
  const { href } = new URL(trimmed, base);
  return isWeb(href) ? href : null;
}

function isWeb(link: string | undefined): boolean {
  return /^https?:/iu.test(link?.trim() ?? "");
}
