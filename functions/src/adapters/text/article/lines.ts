import { isElement } from "../documents/html.ts";

/** A line of a page: text that no block and no `<br>` interrupts. */
export interface Line {
  /** The block that contains it. */
  readonly block: Element;
  /** Its text nodes, in order. */
  readonly nodes: readonly Node[];
  /** The text, with single spaces. */
  readonly text: string;
  /** How many of its characters are inside links. */
  readonly linked: number;
}

const blockNames = new Set(
  "ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CAPTION CENTER DD DETAILS DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR HTML LABEL LI MAIN NAV OL P PRE SECTION SUMMARY TABLE TBODY TD TFOOT TH THEAD TR UL".split(
    " ",
  ),
);

/** Whether an element breaks the line that it stands in. */
export function isBlock(element: Element): boolean {
  return blockNames.has(element.nodeName.toUpperCase());
}

/** The lines of an element in order, without empty ones. Recursive: only for pages of bounded depth. */
export function readLines(root: Element): readonly Line[] {
  const found: Line[] = [];
  let nodes: Node[] = [];
  let linked = 0;
  function end(block: Element): void {
    const text = nodes
      .map((node) => node.nodeValue ?? "")
      .join("")
      .replace(/\s+/gu, " ")
      .trim();
    if (text !== "") found.push({ block, nodes, text, linked });
    nodes = [];
    linked = 0;
  }
  function walk(element: Element, block: Element, inLink: boolean): void {
    for (const child of element.childNodes) {
      const name = child.nodeName.toUpperCase();
      if (child.nodeType === 3) {
        nodes.push(child);
        if (inLink) linked += (child.nodeValue ?? "").trim().length;
      } else if (name === "BR") {
        end(block);
      } else if (isElement(child)) {
        const breaks = isBlock(child);
        if (breaks) end(block);
        const inner = breaks ? child : block;
        walk(child, inner, inLink || name === "A");
        if (breaks) end(inner);
      }
    }
  }
  walk(root, root, false);
  end(root);
  return found;
}

/** Whether a line is prose: of some length, and not mostly links. Articles consist of prose; their surroundings do not. */
export function isProse({ text, linked }: Line): boolean {
  return text.length >= 40 && linked <= text.length / 2;
}

export function isHeading({ block }: Line): boolean {
  return /^H[1-6]$/iu.test(block.nodeName);
}

/** The number of characters in all lines. */
export function totalLength(lines: readonly Line[]): number {
  return lines.reduce((sum, { text }) => sum + text.length, 0);
}

/** The number of characters of unlinked prose inside each element of a tree that has any. */
export function measureProse(root: Element): ReadonlyMap<Node, number> {
  const prose = new Map<Node, number>();
  const add = (to: Node, characters: number) =>
    prose.set(to, (prose.get(to) ?? 0) + characters);
  for (const line of readLines(root))
    if (isProse(line)) add(line.block, line.text.length - line.linked);
  // Children before their parents, each once.
  for (const element of [...root.querySelectorAll("*")].toReversed()) {
    const inside = prose.get(element);
    if (inside !== undefined && element.parentNode !== null)
      add(element.parentNode, inside);
  }
  return prose;
}
