import { PermanentError } from "../../../../domain/kernel/errors.ts";
import { sha256 } from "../../../../domain/kernel/hash.ts";
import { budgets } from "../../../text/budgets.ts";
import {
  type Allowance,
  parseHtml,
  fragmentToTextWithin,
} from "../../../text/documents/html.ts";
import { type FeedItem, xmlToFeedItem } from "./feedItem.ts";
import { readJsonFeed } from "./feedJson.ts";
import { readXmlFeed } from "./feedXml.ts";
import { cut, dateOf } from "../../item.ts";

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
  readonly bodies: () => readonly string[];
}

/** More entries than this are left out, so that a bookmark of all of them stays small. */
const maxEntries = 1000;

/** As much of a title, and of a text that stands in for it, is looked at, in characters. */
const longestTitle = 5000;

/** As much of a web page is searched for the address of its feed, in characters. */
const maxHeadCharacters = 200_000;

/**
 * The entries of an RSS, RDF, CDF, Atom or JSON feed, in its own order; none where the feed has
 * none. `answeredAt` is where its address led, to which links are relative. Throws PermanentError
 * ("bad-answer") where the text is no feed, and names the feed of a web page that has one.
 */
export async function readEntries(
  text: string,
  feedUrl: string,
  answeredAt: string = feedUrl,
): Promise<readonly FeedEntry[]> {
  const entries: FeedEntry[] = [];
  const allowance = { nodes: budgets.feedNodes };
  for (const item of await readItems(text, feedUrl, answeredAt)) {
    const isEmpty = item.title === "" && item.bodies().length === 0;
    if (isEmpty && item.id === undefined && item.links.length === 0) continue;
    const title = await entryTitle(item, allowance);
    entries.push(toEntry(item, title, { feedUrl, answeredAt }));
  }
  return entries;
}

async function readItems(
  text: string,
  feedUrl: string,
  answeredAt: string,
): Promise<readonly FeedItem[]> {
  const json = /^\s*\{/u.test(text) ? readJsonFeed(text, maxEntries) : null;
  if (json !== null) return json;
  const { kind, items } = readXmlFeed(text, answeredAt, maxEntries);
  if (kind === "feed") return items.map(xmlToFeedItem);
  if (kind === "other")
    throw new PermanentError("bad-answer", `${feedUrl} is not a feed`);
  const named = await findPageFeed(text, answeredAt);
  throw new PermanentError(
    "bad-answer",
    named === null
      ? `${feedUrl} is a web page, not a feed`
      : `${feedUrl} is a web page; its feed is at ${cut(named, 500)}`,
  );
}

/** The feed that a web page names in its head (RSS Autodiscovery; HTML, 4.6.7.1); null where it names none. */
async function findPageFeed(html: string, url: string): Promise<string | null> {
  const page = await parseHtml(html.slice(0, maxHeadCharacters)).catch(
    () => null,
  );
  if (page === null) return null;
  for (const link of page.querySelectorAll("link[rel][type][href]")) {
    const isFeed =
      /\balternate\b/iu.test(link.getAttribute("rel") ?? "") &&
      /^application\/(?:(?:rss|atom|rdf)\+xml|feed\+json)/iu.test(
        link.getAttribute("type")?.trim() ?? "",
      );
    const address = webAddress(link.getAttribute("href") ?? "", url);
    if (isFeed && address !== null) return address;
  }
  return null;
}

function toEntry(
  item: FeedItem,
  title: string,
  {
    feedUrl,
    answeredAt,
  }: { readonly feedUrl: string; readonly answeredAt: string },
): FeedEntry {
  const publishedAt = dateOf(item.published) ?? dateOf(item.updated);
  const own = item.id?.trim() || item.links[0]?.trim();
  return {
    id: own
      ? scopeId(own, feedUrl)
      : scopeId(sha256(`${title}\n${item.published ?? ""}`), feedUrl),
    title,
    link:
      item.links
        .map((link) => webAddress(link, answeredAt))
        .find((link) => link !== null) ?? null,
    publishedAt,
    updated: dateOf(item.updated)?.toISOString() ?? "",
    bodies: item.bodies,
  };
}

async function entryTitle(
  item: FeedItem,
  allowance: Allowance,
): Promise<string> {
  const title = await fragmentToTextWithin(
    allowance,
    item.title.slice(0, longestTitle),
  );
  if (title !== "") return title;
  const [body = ""] = item.bodies();
  const beginning = cut(
    await fragmentToTextWithin(allowance, body.slice(0, longestTitle)),
    100,
  );
  return beginning || item.links[0]?.trim() || "Untitled";
}

/** Ids that are URIs are unique in the world; others, such as `1`, only in their feed. */
function scopeId(id: string, feedUrl: string): string {
  return /^[a-z][a-z0-9+.-]*:\S+$/iu.test(id) ? id : `${feedUrl}#${id}`;
}

function webAddress(link: string, base: string): string | null {
  if (link.trim() === "" || !URL.canParse(link, base)) return null;
  const { href } = new URL(link, base);
  return /^https?:/u.test(href) ? href : null;
}
