import { budgets } from "../budgets.ts";
import { measureDepth } from "./markup.ts";

const lessThan = "<".charCodeAt(0);
const greaterThan = ">".charCodeAt(0);
const ampersand = "&".charCodeAt(0);
const slash = "/".charCodeAt(0);
const equals = "=".charCodeAt(0);
const quotes = new Set(['"', "'"].map((mark) => mark.charCodeAt(0)));

/** Elements in which an HTML parser looks only for the end tag (HTML, 13.2.5.4). */
const rawText = /(script|style)(?=[\s/>])/iuy;

/**
 * An upper estimate of the nodes that an HTML parser makes of a page: an element and a text for each `<`, a text
 * for each end tag and each `&`, and one for each attribute. Takes time linear in the page, without parsing it.
 */
export function countNodes(html: string): number {
  let nodes = 0;
  let at = 0;
  while (at < html.length) {
    const code = html.charCodeAt(at);
    if (code === ampersand) nodes++;
    if (code !== lessThan) {
      at++;
      continue;
    }
    nodes += html.charCodeAt(at + 1) === slash ? 1 : 2;
    const tag = readTag(html, at);
    nodes += tag.attributes;
    at = skipRawText(html, at, tag.end);
  }
  return nodes;
}

/** What a page has too much of; null where it keeps within its budget. */
export function findExcess(html: string): {
  readonly code: "bad-answer" | "too-large";
  readonly what: string;
} | null {
  const depth = measureDepth(html);
  if (depth > budgets.depth)
    return { code: "bad-answer", what: `nests ${depth} elements deep` };
  const nodes = countNodes(html);
  if (nodes > budgets.nodes)
    return {
      code: "too-large",
      what: `has ${nodes} elements, texts and attributes, over ${budgets.nodes}`,
    };
  return null;
}

/** The end of the tag that begins here, and its number of attributes; a `<` that begins no tag counts as one character. */
function readTag(
  html: string,
  start: number,
): { readonly end: number; readonly attributes: number } {
  if (!isLetter(html.charCodeAt(start + 1)))
    return { end: start + 1, attributes: 0 };
  let attributes = 0;
  let before = 0;
  let at = start + 1;
  for (; at < html.length; at++) {
    const code = html.charCodeAt(at);
    if (code === greaterThan) return { end: at + 1, attributes };
    if (quotes.has(code) && before === equals) {
      const closing = html.indexOf(String.fromCharCode(code), at + 1);
      if (closing === -1) break;
      at = closing;
      before = 0;
      continue;
    }
    if (isSpace(code)) {
      if (before !== equals) before = code;
      continue;
    }
    if (isSpace(before) || before === slash || before === 0) attributes++;
    before = code;
  }
  return { end: html.length, attributes };
}

/** The offset after the content of a script or style that begins here; after the tag for any other, or one that closes itself. */
function skipRawText(html: string, start: number, end: number): number {
  rawText.lastIndex = start + 1;
  const name = rawText.exec(html)?.[1];
  if (name === undefined || html.charCodeAt(end - 2) === slash) return end;
  const closing =
    name.toLowerCase() === "script" ? /<\/script/giu : /<\/style/giu;
  closing.lastIndex = end;
  return closing.exec(html)?.index ?? html.length;
}

function isLetter(code: number): boolean {
  const lower = code | 32;
  return lower >= 97 && lower <= 122;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
