import type { Section } from "../../../ports/reading.ts";
import { tidy } from "../documents/html.ts";

const maxSections = 200;
/** A heading that is not in the text costs a search through all of it. */
const maxTried = 2 * maxSections;
const longestTitle = 300;

/** The sections of a text, by the headings h1 to h4 of its tree. */
export function splitByHeadings(
  root: Element,
  text: string,
): readonly Section[] {
  const starts: Start[] = [];
  let from = 0;
  let tried = 0;
  for (const heading of root.querySelectorAll("h1, h2, h3, h4")) {
    if (starts.length === maxSections || ++tried > maxTried) break;
    const [title = ""] = tidy(heading.textContent.replace(/\s+/gu, " ")).split(
      "\n",
    );
    if (title === "") continue;
    const at = findLineStart(title, text, from);
    if (at < 0) continue;
    starts.push({ at, title });
    from = at + title.length;
  }
  return toSections(starts, text);
}

interface Start {
  readonly at: number;
  readonly title: string;
}

function findLineStart(title: string, text: string, from: number): number {
  if (from === 0 && text.startsWith(title)) return 0;
  const places = ["\n", "\t"]
    .map((before) => text.indexOf(before + title, Math.max(0, from - 1)))
    .filter((at) => at >= 0);
  return places.length === 0 ? -1 : Math.min(...places) + 1;
}

const partPattern = /^PART\s+(IV|I{1,3})\b(?![^\n]{0,80},\s*item)/iu;
const itemPattern =
  /^(?:ITEM|Item)[Ss]?\s+(\d{1,2}(?:\.\d\d)?[A-Ca-c]?)(?:\s*(?:[.:—–-]|\t)|\s+(?=[\p{Lu}(])|$)/u;
const signaturesPattern = /^SIGNATURES?$/iu;

/** Longer than any caption that the forms prescribe: beyond it, a line is a sentence that begins with the word. */
const longestHeading = 260;

interface Heading extends Start {
  readonly kind: "part" | "item" | "signatures";
  /** Its name with its part: item 1 of part II differs from item 1 of part I. */
  readonly key: string;
}

/**
 * The parts and items of an SEC filing's text (Forms 8-K, 10-Q and 10-K; their instructions prescribe the
 * captions) and its signatures. Where a heading occurs more than once, as in a table of contents, the one with the
 * most text after it counts.
 */
export function splitFiling(text: string): readonly Section[] {
  const found = findHeadings(text);
  const behind = (i: number) =>
    (found[i + 1]?.at ?? text.length) - (found[i]?.at ?? 0);
  const longest = new Map<string, number>();
  found.forEach(({ key }, i) => {
    const known = longest.get(key);
    if (known === undefined || behind(i) > behind(known)) longest.set(key, i);
  });
  const counts = (i: number) => longest.get(found[i]?.key ?? "") === i;
  const kept = found.filter(({ kind }, i) =>
    // A part has no text of its own: it counts where the item after it does.
    kind === "part"
      ? found[i + 1]?.kind === "item" && counts(i + 1)
      : counts(i),
  );
  return toSections(kept.slice(0, maxSections), text);
}

function findHeadings(text: string): readonly Heading[] {
  const found: Heading[] = [];
  let inPart = "";
  for (const { line, at, next } of linesWithNext(text)) {
    if (line.length > longestHeading || isContentsLine(line)) continue;
    const partNumber = partPattern.exec(line)?.[1]?.toUpperCase();
    const itemNumber = itemPattern.exec(line)?.[1]?.toUpperCase();
    if (partNumber !== undefined) {
      inPart = partNumber;
      found.push({ at, title: line, kind: "part", key: inPart });
    } else if (itemNumber !== undefined) {
      const key = `${inPart} ${itemNumber}`;
      const title = itemTitle(text, { line, at, next });
      found.push({ at, title, kind: "item", key });
    } else if (signaturesPattern.test(line)) {
      found.push({ at, title: line, kind: "signatures", key: "signatures" });
    }
  }
  return found;
}

/** A line of a table of contents ends in a page number; a running head says “continued”. */
function isContentsLine(line: string): boolean {
  return (
    // bounded: a heading of at most 260 characters
    /(?:\t|\.{3,}\s*)(?:[A-Z]-)?\d{1,3}$/u.test(line) ||
    /\bcont(?:inued|['’]d)\b/iu.test(line)
  );
}

/** The heading's line, with the next line where the first is only the number. */
function itemTitle(text: string, { line, at, next }: LineWithNext): string {
  const isBare = /^ITEMS?\s+\S{1,7}$/iu.test(line);
  return isBare &&
    next !== null &&
    next.line.length < longestHeading &&
    !itemPattern.test(next.line)
    ? text.slice(at, next.at + next.line.length)
    : line;
}

interface Line {
  readonly line: string;
  readonly at: number;
}

interface LineWithNext extends Line {
  readonly next: Line | null;
}

function linesWithNext(text: string): readonly LineWithNext[] {
  const lines: Line[] = [];
  for (const { 0: line, index: at } of text.matchAll(/[^\n]+/gu))
    lines.push({ line, at });
  return lines.map((line, i) => ({ ...line, next: lines[i + 1] ?? null }));
}

function toSections(
  starts: readonly Start[],
  text: string,
): readonly Section[] {
  return starts.map(({ at, title }, i) => ({
    title: title.slice(0, longestTitle),
    start: at,
    end: starts[i + 1]?.at ?? text.length,
  }));
}
