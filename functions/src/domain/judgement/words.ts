import { normalForm } from "../kernel/normalForm.ts";

/** A text without accents, in lower case, with one kind of apostrophe: as words are compared. */
export function foldText(text: string): string {
  return normalForm(text, "NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[’ʼ`]/gu, "'");
}

/** A folded text's words, in order; a number of any size is `0`. */
export function splitWords(text: string): readonly string[] {
  return (
    foldText(text)
      .replace(/\d[\d.,]*/gu, "0")
      .match(/[\p{L}0][\p{L}&]*/gu) ?? []
  );
}
