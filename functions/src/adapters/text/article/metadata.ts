import { canonicalUrl } from "../../../domain/text/url.ts";
import { parseInstant } from "../documents/dates.ts";
import { tidy, unescapeHtml } from "../documents/html.ts";
import { readJsonLd } from "./jsonLd.ts";

/** What a page says about itself. */
export interface Metadata {
  readonly title: string | null;
  /** Names as the page writes them. */
  readonly authors: readonly string[];
  readonly publishedAt: Date | null;
  /** http or https, absolute. */
  readonly canonicalUrl: string | null;
}

const longestName = 100;

/** In order of trust; names of the Open Graph protocol, Dublin Core, and publishers' systems. */
const titleNames = ["og:title", "twitter:title", "dc.title", "title"];
const authorNames = [
  "author",
  "article:author",
  "og:article:author",
  "dc.creator",
  "dcterms.creator",
  "sailthru.author",
  "parsely-author",
  "byl",
];
const dateNames = [
  "article:published_time",
  "og:article:published_time",
  "og:published_time",
  "datepublished",
  "og:pubdate",
  "pubdate",
  "pub_date",
  "publish-date",
  "publish_date",
  "parsely-pub-date",
  "sailthru.date",
  "dc.date.issued",
  "dc.date",
  "dcterms.created",
  "dcterms.date",
  "article:published",
  "date",
];

/** What a page says about itself in JSON-LD, meta elements, microdata, and the usual places of bylines and dates. Read it before anything is removed from the page. */
export function readMetadata(page: Document, url: string): Metadata {
  const marked = readJsonLd(page);
  const metas = readMetas(page);
  const valuesNamed = (names: readonly string[]) =>
    names.flatMap((name) => metas.get(name) ?? []);
  return {
    title: firstNonEmpty(
      [
        marked?.headline ?? "",
        ...valuesNamed(titleNames),
        page.title,
        page.querySelector("h1")?.textContent ?? "",
      ].map(toPlainText),
    ),
    authors: firstAuthors([
      marked?.authors ?? [],
      valuesNamed(authorNames),
      selectTexts(page, '[itemprop="author"] [itemprop="name"]'),
      selectTexts(page, '[itemprop="author"], [rel="author"]'),
      findBylines(page),
    ]),
    publishedAt: firstDate([
      marked?.published ?? "",
      ...valuesNamed(dateNames),
      ...findTimes(page),
    ]),
    canonicalUrl: findCanonicalUrl(page, metas, url),
  };
}

/** The contents of the meta elements by name, in lower case. */
function readMetas(page: Document): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const meta of page.querySelectorAll("meta[content]")) {
    const content = meta.getAttribute("content")?.trim() ?? "";
    if (content === "") continue;
    for (const key of ["property", "name", "itemprop"]) {
      const name = meta.getAttribute(key)?.trim().toLowerCase();
      if (name !== undefined)
        found.set(name, [...(found.get(name) ?? []).slice(0, 20), content]);
    }
  }
  return found;
}

/** The authors from the first of these places that names any. */
function firstAuthors(
  places: readonly (readonly string[])[],
): readonly string[] {
  for (const place of places) {
    const names = place.map(toName).filter((name) => name !== "");
    if (names.length > 0)
      return names.filter(
        (name, i) => !names.slice(0, i).some((other) => other.includes(name)),
      );
  }
  return [];
}

/** A name without “By”; empty where the text is an address or a sentence. */
function toName(text: string): string {
  const name = toPlainText(text).replace(/^(?:by|von|par|por)[\s:]+/iu, "");
  const isName =
    name.length <= longestName &&
    /\p{L}/u.test(name) &&
    !/:\/\/|^www\.|^@|[{}<>]|\n/u.test(name);
  return isName ? name : "";
}

/** “By Anna Bell” where a class marks a byline. */
function findBylines(page: Document): readonly string[] {
  return selectTexts(page, '[class*="byline"], [class*="Byline"]').flatMap(
    (text) => /^by:?\s+([^|•·\d\n]{3,100})/iu.exec(text)?.[1]?.trim() ?? [],
  );
}

function findTimes(page: Document): readonly string[] {
  const stated = [
    ...page.querySelectorAll('[itemprop~="datePublished"]'),
    ...page.querySelectorAll("time[pubdate]"),
    ...page.querySelectorAll("article time[datetime], header time[datetime]"),
  ];
  return stated
    .slice(0, 20)
    .map(
      (element) =>
        element.getAttribute("datetime") ??
        element.getAttribute("content") ??
        element.textContent,
    );
}

function firstDate(written: readonly string[]): Date | null {
  for (const text of written) {
    const at = parseInstant(text);
    if (at !== null) return at;
  }
  return null;
}

/** The page's own address; a relative one is resolved against the URL it was fetched from. */
function findCanonicalUrl(
  page: Document,
  metas: ReadonlyMap<string, readonly string[]>,
  url: string,
): string | null {
  const link = page.querySelector('link[rel~="canonical"]');
  for (const written of [
    link?.getAttribute("href"),
    ...(metas.get("og:url") ?? []),
  ]) {
    const text = written?.trim() ?? "";
    if (text === "" || text.length > 2000 || !URL.canParse(text, url)) continue;
    const address = new URL(text, url);
    const isPlain = address.username === "" && address.password === "";
    if (isPlain && canonicalUrl(address.href) !== null) return address.href;
  }
  return null;
}

function selectTexts(page: Document, selector: string): readonly string[] {
  return [...page.querySelectorAll(selector)]
    .slice(0, 10)
    .map(({ textContent }) => tidy(textContent));
}

function firstNonEmpty(texts: readonly string[]): string | null {
  return texts.find((text) => text !== "") ?? null;
}

/** Some pages escape attributes twice. */
function toPlainText(text: string): string {
  return tidy(unescapeHtml(text)).replace(/\s+/gu, " ");
}
