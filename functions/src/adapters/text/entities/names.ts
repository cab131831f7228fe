import type { Span } from "../../../domain/text/chunks.ts";
import { legalForm } from "./legalForms.ts";

/** A run of capitalised words, which may be a name. `text.slice(start, end)` is it. */
export interface Name extends Span {
  readonly text: string;
  readonly words: readonly Word[];
  /** Whether the first capital may be due to the start of a sentence. */
  readonly opens: boolean;
}

interface Word extends Span {
  readonly text: string;
}

const maxWords = 8;

/** What may separate the words of one name; before a legal form also a comma. */
const nameJoint = /^(?:[ \u00a0]| & )$/u;

/** Lower-case words inside names. */
const particles = new Set(
  "van von der den de del della di da du la le los dos ten ter zu bin ibn al el".split(
    " ",
  ),
);

/** Words that begin sentences and precede names, but belong to none. */
const openers = new Set(
  `the a an and but or in on at for by with after before from under when while if as its their our his her this that these those since per
  meanwhile however also both though although according dear about against during between among into over both last next then yet
  der die das den dem des ein eine einer einem im am zum zur für mit nach bei von auf als und aber laut
  le les la l un une des du en selon avec pour dans par et mais au aux ce cette
  el los las un una en con por para según y pero il lo gli i nel della con per secondo
  у в на за з із зі від до та і й але після про для що як под с со из от по после и но для как`.split(
    /\s+/u,
  ),
);

/** German capitalises all nouns: those that say what kind of company follows do not belong to its name. */
const kindsOfCompany =
  /(?:maker|giant|startup|start-up|rival|konzern|tochter|hersteller|anbieter|unternehmen|firma|versicherer|händler|entwickler|dienstleister|betreiber|spezialist|zulieferer|gesellschaft|riese)$/iu;

/** Abbreviations that keep their full stop. */
const shortForm =
  /^(?:\p{Lu}|Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Inc|Corp|Co|Ltd|Bros|M|Sig|Ing|Dipl)$/u;

/** The runs of capitalised words in a text, in order, without the words that open a sentence. One pass. */
export function findNames(text: string): readonly Name[] {
  const names: Name[] = [];
  let run: Word[] = [];
  let opens = true;
  const close = () => {
    while (particles.has(run.at(-1)?.text ?? "")) run.pop();
    const name = trimName(text, run, opens);
    if (name !== null) names.push(name);
    run = [];
  };
  for (const word of splitWords(text)) {
    const last = run.at(-1);
    const between = last === undefined ? "" : text.slice(last.end, word.start);
    const follows =
      last !== undefined &&
      run.length < maxWords &&
      !/['’]s$/u.test(last.text) &&
      (nameJoint.test(between) ||
        (between === ", " && legalForm.test(word.text)));
    if (last !== undefined && !follows) close();
    const fits = isCapital(word.text) || legalForm.test(word.text);
    const joins = run.length > 0 && particles.has(word.text);
    if (!fits && !joins) {
      close();
      continue;
    }
    if (run.length === 0)
      opens =
        // bounded: the 6 characters before it
        /(?:^|\n\s*|[.!?:…]["”’»)]*\s+)$/u.test(
          text.slice(Math.max(0, word.start - 6), word.start),
        ) || word.start === 0;
    run.push(word);
  }
  close();
  return names;
}

function isCapital(word: string): boolean {
  return /^(?:[\p{Lu}\p{Lt}]|\p{Ll}\p{Lu}|\p{Nd}{1,3}\p{Lu})/u.test(word);
}

function* splitWords(text: string): Generator<Word> {
  const pattern =
    /[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}]*(?:['’.&+-][\p{L}\p{Nd}]+)*/gu;
  for (const { 0: found, index: start } of text.matchAll(pattern)) {
    const end = start + found.length;
    const isShort =
      text[end] === "." &&
      (shortForm.test(found) || /\p{L}\.\p{L}$/u.test(found));
    const wordEnd = isShort ? end + 1 : end;
    yield { text: text.slice(start, wordEnd), start, end: wordEnd };
  }
}

/** The name without opening words and possessive; null where nothing is left. */
function trimName(
  text: string,
  run: readonly Word[],
  opens: boolean,
): Name | null {
  let first = 0;
  while (
    first < run.length &&
    (openers.has(run[first]?.text.toLowerCase() ?? "") ||
      (first + 1 < run.length && kindsOfCompany.test(run[first]?.text ?? "")))
  )
    first++;
  const words = run.slice(first).map((word) => {
    const possessive = /['’]s?$/u.exec(word.text);
    return possessive === null
      ? word
      : {
          ...word,
          text: word.text.slice(0, possessive.index),
          end: word.end - possessive[0].length,
        };
  });
  return spanName(text, words, opens && first === 0);
}

/** The name that these words make; null where there are none. */
export function spanName(
  text: string,
  words: readonly Word[],
  opens: boolean,
): Name | null {
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return null;
  const { start } = first;
  const { end } = last;
  return { text: text.slice(start, end), start, end, words, opens };
}
