import { findChains, findHost, isName, webHost, restoreDots } from "./hosts.ts";
import { normalText } from "./normalText.ts";
import { canonicalUrl } from "./url.ts";

/** What a reader, their browser or their mail program takes for a link, however it is disguised. */
export interface Link {
  /** Where it stands in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** The link without its disguise. */
  readonly text: string;
  /** Its host in ASCII; null where it leads to no host: a phone number, a script. */
  readonly host: string | null;
  /** The canonical URL of the page (url.ts); null where it is not a web page. */
  readonly url: string | null;
  /** Only a domain, which may as well be a name: `Booking.com`. */
  readonly isBare: boolean;
}

/** The addresses that our own text may contain. */
export interface KnownLinks {
  /** Domains and all their subdomains: the tenant's own and the account's. */
  readonly domains: ReadonlySet<string>;
  /** Canonical URLs of single pages: of assets, of evidence, and of what our own people wrote. */
  readonly urls: ReadonlySet<string>;
}

type FoundLink = Omit<Link, "start" | "end"> & {
  readonly index: number;
  readonly length: number;
};

/** What may follow a host. */
const tailPattern = /(?::\d{1,5}(?!\d))?(?:[/?#\\][^\s<>"“”«»]{0,2000})?/uy;
const schemePattern =
  /(?<![a-z0-9+.-])(?:[a-z][a-z0-9+.-]{0,30}:\s{0,2}[/\\]{2}|(?:https?|ftp|mailto|tel|callto|sms|fax|javascript|vbscript|skype|whatsapp|tg|facetime|magnet|bitcoin):|data:(?=[a-z]{1,20}\/))\s{0,2}[^\s<>"“”«»]{1,1500}/giu;
/** Addresses with a space in their scheme, and links that open programs rather than pages. */
const otherSchemePattern =
  /(?<![a-z0-9+.-])(?:(?:https?|ftp)\s{1,2}:\s{0,2}[/\\]{2}\s{0,2}|(?:sips?|xmpp|market|ms-[a-z-]{2,30}|search-ms):)[^\s<>"“”«»]{1,1000}/giu;
/** A folder on another machine, `\\host\share`. */
const folderPattern =
  /(?<![\\:\p{L}\p{Nd}])\\{2}[\p{L}\p{Nd}._@-]{1,63}\\[^\s<>"“”«»]{1,500}/gu;
const phonePattern =
  /(?<![\p{L}\p{Nd}])(?:\+\d(?:[ ().\u2010-\u2013-]{0,2}\d){7,14}|\(\d{3}\) ?\d{3}[ .-]\d{4}|(?:1[ .-])?\d{3}[.-]\d{3}[.-]\d{4}|0[1-9]\d[.-]\d{4}[.-]\d{4}|1[ -]8\d\d[ -][A-Z\d-]{7,10})(?![\p{L}\p{Nd}])/gu;
/** Currencies and things counted, after a number. */
const unit =
  /^\s{0,2}(?:[€$£¥₴%]|(?:euros?|eur|usd|chf|gbp|uah|dollars?|pounds?|franken|francs?|kunden|customers|clients|aktien|shares|actions|stück|tonnen|tonnes|tons|kwh|mwh|грн|гривень|євро|евро|доларів|рублей)(?!\p{L}))/iu;
const bracketedAddress = /\[[0-9a-f:.]{3,45}\]/giu;
/** Letters spaced out, `e v i l . c o m`. */
const spacedOut = /(?<!\S)\S(?: {1,3}\S(?!\S)){4,}/gu;

/** Every link of a text, in order and without disguise. Takes time linear in the text. */
export function findLinks(original: string): readonly Link[] {
  const { text, starts, ends } = normalText(original);
  const found = [
    ...findSchemes(text),
    ...findDomains(text),
    ...findPhones(text),
    ...findMatches(text, otherSchemePattern, null),
    ...findMatches(text, folderPattern, null),
    ...findMatches(text, bracketedAddress, /:[^:]{0,45}:/u),
    ...findSpacedOut(text),
  ].sort((a, b) => a.index - b.index || b.length - a.length);
  let over = 0;
  return found.flatMap(({ index, length, ...link }) => {
    if (length === 0 || index < over) return [];
    over = index + length;
    const start = starts[index] ?? 0;
    return [{ ...link, start, end: ends[over - 1] ?? start }];
  });
}

/** The addresses that are allowed: of domains, of pages, and whatever our own people put into their texts. */
export function toKnownLinks({
  domains: own,
  urls,
  texts,
}: {
  readonly domains: readonly string[];
  readonly urls: readonly string[];
  readonly texts: readonly string[];
}): KnownLinks {
  return {
    domains: new Set(
      own.flatMap((domain) => webHost(domain.replace(/^www\./iu, "")) ?? []),
    ),
    urls: new Set(
      [
        ...urls,
        ...texts.flatMap((text) => findLinks(text).map(linkUrl)),
      ].flatMap((url) => (url === null ? [] : (canonicalUrl(url) ?? []))),
    ),
  };
}

/** The links of a text that are not known. */
export function findUnknownLinks(
  text: string,
  known: KnownLinks,
): readonly Link[] {
  return findLinks(text).filter((link) => !isKnown(link, known));
}

/** The text without its unknown links; where a bare domain may be a name, the name stays: `Slack` of `Slack.com`. */
export function removeUnknownLinks(text: string, known: KnownLinks): string {
  let left = text;
  // Removing a link can join its neighbours into a new one.
  for (let i = 0; i < 3; i++) {
    const links = findUnknownLinks(left, known);
    if (links.length === 0)
      return left
        .replace(/\[([^[\]]{0,200})\]\(\)/gu, "$1")
        .replace(/ {2,}/gu, " ")
        .trim();
    left = replaceWithNames(left, links);
  }
  return "";
}

/** Replaces each link by its name. Takes time linear in the text. */
function replaceWithNames(text: string, links: readonly Link[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: said, isBare } of links) {
    const name = isBare ? (/^[\p{L}\p{Nd}-]+/u.exec(said)?.[0] ?? "") : "";
    parts.push(text.slice(at, start), name);
    at = end;
  }
  return [...parts, text.slice(at)].join("");
}

function isKnown(link: Link, { domains: own, urls }: KnownLinks): boolean {
  const url = linkUrl(link);
  if (url !== null && urls.has(url)) return true;
  if (
    link.host === null ||
    !parentDomains(link.host).some((one) => own.has(one))
  )
    return false;
  if (/^mailto:|^[^/?#]*@/iu.test(link.text)) return true;
  if (url === null || new URL(url).port !== "") return false;
  // A page of a known host may redirect its reader.
  const at = url.indexOf(link.host) + link.host.length;
  return findLinks(url.slice(at)).length === 0;
}

function linkUrl({ url, host, isBare }: Link): string | null {
  return url ?? (isBare && host !== null ? `https://${host}` : null);
}

function parentDomains(host: string): readonly string[] {
  const labels = host.split(".");
  return labels.map((_, i) => labels.slice(i).join("."));
}

function* findSchemes(text: string): Generator<FoundLink> {
  for (const match of text.matchAll(schemePattern)) {
    const said = trimPunctuation(match[0]);
    const address = said.replace(/\s/gu, "").replace(/^hxxp/iu, "http");
    const url = canonicalUrl(restoreDots(address).replaceAll("\\", "/"));
    yield {
      index: match.index,
      length: said.length,
      text: said,
      host: url === null ? findMailHost(address) : new URL(url).hostname,
      url,
      isBare: false,
    };
  }
}

/** The host of a `mailto:`; null where another recipient, or a link in its text, leads elsewhere. */
function findMailHost(address: string): string | null {
  const [first, mail] = /^mailto:[^@]*@([^?&,;]+)/iu.exec(address) ?? [];
  if (first === undefined || mail === undefined) return null;
  const rest = address.slice(first.length);
  const others = Array.from(
    rest.matchAll(/@([^\s@?&,;]{1,253})/gu),
    ([, host = ""]) => webHost(host),
  );
  const host = webHost(mail);
  return [...others, ...Array.from(findDomains(rest), (one) => one.host)].every(
    (one) => one === host,
  )
    ? host
    : null;
}

function* findDomains(text: string): Generator<FoundLink> {
  for (const { index, parts } of findChains(text)) {
    const over = index + parts.join("").length;
    const host = findHost(parts, text.slice(over, over + 8));
    if (host === null) continue;
    const end = index + host.text.length;
    // What precedes an @ is a name; what follows it is found on its own.
    if (text[end] === "@") continue;
    tailPattern.lastIndex = end;
    const tail = trimPunctuation(tailPattern.exec(text)?.[0] ?? "");
    const isMail = text[index - 1] === "@";
    const isNumber = /^[\d.]+$/u.test(host.ascii);
    const isLed =
      isMail || /\/\/$|=$/u.test(text.slice(Math.max(0, index - 2), index));
    if (
      !isLed &&
      (isNumber ? isFigure(host.text, tail) : tail === "" && isName(host.text))
    )
      continue;
    const before = isMail
      ? (/[\p{L}\p{Nd}._%+-]{0,64}@$/u.exec(
          text.slice(Math.max(0, index - 65), index),
        )?.[0] ?? "@")
      : "";
    yield {
      index: index - before.length,
      length: before.length + host.text.length + tail.length,
      text: before + host.text + tail,
      host: host.ascii,
      url: isMail
        ? null
        : canonicalUrl(`https://${host.ascii}${tail.replaceAll("\\", "/")}`),
      isBare: !isMail && !isNumber && tail === "",
    };
  }
}

/** Whether four numbers are a figure, a version or a section: no port, no path, plain dots. */
function isFigure(host: string, tail: string): boolean {
  return /^[\d.]+$/u.test(host) && /^(?:[/\\#?][\d./]*)?$/u.test(tail);
}

function* findSpacedOut(text: string): Generator<FoundLink> {
  for (const match of text.matchAll(spacedOut)) {
    const joined = match[0].replaceAll(" ", "");
    // It is unclear which letters belong to it, so it counts as nobody's host.
    if (/[\p{L}\p{Nd}]\.\p{L}{2}|:\/\/|@/u.test(joined))
      yield {
        index: match.index,
        length: match[0].length,
        text: joined,
        host: null,
        url: null,
        isBare: false,
      };
  }
}

function* findPhones(text: string): Generator<FoundLink> {
  for (const found of findMatches(text, phonePattern, null)) {
    const end = found.index + found.length;
    if (!isAmount(found.text, text.slice(end, end + 24))) yield found;
  }
}

/** Whether groups of thousands are an amount: `+12.500.000`, `+12 500 000 euros`. */
function isAmount(said: string, after: string): boolean {
  if (/^\+\d{1,3}(?:\.\d{3}){1,5}$/u.test(said)) return true;
  if (!/^\+\d{1,3}(?: \d{3}){1,5}$/u.test(said)) return false;
  return said.replace(/\D/gu, "").length < 9 || unit.test(after);
}

function* findMatches(
  text: string,
  pattern: RegExp,
  only: RegExp | null,
): Generator<FoundLink> {
  for (const { 0: said, index } of text.matchAll(pattern))
    if (only === null || only.test(said))
      yield {
        index,
        length: said.length,
        text: said,
        host: null,
        url: null,
        isBare: false,
      };
}

/** A link without the punctuation that ends its sentence. */
function trimPunctuation(text: string): string {
  let end = text.length;
  while (end > 0 && /[.,;:!?)\]}'’»*_~`|]/u.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
