import { normalForm } from "./normalForm.ts";

/**
 * The words of a text in the form in which a search compares them: letters and digits, lower case, without accents.
 */
export function toWords(text: string): readonly string[] {
  return (
    normalForm(text, "NFKD")
      // Only from Latin letters: elsewhere, as with й and ї, it would make a different letter.
      .replace(/(\p{Script=Latin})\p{M}+/gu, "$1")
      .normalize("NFC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** Whether every word of the search begins a word in one of the texts; an empty search finds nothing. */
export function hasWords(
  wanted: readonly string[],
  texts: readonly string[],
): boolean {
  const words = texts.flatMap((text) => toWords(text));
  return (
    wanted.length > 0 &&
    wanted.every((one) => words.some((word) => word.startsWith(one)))
  );
}
