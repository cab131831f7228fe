import { normalForm } from "./normalForm.ts";

/** The words of a text as a search compares them: letters and digits, lower case, without accents. */
export function toWords(text: string): readonly string[] {
  return (
    normalForm(text, "NFKD")
      // Only of Latin letters: elsewhere, as with й and ї, it makes another letter.
      .replace(/(\p{Script=Latin})\p{M}+/gu, "$1")
      .normalize("NFC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** Whether every word that is searched for begins a word of one of the texts; nothing is found by no word. */
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
