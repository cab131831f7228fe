import {
  isHeading,
  isProse,
  totalLength,
  readLines,
  type Line,
} from "./lines.ts";

/** What a page says about its article, to recognise where the text repeats it. */
export interface PageFacts {
  readonly titles: readonly string[];
  readonly authors: readonly string[];
  /** The page's hosts. */
  readonly hosts: readonly string[];
}

/** Whole lines that belong to the page, not to its article. */
const labelLine =
  /^(?:advert|advertisement|ad|anzeige|werbung|publicité|publicidad|pubblicità|iklan|реклама|don[’']t miss|see (?:more|also)|read (?:more|also)|text size|comments?|leave a (?:comment|reply)|post comment|share(?: this)?|caption(?: close)?|close|print(?: article)?|save|skip to (?:main )?content|image \d+ of \d+|loading\.{0,3}|story continues(?: below)?|article continues below.{0,20}|\(?(?:photo|foto|фото):.{0,80})$/iu;

const bareUrl = /^https?:\/\/\S+$/iu;

/** A year or a time of day. */
const datePattern = /\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b/u;
const bylineStart =
  /^(?:by|von|par|por|di|door|oleh|автор|posted|published|updated|last updated|written)[\s:]/iu;
const sentenceEnd = /[.!?…。！？”"»]$/u;

/** Words that point to another page: before a colon, or at the beginning. */
const pointerCue =
  /^[^\p{L}]{0,3}(?:(?:read|see|watch|listen|more|also|related|recommended|next|lesen|mehr|lire|voir|leer|lee|ver|leia|veja|leggi|lees|baca|czytaj|читайте|смотрите|дивіться)(?!\p{L})[^:]{0,25}:|(?:read|see|watch) (?:also|more|next)(?!\p{L})|lesen sie auch|lire aussi|à lire|lee también|leia também|leggi anche|baca juga|читайте (?:также|також))/iu;
const shoutedCue = /^[\p{Lu}\s'’&-]{3,25}[:[\]|–-]|\[[\p{Lu}\s]{3,20}\]\|?$/u;

/** A line that only other pages follow. */
const otherPagesHeading =
  /^(?:more (?:from|news|on|great|stories|in|like)\b|related\b|recommended\b|trending\b|most (?:read|popular)\b|latest\b|popular\b|you (?:may|might) (?:also )?like|(?:read|see|watch) (?:also|next|more)\b|also (?:read|on|in)\b|from (?:around )?the web|comments?\b|recent (?:articles|posts)|editor[’']s picks|what to read next)/iu;

/** A last line that says who made the article, or what to do with it. */
const closingLine =
  /^(?:\(?(?:additional )?(?:reporting|writing|editing|edited|written|compiled|translated) by\b|more (?:ap|afp|reuters)\b|(?:write to|e-?mail|contact)\b.{0,80}@|follow\b.{0,100}\b(?:twitter|facebook|instagram|linkedin|telegram|google news|us on)\b|first published|(?:last )?updated (?:at|on)\b|all rights reserved|source:|(?:image|photo) credits?\b|tags?:|filed under|posted in|categor(?:y|ies):|tell us what|what do you think|sign up\b|subscribe\b|click here|have a (?:tip|story)|about the author)/iu;
const authorPresented = /^ (?:is|was|are|covers|writes|reports|has|can be)\b/u;

const offerStart =
  /^(?:get|sign|subscribe|join|download|click|follow|support|like|register|become|want|keep|stay|enjoy(?:ed|ing)?|don[’']t miss|for more|if you (?:enjoy|like))(?!\p{L})/iu;
const offerWords =
  /\b(?:subscri(?:be|bers?|ptions?)|sign(?:ing)? up|newsletters?|inbox|click here|follow us|(?:mobile|our|the) app|become a member|membership|free trial|every month|donat(?:e|ion))\b/iu;

/** Removes from an article's tree what does not belong to it: repeated headlines, bylines, pointers to other pages, offers, credits. Its own lists and short paragraphs stay. */
export function cleanArticle(root: Element, said: PageFacts): void {
  // No line they are compared with is longer.
  const titles = said.titles.map((title) => toComparable(title.slice(0, 1000)));
  const about = { ...said, titles };
  const lines = readLines(root);
  const gone = new Set<Line>();
  const drop = (some: readonly Line[]) => {
    for (const line of some) gone.add(line);
  };
  const remaining = () => lines.filter((line) => !gone.has(line));

  drop(
    lines.filter(
      (line) => labelLine.test(line.text) || isPointer(line) || isOffer(line),
    ),
  );
  drop(findPageLists(remaining(), about));
  drop(findOpening(remaining(), about));
  drop(findTail(remaining()));
  const tail = remaining().toReversed();
  const end = tail.findIndex(
    (line) => isProse(line) && !isClosing(line, about),
  );
  drop(
    tail.slice(0, Math.max(0, end)).filter((line) => isClosing(line, about)),
  );
  const text = remaining().findLastIndex((line) => !isHeading(line));
  drop(remaining().slice(text + 1));
  for (const { nodes } of gone) for (const node of nodes) node.nodeValue = "";
}

/** “Read more: …”, “DON'T MISS: …”: a line that is hardly more than its link. */
function isPointer({ text, linked }: Line): boolean {
  const own = text.length - linked;
  return (
    text.length <= 250 &&
    linked >= 10 &&
    own > 0 &&
    own <= Math.min(30, linked) &&
    (pointerCue.test(text) || shoutedCue.test(text))
  );
}

function isOffer({ text }: Line): boolean {
  return text.length < 500 && offerStart.test(text) && offerWords.test(text);
}

/** Lists of links within the same site, with the line that introduces them; none where they are much of the text. */
function findPageLists(
  lines: readonly Line[],
  about: PageFacts,
): readonly Line[] {
  const found: Line[] = [];
  for (let i = 0; i < lines.length; i++) {
    const first = i;
    while (isPageListItem(lines[i], about)) i++;
    if (i - first < 2) continue;
    for (const line of lines.slice(first, i)) found.push(line);
    const before = lines[first - 1];
    if (before !== undefined && isIntroduction(before)) found.push(before);
  }
  return totalLength(found) < 0.3 * totalLength(lines) ? found : [];
}

function isPageListItem(line: Line | undefined, { hosts }: PageFacts): boolean {
  if (line === undefined) return false;
  const { text, linked, block, nodes } = line;
  if (linked === 0 || text.length > 250 || text.length - linked > 3)
    return false;
  if (block.closest("li") === null) return false;
  return nodes.every((node) => {
    const href = node.parentElement?.closest("a")?.getAttribute("href") ?? "";
    if (!/^(?:https?:)?\/\//iu.test(href)) return true;
    const address = href.replace(/^\/\//u, "https://");
    if (!URL.canParse(address)) return true;
    const { hostname } = new URL(address);
    return hosts.some((host) => isSameSite(hostname, host));
  });
}

function isSameSite(a: string, b: string): boolean {
  const site = (host: string) => host.split(".").slice(-2).join(".");
  return site(a) === site(b);
}

function isIntroduction(line: Line): boolean {
  const { text } = line;
  return (
    text.length < 80 &&
    (isHeading(line) || otherPagesHeading.test(text) || text.endsWith(":"))
  );
}

/** The lines before the first paragraph that only repeat the page's head. */
function findOpening(
  lines: readonly Line[],
  about: PageFacts,
): readonly Line[] {
  const body = lines.findIndex(
    (line) => isProse(line) && !isOpening(line, about),
  );
  return lines
    .slice(0, Math.max(0, body))
    .filter((line) => isOpening(line, about));
}

function isOpening(line: Line, about: PageFacts): boolean {
  const { text, linked } = line;
  if (isHeadline(text, about) || bareUrl.test(text)) return true;
  if (sentenceEnd.test(text)) return false;
  if (text.length < 150 && (bylineStart.test(text) || datePattern.test(text)))
    return true;
  const isRubric =
    text.length <= 24 && text.split(" ").length <= 3 && !text.includes(":");
  return (
    isRubric &&
    linked === 0 &&
    (!isHeading(line) || text === text.toUpperCase())
  );
}

function isHeadline(text: string, { titles }: PageFacts): boolean {
  if (text.length > 500) return false;
  const said = toComparable(text);
  return titles.some(
    (title) =>
      said !== "" &&
      (title === said || (said.length >= 8 && title.startsWith(said))),
  );
}

/** The lines from the last heading for other pages on, where only links follow. */
function findTail(lines: readonly Line[]): readonly Line[] {
  const from = lines.findLastIndex(
    ({ text }) => text.length < 60 && otherPagesHeading.test(text),
  );
  if (from < 0) return [];
  const end = lines.slice(from);
  const isOfArticle = end.some((line) => isProse(line) && line.linked === 0);
  return isOfArticle || totalLength(end) > 0.4 * totalLength(lines) ? [] : end;
}

function isClosing({ text }: Line, { authors }: PageFacts): boolean {
  return (
    text.length < 300 &&
    (closingLine.test(text) ||
      authors.some(
        (author) =>
          text.startsWith(author) &&
          authorPresented.test(text.slice(author.length)),
      ))
  );
}

function toComparable(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
