import { normalForm } from "../kernel/normalForm.ts";

/**
 * The comparable parts of a sentence: its numbers, its names, and whether it negates. Typography is levelled
 * first, so that ’ equals ' and a non-breaking hyphen equals a hyphen.
 */
export interface Wording {
  readonly text: string;
  /** Numbers, dates and amounts, each with its sign, currency and unit: `$1.2billion`, `45day`, `three`. */
  readonly numbers: readonly string[];
  readonly words: readonly Word[];
  readonly negations: number;
}

interface Word {
  readonly text: string;
  readonly startsSentence: boolean;
}

const numberWord =
  "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|" +
  "(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozens?|hundreds?|thousands?|millions?|billions?|trillions?|" +
  "half|twice|doubled?|tripled?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth";
const unit =
  "hundred|thousand|million|billion|trillion|percent|per cent|percentage points?|basis points?|bps|bn|mn|" +
  "seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|years?|[ap]\\.?m";
const amount = String.raw`\p{Nd}+(?:[.,:/-]\p{Nd}+)*`;
/** A loss is often given in brackets: `$(3.4) million`. */
const numberPattern = new RegExp(
  String.raw`(?:(?<![\p{L}\p{Nd}])[-−+])?` +
    String.raw`(?:\p{Sc}\s?\(${amount}\)|(?:\p{Sc}\s?)?(?:${amount}|(?<![\p{L}\p{Nd}])(?:${numberWord})(?![\p{L}\p{Nd}])))` +
    String.raw`(?:\s?(?:%|‰|\p{Sc}(?!\s?[(\p{Nd}]))|(?:[\s-]?(?:${unit})|[kmb])(?![\p{L}\p{Nd}]))?`,
  "giu",
);
/** A word, with the marks inside or after it. */
const wordPattern = /[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}'&.-]*/gu;
const marksBehind = /(?<!['&.-])['&.-]+$/u;
const stop = /[.!?:;…。！？\n]/u;
const closing = /["”'»)\]]/u;
const opening = /[\s"“‘'«([•*–—-]/u;
const letterWithoutCase = /\p{Lo}[\p{Lo}\p{Lm}\p{M}]*/gu;

const negatingWords = new Set(
  (
    "not no never none neither nor nothing nobody nowhere without cannot non unable fails failed denies denied " +
    "nicht kein keine keinen keiner keines keinem nie ohne niet geen pas jamais sans nunca ningún sin não nunca sem mai senza ikke inte utan не нет без"
  ).split(" "),
);

/** Reads a sentence. */
export function readWording(original: string): Wording {
  const text = levelTypography(original);
  const words = [...text.matchAll(wordPattern)].map((match) => ({
    text: match[0].replace(marksBehind, "").replace(/'s$/iu, ""),
    startsSentence: startsSentence(text, match.index),
  }));
  const numbers = (text.match(numberPattern) ?? []).map(toCanonicalNumber);
  return { text, numbers, words, negations: countNegations(text) };
}

/** Whether a word begins a sentence: before it come only opening marks, and before those a closing mark or the text's beginning. */
function startsSentence(text: string, at: number): boolean {
  let opens = true;
  let closes = false;
  for (let i = at - 1; i >= 0; i--) {
    const unit = text.charAt(i);
    if (stop.test(unit)) return true;
    closes = (opens || closes) && closing.test(unit);
    opens = opens && opening.test(unit);
    if (!opens && !closes) return false;
  }
  return opens;
}

/** Whether one text states a number, date or amount that the other does not, or states it more often. */
export function addsNumber(said: Wording, quoted: Wording): boolean {
  const left = new Map<string, number>();
  for (const number of quoted.numbers)
    left.set(number, (left.get(number) ?? 0) + 1);
  return said.numbers.some((number) => {
    const count = left.get(number) ?? 0;
    left.set(number, count - 1);
    return count < 1;
  });
}

/**
 * Whether one text has a capitalised word that the other lacks. A word that starts a sentence is capitalised
 * anyway, so there the case is ignored. In scripts without capitals names look like any word, so every run of
 * letters must also occur in the other text.
 */
export function addsName(said: Wording, quoted: Wording): boolean {
  const known = new Set(
    quoted.words.flatMap((word) => [word.text, ...splitCompound(word.text)]),
  );
  const knownInLowerCase = new Set(
    [...known].map((word) => word.toLowerCase()),
  );
  const isKnown = (word: string, startsSentence: boolean) =>
    startsSentence ? knownInLowerCase.has(word.toLowerCase()) : known.has(word);
  const foreign = said.words.some(({ text, startsSentence }) => {
    if (!isCapitalised(text) || isKnown(text, startsSentence)) return false;
    const compound = text.split("-");
    return (
      compound.length === 1 ||
      compound.some(
        (part) => isCapitalised(part) && !isKnown(part, startsSentence),
      )
    );
  });
  return (
    foreign ||
    [...new Set(said.text.match(letterWithoutCase))].some(
      (run) => !quoted.text.includes(run),
    )
  );
}

function levelTypography(text: string): string {
  return normalForm(text, "NFC")
    .replace(/[’ʼ]/gu, "'")
    .replace(/[\u2010\u2011]/gu, "-")
    .replace(/[\u00ad\u200b]/gu, "");
}

function toCanonicalNumber(number: string): string {
  return number
    .toLowerCase()
    .replace(/−/gu, "-")
    .replace(/\s?(?:percent|per cent)$/u, "%")
    .replace(/(?<=\p{Nd}[\s-]?)(?:bn|b)$/u, "billion")
    .replace(/(?<=\p{Nd}[\s-]?)(?:mn|m)$/u, "million")
    .replace(/(?<=\p{Nd}[\s-]?)k$/u, "thousand")
    .replace(
      /(?<=(?:second|minute|hour|day|week|month|quarter|year|point))s$/u,
      "",
    )
    .replace(/[\s-](?=\p{L}{1,20}(?: \p{L}{1,20})?$|\p{Sc}|%)/u, "")
    .replace(/(?<=\p{Sc})\s/u, "");
}

function countNegations(text: string): number {
  const words = text.toLowerCase().match(/[\p{L}\p{M}']+/gu) ?? [];
  return words.filter((word) => negatingWords.has(word) || word.endsWith("n't"))
    .length;
}

function splitCompound(word: string): readonly string[] {
  return word.split(/['&.-]+/u).filter((part) => part !== "");
}

/** The letter in `1.2B` is a unit, which `numbers` compares. */
function isCapitalised(word: string): boolean {
  return (
    /[\p{Lu}\p{Lt}]/u.test(word) && !/^[\p{Nd}.]+(?:[bm]n|[kmb])$/iu.test(word)
  );
}
