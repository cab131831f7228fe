/** Letters of other alphabets that look Latin. */
const homoglyphs: ReadonlyMap<string, string> = new Map(
  Array.from("аеорсхуіѕјһкмтвнԁԛԝɡοαερινκτυ", (character, i) => [
    character,
    "aeopcxyisjhkmtbhdqwgoaepivktu".charAt(i),
  ]),
);

/** Replaces letters that look Latin by the Latin letters they look like. */
export function replaceHomoglyphs(word: string): string {
  return Array.from(word, (one) => homoglyphs.get(one) ?? one).join("");
}

/** A word in lower case as a reader of Latin letters sees it, without diacritics. */
export function toLatinLookalike(word: string): string {
  return replaceHomoglyphs(word.toLowerCase())
    .normalize("NFD")
    .replace(/\p{M}/gu, "");
}
