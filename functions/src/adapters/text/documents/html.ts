import { decodeXML, escapeUTF8 } from "entities";
import { PermanentError } from "../../../domain/kernel/errors.ts";
import { budgets } from "../budgets.ts";
import { measureDepth } from "./markup.ts";
import { findExcess, countNodes } from "./nodes.ts";

/** Unescapes HTML that was escaped as a whole: XML's five entities and character references, once. */
export function unescapeHtml(escaped: string): string {
  return decodeXML(escaped);
}

/** Escapes text for HTML, both between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return escapeUTF8(text);
}

/** Parses any HTML: a page, a fragment, XHTML with a declaration, or nothing at all. Throws PermanentError where it would cost the parser more than a page may. */
export async function parseHtml(html: string): Promise<Document> {
  const excess = findExcess(html);
  if (excess !== null) throw new PermanentError(excess.code, excess.what);
  const { parseHTML } = await import("linkedom");
  const root = /<html[\s>]/iu.exec(html);
  // linkedom takes the first element as the root, and throws where there is none.
  const page =
    root === null
      ? `<html><body>${html}</body></html>`
      : html.slice(root.index);
  const { document } = parseHTML(page);
  return document;
}

/** How many more nodes may be made of fragments; decreases as they are parsed. */
export interface Allowance {
  nodes: number;
}

/** The text of an HTML fragment, such as a title or a summary. */
export async function fragmentToText(html: string): Promise<string> {
  return fragmentToTextWithin({ nodes: budgets.fragmentNodes }, html);
}

/** The text of one of many fragments; once the allowance is used up, tags are stripped instead of parsed. */
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
 * The visible text of an element: an empty line between paragraphs, a line break between lines and table rows, a
 * tab between table cells. Scripts, styles, the header of inline XBRL and whatever an attribute or inline style
 * hides are left out.
 */
export function elementToText(root: Element): string {
  const out: string[] = [];
  let node: Node | null = root;
  // Iterative: a page may nest deeper than a call stack.
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

/** Whether a tree has an element nested deeper than so many levels. */
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

/** Tidies text: one empty line between paragraphs, single spaces, no invisible characters; curly quotes and accents stay. */
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

/** Writes what comes at the start of a node; returns its first child where its content is to be read. */
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
