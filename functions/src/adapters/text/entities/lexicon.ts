import { z } from "zod";

/** What a dictionary of names knows about a word or several; about most, nothing. */
export interface Lexicon {
  readonly isGiven: (word: string) => boolean;
  readonly isFamily: (word: string) => boolean;
  readonly isCompany: (words: string) => boolean;
  /** A place, a day, a nationality: capitalised, but neither a person nor a company. */
  readonly isOther: (words: string) => boolean;
  /** A word of the language that is not a name. */
  readonly isWord: (word: string) => boolean;
}

/** For languages without a dictionary. */
export const emptyLexicon: Lexicon = {
  isGiven: () => false,
  isFamily: () => false,
  isCompany: () => false,
  isOther: () => false,
  isWord: () => false,
};

const Tags = z.union([z.string(), z.array(z.string())]);
const Model = z.object({
  one: z.object({ lexicon: z.record(z.string(), Tags) }),
});

const given = ["FirstName", "MaleName", "FemaleName"];
const other =
  "Place City Country Region Demonym WeekDay Month Holiday Currency Acronym".split(
    " ",
  );
const names = [...given, ...other, "LastName", "Person", "Organization"];

/** compromise's 25,000 English names and words. Only its word list is used: its sentence parser takes 10 ms per kilobyte and finds fewer names. */
export async function englishLexicon(): Promise<Lexicon> {
  const { default: nlp } = await import("compromise/two");
  const { lexicon } = Model.parse(nlp.model()).one;
  const known = new Map(Object.entries(lexicon));
  const has = (words: string, tags: readonly string[]) => {
    const found = known.get(words.toLowerCase());
    const list = typeof found === "string" ? [found] : (found ?? []);
    return list.some((tag) => tags.includes(tag));
  };
  return {
    isGiven: (word) => has(word, given),
    isFamily: (word) => has(word, ["LastName"]),
    isCompany: (words) => has(words, ["Organization"]),
    isOther: (words) => has(words, other),
    isWord: (word) => known.has(word.toLowerCase()) && !has(word, names),
  };
}
