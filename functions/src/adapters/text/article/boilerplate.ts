import { isBlock, readLines, measureProse } from "./lines.ts";

/** Elements that show no text of the page. */
const silentElements =
  "audio,canvas,iframe,link,meta,noscript,object,script,style,svg,template,video";

/** Elements and roles (HTML; ARIA in HTML) that surround the main content of a page. */
const surroundingElements = new Set(
  "ASIDE BUTTON DATALIST DIALOG FIGCAPTION FIGURE FOOTER FORM HEADER INPUT LABEL MENU NAV SELECT TEXTAREA".split(
    " ",
  ),
);
const surroundingRoles = new Set(
  "alert alertdialog banner complementary contentinfo dialog form menu menubar navigation search toolbar tooltip".split(
    " ",
  ),
);

const discussionNames = [
  "comment",
  "comments",
  "commentlist",
  "disqus",
  "respond",
];

/** Words in class names and ids that mark what surrounds an article; like trafilatura's and Readability's lists, but whole words only. */
const surroundingNames = new Set([
  ...discussionNames,
  ..."nav navbar navigation menu submenu breadcrumb breadcrumbs masthead sidebar footer toolbar tools pagination pager rail widget widgets".split(
    " ",
  ),
  ..."share sharing shares sharebar sharedaddy sharethis social socials addthis addtoany login".split(
    " ",
  ),
  ..."related recommended recommendation recommendations recirc recirculation outbrain taboola trending popular teaser teasers promo promos promotion".split(
    " ",
  ),
  ..."newsletter newsletters subscribe subscription subscriptions signup paywall donate donation cta callout".split(
    " ",
  ),
  ..."advert adverts advertisement advertising ad ads adslot sponsor sponsored dfp".split(
    " ",
  ),
  ..."caption captions credit credits copyright gallery slideshow carousel slider lightbox player pullquote".split(
    " ",
  ),
  ..."byline bylines author authors bio tags taglist tagcloud hashtags timestamp postinfo meta disclaimer".split(
    " ",
  ),
  ..."cookie cookies consent gdpr popup popover modal overlay rollover tooltip hidden noprint replies".split(
    " ",
  ),
]);

const pictureNames = new Set(
  "image images img photo photos picture thumbnail".split(" "),
);

/** An element with more than this share of a page's prose is content, whatever its name. */
const maxProseShare = 0.3;

/** A word on elements with more than this share of the prose is a habit of the page's authors: “widget” on every paragraph. */
const maxProseBehindName = 0.5;

/** Removes what a page's markup places around the article: navigation, captions, comments, offers, lists of other pages. */
export function removeBoilerplate(page: Document): void {
  for (const element of page.querySelectorAll(silentElements)) element.remove();
  const prose = measureProse(page.body);
  const whole = prose.get(page.body) ?? 0;
  const inBlock = new Map<Element, number>();
  for (const { block, text } of readLines(page.body))
    inBlock.set(block, (inBlock.get(block) ?? 0) + text.length);

  const reasons = new Map<Element, string>();
  const above = new Map<Element | null, ReadonlySet<string>>();
  const proseBehind = new Map<string, number>();
  for (const element of page.body.querySelectorAll("*")) {
    const outer = above.get(element.parentElement) ?? new Set();
    above.set(element, outer);
    const reason = boilerplateReason(element);
    const inside = prose.get(element) ?? 0;
    if (
      reason === null ||
      holdsTheArticle(element, reason, inside > whole * maxProseShare)
    )
      continue;
    if (!isBlock(element) && isInSentence(element, inBlock)) continue;
    reasons.set(element, reason);
    if (outer.has(reason)) continue;
    above.set(element, new Set([...outer, reason]));
    proseBehind.set(reason, (proseBehind.get(reason) ?? 0) + inside);
  }
  removeInnermost(
    [...reasons].flatMap(([element, reason]) =>
      isDiscussion(reason) ||
      (proseBehind.get(reason) ?? 0) <= whole * maxProseBehindName
        ? [element]
        : [],
    ),
  );
}

/** Of nested named elements within a line, only the innermost is removed. */
function removeInnermost(elements: readonly Element[]): void {
  const opened = new Set<Element>();
  for (const element of elements.toReversed()) {
    if (opened.has(element)) continue;
    if (!isBlock(element)) {
      let outer = element.parentElement;
      for (; outer !== null && !isBlock(outer); outer = outer.parentElement)
        opened.add(outer);
    }
    element.remove();
  }
}

/** Why an element counts as boilerplate: its name, its role, or a word of its class or id; null where it does not. */
function boilerplateReason(element: Element): string | null {
  const name = element.nodeName.toUpperCase();
  if (surroundingElements.has(name)) return name;
  if (
    element.hasAttribute("hidden") ||
    element.getAttribute("aria-hidden") === "true"
  )
    return "hidden";
  const role = element.getAttribute("role") ?? "";
  if (surroundingRoles.has(role)) return role;
  const words = splitWords(
    `${element.getAttribute("class") ?? ""} ${element.getAttribute("id") ?? ""}`,
  );
  const word = words.find((found) => surroundingNames.has(found));
  if (word !== undefined) return word;
  return words.some((found) => pictureNames.has(found)) && isPicture(element)
    ? "picture"
    : null;
}

/** Comments may outweigh their article by far; the headline shows which is which. */
function holdsTheArticle(
  element: Element,
  reason: string,
  isLarge: boolean,
): boolean {
  return isLarge && isDiscussion(reason)
    ? element.ownerDocument.querySelector("h1") === null ||
        element.querySelector("h1") !== null
    : isLarge;
}

function isDiscussion(reason: string): boolean {
  return discussionNames.includes(reason);
}

/** A box with a picture and a few words under it. */
function isPicture(element: Element): boolean {
  return (
    element.querySelector("img, picture") !== null &&
    element.textContent.trim().length < 500
  );
}

/** Words inside a sentence stay: without them it would say something else. */
function isInSentence(
  element: Element,
  inBlock: ReadonlyMap<Element, number>,
): boolean {
  const { length } = element.textContent.trim();
  if (length > 60) return false;
  let block = element.parentElement;
  while (block !== null && !isBlock(block)) block = block.parentElement;
  return block !== null && (inBlock.get(block) ?? 0) > length + 40;
}

function splitWords(named: string): readonly string[] {
  return named
    .replace(/([a-z])([A-Z])/gu, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/u);
}
