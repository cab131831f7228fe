import { lexicon, type Sense } from "./lexicon.ts";

/** Words that stand beside each other; each is a whole word, or what one begins with. */
interface Phrase {
  readonly words: readonly {
    readonly text: string;
    readonly isStem: boolean;
  }[];
  readonly sense: Sense;
}

/** A sense found among words, and at which of them. */
export interface SenseFound {
  readonly sense: Sense;
  readonly at: number;
}

/** By the first letters of their first word, so that a word is held against few of them. */
const phrases: ReadonlyMap<string, readonly Phrase[]> = indexPhrases();

/** What words say, from left to right; each sense as often as it is there. Linear in the number of words. */
export function findSenses(words: readonly string[]): readonly SenseFound[] {
  return words.flatMap((word, at) =>
    (phrases.get(word.slice(0, 2)) ?? [])
      .filter((phrase) => stands(phrase, words, at))
      .map(({ sense }) => ({ sense, at })),
  );
}

function stands(
  { words: wanted }: Phrase,
  words: readonly string[],
  at: number,
) {
  return wanted.every(({ text, isStem }, i) => {
    const word = words[at + i];
    if (word === undefined) return false;
    return isStem ? word.startsWith(text) : word === text;
  });
}

function indexPhrases(): ReadonlyMap<string, readonly Phrase[]> {
  const index = new Map<string, Phrase[]>();
  for (const [sense, list] of Object.entries(lexicon))
    for (const entry of list.split("|")) {
      const words = entry
        .trim()
        .split(" ")
        .map((text) => ({
          text: text.replace(/\*$/u, ""),
          isStem: text.endsWith("*"),
        }));
      const first = words[0]?.text.slice(0, 2) ?? "";
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.entries forgets the names of its keys.
      const phrase = { words, sense: sense as Sense };
      index.set(first, [...(index.get(first) ?? []), phrase]);
    }
  return index;
}
