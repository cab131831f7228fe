/** Letters of other alphabets that look Latin. */
const homoglyphs: ReadonlyMap<string, string> = new Map(
  Array.from("аеорсхуіѕјһкмтвнԁԛԝɡοαερινκτυ", (character, i) => [
    character,
    "aeopcxyisjhkmtbhdqwgoaepivktu".charAt(i),
  ]),
);

/** A word with its lookalikes replaced by Latin letters. */
export function replaceHomoglyphs(word: string): string {
  return Array.from(word, (one) => homoglyphs.get(one) ?? one).join("");
}

/** A word in lower case as a reader of Latin letters sees it, without its marks. */
export function toLatinLookalike(word: string): string {
  return replaceHomoglyphs(word.toLowerCase())
    .normalize("NFD")
    .replace(/\p{M}/gu, "");
}
