import { escapeHtml } from "../../../text/documents/html.ts";
import { findAttribute, toCharacters, toMarkup } from "./feedTags.ts";
import type { XmlField, XmlItem } from "./feedXml.ts";

// Longer markup is cut: a title is a line, and an entry an article.
const longestLine = 5000;
const longestBody = 1_000_000;

/** An entry as its feed gives it. */
export interface FeedItem {
  readonly id: string | undefined;
  /** HTML. */
  readonly title: string;
  /** Addresses, absolute or as written, the most likely to be the entry's page first. */
  readonly links: readonly string[];
  readonly published: string | undefined;
  readonly updated: string | undefined;
  /** The entry's own texts as HTML, the most likely to be complete first. */
  readonly bodies: () => readonly string[];
}

/** Converts an item or entry of RSS 0.9 to 2.0, RDF, CDF or Atom 0.3 to 1.0, including the modules that extend them. */
export function xmlToFeedItem(item: XmlItem): FeedItem {
  const firstText = (...names: readonly string[]) =>
    names
      .map((name) => item.fields.get(name)?.[0])
      .map((field) => fieldText(field))
      .find((text) => text !== "");
  const all = (...names: readonly string[]) =>
    names.flatMap((name) => item.fields.get(name) ?? []);
  const titles = all("title", "dc:title", "media:title", "itunes:title");
  return {
    id: firstText("guid", "id") ?? findAttribute(item.tag, "about"),
    title:
      titles
        .map((title) => fieldHtml(title, longestLine))
        .find((html) => html.trim() !== "") ?? "",
    links: rankLinks(item),
    published: firstText(
      "pubdate",
      "published",
      "issued",
      "dc:date",
      "dcterms:issued",
      "created",
      "dcterms:created",
    ),
    updated:
      firstText("updated", "modified", "dcterms:modified") ??
      findAttribute(item.tag, "lastmod"),
    bodies: () =>
      all(
        "content:encoded",
        "content",
        "xhtml:body",
        "body",
        "fullitem",
        "description",
        "summary",
        "abstract",
        "xhtml:div",
        "dc:description",
        "media:description",
        "itunes:summary",
      )
        .map((body) => fieldHtml(body, longestBody))
        .filter((html) => html.trim() !== ""),
  };
}

/** FeedBurner's original address comes before its tracking address, and a permalink before a mere pointer. */
function rankLinks({ fields, tag, base }: XmlItem): readonly string[] {
  const links = ["link", "a"]
    .flatMap((name) => fields.get(name) ?? [])
    .map((link) => ({
      rel: (findAttribute(link.tag, "rel") ?? "alternate").toLowerCase(),
      type: findAttribute(link.tag, "type") ?? "text/html",
      href: linkAddress(link, findAttribute(link.tag, "href")),
    }));
  const linksByRelation = (rel: string) =>
    links
      .filter((link) => link.rel.split("/").at(-1) === rel)
      .sort((a, b) => typeRank(a.type) - typeRank(b.type))
      .map(({ href }) => href);
  const originals = fields.get("feedburner:origlink") ?? [];
  const guids = (fields.get("guid") ?? []).filter(
    (guid) =>
      findAttribute(guid.tag, "ispermalink")?.toLowerCase() !== "false" &&
      /^https?:/iu.test(fieldText(guid)),
  );
  const own = ["href", "about"].map((name) => findAttribute(tag, name));
  return [
    ...originals.map((link) => linkAddress(link)),
    ...linksByRelation("alternate"),
    ...guids.map((guid) => linkAddress(guid)),
    ...own.map((href) => toAbsolute(href, base)),
    ...(fields.get("content") ?? []).map(({ tag: content, base: at }) =>
      toAbsolute(findAttribute(content, "src"), at),
    ),
    ...linksByRelation("via"),
    ...linksByRelation("related"),
  ].filter((link) => link !== "");
}

function typeRank(type: string): number {
  return /html/iu.test(type) ? 0 : 1;
}

/** The address in an element's attribute, or else in its content. */
function linkAddress(field: XmlField, href?: string): string {
  return toAbsolute(href ?? fieldText(field), field.base);
}

function fieldText(field: XmlField | undefined): string {
  return toCharacters((field?.source ?? "").slice(0, longestLine)).trim();
}

function toAbsolute(link: string | undefined, base: string): string {
  const trimmed = link?.trim() ?? "";
  if (trimmed === "" || !URL.canParse(trimmed, base)) return trimmed;
  return new URL(trimmed, base).href;
}

/** An element's text as HTML: RSS contains escaped HTML, Atom plain text unless it says otherwise (RFC 4287, 3.1 and 4.1.3; Atom 0.3, 3.1). */
function fieldHtml(field: XmlField, longest: number): string {
  const { tag, hasElements, isAtom } = field;
  const source = field.source.slice(0, longest);
  const type = (findAttribute(tag, "type") ?? "").toLowerCase();
  // Some escape HTML although it is inside an element of its own.
  const isEscaped = type.endsWith("html") && /&lt;\/?[a-z]/iu.test(source);
  if (hasElements && !(isAtom && isEscaped && type !== "xhtml"))
    return toMarkup(source, isAtom ? "text" : "html");
  const mode = findAttribute(tag, "mode")?.toLowerCase();
  if (mode === "base64" || (isAtom && isBinary(type)))
    return base64ToHtml(toCharacters(source));
  const isPlain = type === "" || type === "text" || type === "text/plain";
  if (!isAtom || !isPlain) return toCharacters(source);
  // XML text is also HTML text, and this way HTML's entities are resolved as well.
  return toMarkup(source, "text");
}

function isBinary(type: string): boolean {
  return /^[\w.+-]+\/[\w.+-]+/u.test(type) && !/^text\/|xml|html/u.test(type);
}

/** Decodes base64 text as HTML; empty for an image or the like, unchanged where it is not base64. */
function base64ToHtml(text: string): string {
  const packed = text.replace(/\s+/gu, "");
  if (!/^[a-z\d+/]+={0,2}$/iu.test(packed)) return text;
  try {
    const html = new TextDecoder("utf-8", { fatal: true }).decode(
      Buffer.from(packed, "base64"),
    );
    return /<\/?[a-z]/iu.test(html) ? html : escapeHtml(html);
  } catch {
    // Bytes that are not text.
    return "";
  }
}
