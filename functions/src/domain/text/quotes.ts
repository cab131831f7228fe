import type { Span } from "./chunks.ts";

/** Characters that models and typesetters use interchangeably, and what they count as. */
const levelByCharacter: ReadonlyMap<string, string> = new Map([
  ...toPairs("‘’‚‛′ʼ`", "'"),
  ...toPairs("“”„‟″«»", '"'),
  ...toPairs("‐‑‒–—―−", "-"),
  ...toPairs("\u00ad\u200b\u200c\u200d\ufeff", ""),
]);

/**
 * Finds a quote in a text, in UTF-16 units: an exact match first, then one that ignores differences in white
 * space, quotation marks and dashes. The first of several; null where there is none.
 */
export function locateQuote(quote: string, text: string): Span | null {
  const wanted = quote.trim();
  if (wanted === "") return null;
  const exact = text.indexOf(wanted);
  if (exact >= 0) return { start: exact, end: exact + wanted.length };
  const bare = wanted.replace(/^["'“‘«]+|(?<!["'”’»])["'”’»]+$/gu, "");
  const level = levelText(text);
  for (const candidate of new Set([wanted, bare])) {
    const { text: needle } = levelText(candidate);
    const at = needle === "" ? -1 : level.text.indexOf(needle);
    if (at < 0) continue;
    const start = level.offsets[at];
    const last = level.offsets[at + needle.length - 1];
    if (start !== undefined && last !== undefined)
      return { start, end: last + 1 };
  }
  return null;
}

/** The levelled text, and for each of its units the offset it came from. */
function levelText(original: string): {
  readonly text: string;
  readonly offsets: readonly number[];
} {
  const offsets: number[] = [];
  const units: string[] = [];
  for (let i = 0; i < original.length; i++) {
    const unit = original.charAt(i);
    const space = /\s/u.test(unit);
    if (space && (units.length === 0 || units.at(-1) === " ")) continue;
    const level = space ? " " : (levelByCharacter.get(unit) ?? unit);
    if (level === "") continue;
    units.push(level);
    offsets.push(i);
  }
  if (units.at(-1) === " ") units.pop();
  return { text: units.join(""), offsets };
}

function toPairs(
  characters: string,
  as: string,
): (readonly [string, string])[] {
  return characters.split("").map((character) => [character, as] as const);
}
