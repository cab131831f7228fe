import { normalName } from "./accountNames.ts";

/** A span of text that may be a company's name: in the form of `normalName`, with its position. */
export interface Named {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Not part of a longer run of capitalised words, apart from the first word of a sentence. */
  readonly whole: boolean;
}

/** The most words of a name that are considered. */
const maxWords = 4;

/** A word, including the characters that names are written with. */
const word = /[\p{L}\p{N}][\p{L}\p{M}\p{N}&'’ʼ.+-]*/gu;
/** Small words inside names: Bank of America. */
const joining = new Set(
  "of and & de du des la le del di da der den von van the et y i e und i і та и".split(
    " ",
  ),
);
/** Capitalised, but not a company's name on its own. */
const common = new Set(
  "a an the today yesterday tomorrow once this that these it its in on at by for from to with as and but or if we our you they he she his her their is are was new how why what when who where after before more than not no all us usa uk eu ceo cfo cio cto coo vp mr mrs ms dr monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december".split(
    " ",
  ),
);
/** Scripts that do not separate words by spaces: any run between characters of another script. */
const together = /[\p{Script=Han}\p{Script=Katakana}ー]{2,30}/gu;

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Every run of up to four capitalised words, with the small words that join them, and every run of Han or Katakana:
 * the places in a text where a company's name may stand. Does not find a name in lower case.
 */
export function namesIn(text: string): readonly Named[] {
  const found = [
    ...toRuns(text).flatMap((run) => toStretches(text, run)),
    ...[...text.matchAll(together)].flatMap(({ 0: run, index }) =>
      toNames(run, { start: index, end: index + run.length, whole: true }),
    ),
  ];
  return found.filter(({ name }) => name.length > 1);
}

/** The first `count` words of a text. */
export function firstWords(text: string, count: number): string {
  let n = 0;
  for (const match of text.matchAll(/\S+/gu))
    if (++n > count) return text.slice(0, match.index);
  return text;
}

/** Consecutive words that a name may consist of; the end of a sentence or a separator ends a run. */
function toRuns(text: string): readonly (readonly Token[])[] {
  const runs: Token[][] = [];
  let run: Token[] = [];
  const end = () => {
    while (run.length > 0 && !isCapital(run.at(-1)?.text ?? "")) run.pop();
    if (run.length > 0) runs.push(run);
    run = [];
  };
  let behind = 0;
  let ended = false;
  for (const { 0: whole, index } of text.matchAll(word)) {
    const bare = whole.replace(/(?<![.'’ʼ+-])[.'’ʼ+-]+$/u, "");
    const token = { text: bare, start: index, end: index + bare.length };
    const isParted = !/^\s+(?:&\s+)?$/u.test(text.slice(behind, index));
    if (ended || isParted) end();
    if (isCapital(bare)) run.push(token);
    else if (run.length > 0 && joining.has(bare)) run.push(token);
    else end();
    behind = index + whole.length;
    // A full stop after an abbreviation, such as J.P. or St., does not end a sentence.
    ended = whole.endsWith(".") && bare.length > 3 && !bare.includes(".");
  }
  end();
  return runs;
}

function isCapital(text: string): boolean {
  return /\p{Lu}/u.test(text);
}

function isCommon({ text }: Token): boolean {
  return common.has(text.toLowerCase());
}

function toStretches(text: string, run: readonly Token[]): readonly Named[] {
  const begins = run.findIndex((token) => !isCommon(token));
  return run.flatMap((first, from) =>
    run.slice(from, from + maxWords).flatMap((last, i) => {
      if (!isCapital(first.text) || !isCapital(last.text)) return [];
      const { start } = first;
      const { end } = last;
      if (run.slice(from, from + i + 1).every(isCommon)) return [];
      const isFirst = from === 0 || from === begins;
      const whole = isFirst && from + i === run.length - 1;
      return toNames(text.slice(start, end), { start, end, whole });
    }),
  );
}

/** A name, also without a final possessive s. */
function toNames(text: string, place: Omit<Named, "name">): readonly Named[] {
  const bare = text.replace(/['’ʼ]s$/u, "");
  return [...new Set([bare, text])].map((one) => ({
    name: normalName(one),
    ...place,
  }));
}
