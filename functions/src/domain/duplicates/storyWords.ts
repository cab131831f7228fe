import { dateline, isNotice, opensAbout, opensList } from "./notices.ts";
import { normalForm } from "../kernel/normalForm.ts";

/** A word in the form in which stories are compared. */
export interface StoryWord {
  /** Lower case, without accents, cut to six letters so that inflections coincide; a figure as its value. */
  readonly stem: string;
  readonly kind: "word" | "name" | "figure";
  /** Whether it carries meaning on its own: no article, no preposition, no "said". */
  readonly says: boolean;
}

/** The sentences of a story as words, without what a publisher puts around it. */
export function toStorySentences(
  text: string,
): readonly (readonly StoryWord[])[] {
  const told: (readonly StoryWord[])[] = [];
  let skipping: "list" | "paragraph" | null = null;
  for (const spaced of withoutMarkup(text).split("\n")) {
    const line = spaced.trim();
    if (line === "") continue;
    const skipped = skipping;
    if (opensList(line)) skipping = "list";
    else if (opensAbout(line)) skipping = "paragraph";
    // Lists have short lines: the next line of prose belongs to the story again.
    else if (skipped !== "list" || line.split(" ").length > 14) skipping = null;
    if (skipping !== null || skipped === "paragraph") continue;
    for (const sentence of line.replace(dateline, "").split(sentenceEnd)) {
      if (isNotice(sentence)) continue;
      const words = toStoryWords(sentence);
      if (words.length > 0) told.push(words);
    }
  }
  return told;
}

/** The words of one sentence or title, in order. */
export function toStoryWords(sentence: string): readonly StoryWord[] {
  const words: StoryWord[] = [];
  for (const [token] of sentence.matchAll(tokens)) {
    const last = words.at(-1);
    const scale = scales.get(token.toLowerCase());
    if (scale !== undefined && last?.kind === "figure")
      words[words.length - 1] = { ...last, stem: last.stem + scale };
    else if (spaceless.test(token))
      for (const pair of toLetterPairs(token)) words.push(pair);
    else words.push(toStoryWord(token, words.length === 0));
  }
  return words;
}

/**
 * The text as typed: without entities, tags or invisible characters, and with one kind of apostrophe and percent
 * sign.
 */
export function withoutMarkup(text: string): string {
  const typed = text
    .replace(/<\/?[a-z][^<>]{0,200}>/giu, " ")
    .replace(/&amp;/giu, "&")
    .replace(/&(?:[lr]squo|apos|#0?39|#x27|#821[67]|#x201[89]);|â€[™˜]/giu, "'")
    .replace(/&(?:#\w{1,6}|[a-z]{2,8});|â€./giu, " ");
  return normalForm(typed, "NFKC")
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/gu, "")
    .replace(/[‘’ʼ´`]/gu, "'")
    .replace(/%|\bper cent\b/giu, " percent ")
    .replace(/[^\S\n]+/gu, " ");
}

/** Between sentences, but not after an initial or an abbreviated month. */
const sentenceEnd =
  /(?<=(?:\p{Ll}{4}|\p{Ll}{3}['"”)]|\p{Lo}|[\d)"”])[.!?…]['"”)]{0,8})\s+|(?<=\p{Ll}{3}[.!?])(?=\p{Lu}\p{Ll})|(?<=[。！？])/u;

const spaceless =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]/u;

const tokens =
  /\d+(?:[.,]\d+)*|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+|[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*/gu;

const scales = new Map(
  Object.entries({
    e3: "k thousand тыс",
    e6: "m mn mln million millionen mio millones milhões млн",
    e9: "b bn bln billion milliarden mrd млрд",
    e12: "tn trillion трлн",
  }).flatMap(([scale, words]) =>
    words.split(" ").map((word) => [word, scale] as const),
  ),
);

const spelled = new Map(
  "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
    .split(" ")
    .map((word, at) => [word, String(at + 2)]),
);

/** Words of more than three letters that occur in any English text; shorter ones carry no meaning in any language. */
const empty = new Set(
  (
    "that this with from have were been they their there will would which when what about more than said also into some could other after " +
    "over just like only most such them then these those very even through where before being while because between both during each here " +
    "many much must should since still upon your yours does doing done having himself herself itself myself themselves ours within without " +
    "against again under until though although among around another however says told according percent mr. mrs. today yesterday tomorrow"
  ).split(" "),
);

/** Runs of a script without spaces: every two adjacent letters. */
function toLetterPairs(token: string): readonly StoryWord[] {
  const letters = Array.from(token);
  const pairs =
    letters.length < 2
      ? letters
      : letters.slice(1).map((letter, at) => `${letters[at] ?? ""}${letter}`);
  return pairs.map((stem) => ({ stem, kind: "word", says: true }));
}

function toStoryWord(token: string, first: boolean): StoryWord {
  if (/^\d/u.test(token))
    return { stem: normalFigure(token), kind: "figure", says: true };
  const lower = withoutAccents(
    token.toLowerCase().replace(/'s$/u, "").replaceAll("'", ""),
  );
  const count = spelled.get(lower);
  if (count !== undefined) return { stem: count, kind: "figure", says: true };
  const capital = /^\p{Lu}/u.test(token);
  const says =
    !empty.has(lower) &&
    (lower.length > 3 ||
      (capital && !first && lower.length > 1) ||
      /^\p{Lu}{2,}$/u.test(token));
  return {
    stem: lower.slice(0, 6),
    kind: capital && !first && says ? "name" : "word",
    says,
  };
}

/** Only from Latin letters: elsewhere, as with й and ї, an accent makes a different letter. */
function withoutAccents(word: string): string {
  return /^[a-z]*$/u.test(word)
    ? word
    : normalForm(word, "NFKD")
        .replace(/(\p{Script=Latin})\p{M}+/gu, "$1")
        .normalize("NFC");
}

/** 12,900 → 12900; 12,9 → 12.9. */
function normalFigure(token: string): string {
  return /^\d{1,3}(?:,\d{3})+(?!\d)/u.test(token)
    ? token.replaceAll(",", "")
    : token.replaceAll(",", ".");
}
