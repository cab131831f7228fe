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
import { toLine, toItemDate } from "../../item.ts";

/** An entry of a feed of any format. */
export interface FeedEntry {
  /** The feed's id for it, unique across feeds and stable between polls. */
  readonly id: string;
  readonly title: string;
  /** An http(s) address. */
  readonly link: string | null;
  readonly publishedAt: Date | null;
  readonly updated: string;
  /** The entry's own texts as HTML, the most likely to be complete first. */
  readonly bodies: () => readonly string[];
}

/** Further entries are left out, so that a bookmark of all of them stays small. */
const maxEntries = 1000;

/** How much of a title, or of a text that replaces it, is read, in characters. */
const longestTitle = 5000;

/** How much of a web page is searched for its feed's address, in characters. */
const maxHeadCharacters = 200_000;

/**
 * Reads the entries of an RSS, RDF, CDF, Atom or JSON feed, in the feed's order. `answeredAt` is where the feed's
 * address led; links are relative to it. Throws PermanentError ("bad-answer") where the text is not a feed; for a
 * web page the error names the feed that the page declares.
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
      : `${feedUrl} is a web page; its feed is at ${toLine(named, 500)}`,
  );
}

/** The feed that a web page declares in its head (RSS Autodiscovery; HTML, 4.6.7.1); null where there is none. */
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
  const publishedAt = toItemDate(item.published) ?? toItemDate(item.updated);
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
    updated: toItemDate(item.updated)?.toISOString() ?? "",
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
  const beginning = toLine(
    await fragmentToTextWithin(allowance, body.slice(0, longestTitle)),
    100,
  );
  return beginning || item.links[0]?.trim() || "Untitled";
}

/** Ids that are URIs are globally unique; others, such as `1`, only within their feed. */
function scopeId(id: string, feedUrl: string): string {
  return /^[a-z][a-z0-9+.-]*:\S+$/iu.test(id) ? id : `${feedUrl}#${id}`;
}

function webAddress(link: string, base: string): string | null {
  if (link.trim() === "" || !URL.canParse(link, base)) return null;
  const { href } = new URL(link, base);
  return /^https?:/u.test(href) ? href : null;
}
