import { decodeXML, escapeUTF8 } from "entities";
import { PermanentError } from "../../../domain/kernel/errors.ts";
import { budgets } from "../budgets.ts";
import { measureDepth } from "./markup.ts";
import { findExcess, countNodes } from "./nodes.ts";

/** HTML from HTML that was escaped as a whole: XML's five entities and numbered characters, once. */
export function unescapeHtml(escaped: string): string {
  return decodeXML(escaped);
}

/** Text as it may stand in HTML, between tags and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return escapeUTF8(text);
}

/** A document from any HTML: whole pages, fragments, XHTML with a declaration, nothing at all. PermanentError where it asks more of the parser than a page may. */
export async function parseHtml(html: string): Promise<Document> {
  const excess = findExcess(html);
  if (excess !== null) throw new PermanentError(excess.code, excess.what);
  const { parseHTML } = await import("linkedom");
  const root = /<html[\s>]/iu.exec(html);
  // linkedom takes the first element for the root, and throws where there is none.
  const page =
    root === null
      ? `<html><body>${html}</body></html>`
      : html.slice(root.index);
  const { document } = parseHTML(page);
  return document;
}

/** How many nodes may still be made of fragments; it goes down as they are. */
export interface Allowance {
  nodes: number;
}

/** The text of an HTML fragment, such as a title or a summary. */
export async function fragmentToText(html: string): Promise<string> {
  return fragmentToTextWithin({ nodes: budgets.fragmentNodes }, html);
}

/** The text of one of many fragments; without its tags alone where parsing it would cost more than is still allowed. */
export async function fragmentToTextWithin(
  allowance: Allowance,
  html: string,
): Promise<string> {
  if (!/[<&]/u.test(html)) return tidy(html);
  allowance.nodes -= countNodes(html);
  if (allowance.nodes < 0 || measureDepth(html) > budgets.fragmentDepth)
    return tidy(unescapeHtml(html.replace(/<[^<>]*>/gu, " ")));
  const document = await parseHtml(`<html><body>${html}</body></html>`);
  return elementToText(document.documentElement);
}

const paragraphNames = new Set(
  "ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CAPTION CENTER DETAILS DIV DL FIELDSET FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR MAIN NAV OL P PRE SECTION SUMMARY TABLE UL".split(
    " ",
  ),
);
const lineNames = new Set(["BR", "DD", "DT", "LI", "OPTION", "TR"]);
const cellNames = new Set(["TD", "TH"]);
const invisibleNames = new Set(
  "CANVAS HEAD IFRAME IX:HEADER IX:HIDDEN NOSCRIPT OBJECT SCRIPT STYLE SVG TEMPLATE TITLE".split(
    " ",
  ),
);

/**
 * What a reader sees of an element: paragraphs apart by an empty line, lines and table rows by a
 * line break, table cells by a tab. Scripts, styles, the header of inline XBRL and whatever is
 * hidden by attribute or inline style are left out.
 */
export function elementToText(root: Element): string {
  const out: string[] = [];
  let node: Node | null = root;
  // Walked by hand: a page nests as deep as it likes, and a call stack does not.
  while (node !== null) {
    const into: Node | null = writeStart(node, out);
    if (into !== null) {
      node = into;
      continue;
    }
    while (node !== null && node !== root && node.nextSibling === null) {
      node = node.parentNode;
      if (node !== null) out.push(breakAfter(node));
    }
    node = node === null || node === root ? null : node.nextSibling;
  }
  return tidy(out.join(""));
}

/** Whether a tree has an element under more than so many others. */
export function isDeeperThan(root: Node, levels: number): boolean {
  let depth = 0;
  let node: Node | null = root.firstChild;
  while (node !== null) {
    if (++depth > levels) return true;
    let next: Node | null = node.firstChild;
    while (next === null && node !== null && node !== root) {
      depth--;
      next = node.nextSibling;
      node = node.parentNode;
    }
    node = next;
  }
  return false;
}

/** Text in one form: paragraphs apart by an empty line, single spaces, no invisible characters; curly quotes and accents stay. */
export function tidy(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029\f\v]/gu, "\n")
    .replace(/(?![\t\n])[\p{Cc}\u00ad\u200b\u2060\ufeff]/gu, "")
    .split("\n")
    .map((line) =>
      line
        .replace(/[^\S\t]+/gu, " ")
        .replace(/ ?\t[\t ]*/gu, "\t")
        .trim(),
    )
    .join("\n")
    .replace(/\n{3,}/gu, "\n\n")
    .trim();
}

/** Writes what stands at a node's beginning; gives its first child where its inside is to be read. */
function writeStart(node: Node, out: string[]): Node | null {
  if (node.nodeType === 3) out.push(nodeText(node));
  if (!isElement(node) || isInvisible(node)) return null;
  out.push(breakBefore(node));
  if (node.firstChild !== null) return node.firstChild;
  out.push(breakAfter(node));
  return null;
}

function nodeText(node: Node): string {
  const words = node.nodeValue ?? "";
  return node.parentNode?.nodeName === "PRE"
    ? words
    : words.replace(/\s+/gu, " ");
}

function breakBefore(node: Node): string {
  const name = node.nodeName.toUpperCase();
  if (paragraphNames.has(name)) return "\n\n";
  return cellNames.has(name) ? "\t" : "";
}

function breakAfter(node: Node): string {
  const name = node.nodeName.toUpperCase();
  if (paragraphNames.has(name)) return "\n\n";
  return lineNames.has(name) ? "\n" : "";
}

export function isElement(node: Node): node is Element {
  return node.nodeType === 1;
}

function isInvisible(element: Element): boolean {
  return (
    invisibleNames.has(element.nodeName.toUpperCase()) ||
    element.hasAttribute("hidden") ||
    /display\s*:\s*none|visibility\s*:\s*hidden/iu.test(
      element.getAttribute("style") ?? "",
    )
  );
}
