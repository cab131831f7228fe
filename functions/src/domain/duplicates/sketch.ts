import { offersWork, isCorrection } from "./notices.ts";
import {
  shortHash,
  encodeHash,
  hash32,
  splitEvery,
} from "../kernel/shortHash.ts";
import {
  withoutMarkup,
  toStorySentences,
  toStoryWords,
  type StoryWord,
} from "./storyWords.ts";

/**
 * What is kept of a text so that its near-duplicates can be recognised, at most 1.5 kB: samples of its words and
 * phrases by least hashes (Broder 1997, On the resemblance and containment of documents), its title and beginning,
 * and its figures and names with the words around them.
 */
export type Sketch = string;

/** A sketch in the form in which it is compared. Each hash has three characters of base64, 18 bits. */
export interface ParsedSketch {
  /** Whether the text says that it corrects or follows up on an earlier one. */
  readonly corrects: boolean;
  readonly isPosting: boolean;
  readonly title: ReadonlySet<string>;
  readonly lead: Sample;
  readonly words: Sample;
  readonly figures: Facts;
  readonly names: Facts;
}

/** The least hashes of a set; all of its hashes if they fit. */
export interface Sample {
  readonly hashes: ReadonlySet<string>;
  readonly isWhole: boolean;
}

/** The figures or the names of a text, sampled by their values; and those in its beginning. */
export interface Facts extends Sample {
  readonly lead: readonly Fact[];
  readonly facts: readonly Fact[];
}

/** A figure or a name, and the words before and after it. */
export interface Fact {
  readonly value: string;
  readonly before: string;
  readonly after: string;
  /** Whether no other fact of the text stands between the same two words. */
  readonly isAlone: boolean;
}

const sizes = {
  title: 14,
  lead: 46,
  words: 140,
  figure: { lead: 14, all: 36 },
  name: { lead: 16, all: 28 },
};

/** The beginning of a story, in words. */
const leadWords = 80;

/** How far into a text keys are taken, in words: beyond are background and the company's description of itself. */
const keyWords = 400;

/** How much of a text is read, in characters: three times the longest article of the test set. */
const readCharacters = 150_000;

/** The input of a sketch. */
export interface Story {
  readonly title: string;
  readonly text: string;
  /** Whether it is a job posting, where the source says so; otherwise the text's own words decide. */
  readonly isPosting?: boolean;
}

/** The sketch of a story; the same text gives the same sketch. */
export function toSketch(told: Story): Sketch {
  const text = told.text.slice(0, readCharacters);
  const title = toStoryWords(withoutMarkup(told.title));
  const sentences = toStorySentences(text);
  const lead = takeBeginning(sentences, leadWords);
  const isPosting = told.isPosting ?? offersWork(text);
  const titleStems = meaningfulStems(title);
  return [
    `${isCorrection(`${withoutMarkup(told.title)}\n${withoutMarkup(text)}`) ? "c" : "-"}${isPosting ? "p" : "-"}`,
    makeKeys(sentences, isPosting ? titleStems.join(" ") : "").join(""),
    titleStems.slice(0, sizes.title).map(shortHash).join(""),
    sampleStems(lead.flatMap(meaningfulStems), sizes.lead),
    sampleStems(sentences.flatMap(meaningfulStems), sizes.words),
    ...sampleFacts([title, ...sentences], [title, ...lead], "figure"),
    ...sampleFacts(sentences, lead, "name"),
  ].join(".");
}

/**
 * The keys under which a sketch is looked up, at most 26 of 5 characters. Near-duplicates almost always share at
 * least one, different stories hardly ever: a key is three distinctive words in a row, or four names and figures of
 * one sentence. Postings share keys only where they have the same title.
 */
export function toLookupKeys(sketch: Sketch): readonly string[] {
  return splitEvery(sketch.split(".")[1] ?? "", 5);
}

/** The content of a sketch. */
export function parseSketch(sketch: Sketch): ParsedSketch {
  const [marks = "", , title = "", lead = "", words = "", ...facts] =
    sketch.split(".");
  return {
    corrects: marks.startsWith("c"),
    isPosting: marks.endsWith("p"),
    title: new Set(splitEvery(title, 3)),
    lead: sampleFrom(lead, sizes.lead),
    words: sampleFrom(words, sizes.words),
    figures: factsFrom(facts[0] ?? "", facts[1] ?? "", sizes.figure.all),
    names: factsFrom(facts[2] ?? "", facts[3] ?? "", sizes.name.all),
  };
}

function makeKeys(
  sentences: readonly (readonly StoryWord[])[],
  within: string,
): readonly string[] {
  const [told, lead] = [
    takeBeginning(sentences, keyWords),
    takeBeginning(sentences, leadWords),
  ];
  const features = [
    withLeastHashes(
      told.flatMap((one) => toPhrases(one)),
      12,
    ),
    withLeastHashes(
      lead.flatMap((one) => toPhrases(one, "sorted")),
      6,
    ),
    withLeastHashes(told.flatMap(toNameGroups), 8),
  ];
  // The kind of feature is part of the key, so that kinds cannot be confused.
  return features.flatMap((kind, at) =>
    kind.map((feature) => encodeHash(hash32(`${at} ${within} ${feature}`), 5)),
  );
}

function withLeastHashes(
  features: readonly string[],
  count: number,
): readonly string[] {
  return [...new Map(features.map((feature) => [hash32(feature), feature]))]
    .sort(([a], [b]) => a - b)
    .slice(0, count)
    .map(([, feature]) => feature);
}

function takeBeginning(
  sentences: readonly (readonly StoryWord[])[],
  words: number,
): readonly (readonly StoryWord[])[] {
  let left = words;
  return sentences.flatMap((one) => {
    const taken = one.slice(0, Math.max(0, left));
    left -= one.length;
    return taken.length > 0 ? [taken] : [];
  });
}

function meaningfulStems(words: readonly StoryWord[]): readonly string[] {
  return words.flatMap(({ says, stem }) => (says ? [stem] : []));
}

/** Every three distinctive words in a row. */
function toPhrases(
  words: readonly StoryWord[],
  order: "told" | "sorted" = "told",
): readonly string[] {
  const stems = meaningfulStems(words);
  return stems.slice(2).map((_, at) => {
    const three = stems.slice(at, at + 3);
    return (order === "told" ? three : three.toSorted()).join(" ");
  });
}

/** Every four names and figures in a row, from a sentence's first eight: what a rewriting leaves unchanged. */
function toNameGroups(words: readonly StoryWord[]): readonly string[] {
  const named = [
    ...new Set(
      words.filter(({ kind }) => kind !== "word").map(({ stem }) => stem),
    ),
  ]
    .slice(0, 8)
    .toSorted();
  return choices(named, 4).map((four) => four.join(" "));
}

function choices(
  from: readonly string[],
  count: number,
): readonly (readonly string[])[] {
  if (count === 0) return [[]];
  return from.flatMap((one, at) =>
    choices(from.slice(at + 1), count - 1).map((rest) => [one, ...rest]),
  );
}

/**
 * The facts of a kind: those of the beginning in order, and those of the whole text whose values have the least
 * hashes.
 */
function sampleFacts(
  sentences: readonly (readonly StoryWord[])[],
  lead: readonly (readonly StoryWord[])[],
  kind: "figure" | "name",
): readonly [string, string] {
  const all = locateFacts(sentences, kind);
  const values = new Map<string, Set<string>>();
  for (const { value, place } of all)
    values.set(place, (values.get(place) ?? new Set()).add(value));
  const first = new Map<string, string>();
  for (const { value, place } of all)
    if (!first.has(value))
      first.set(
        value,
        `${place}${values.get(place)?.size === 1 ? onlyHere : "-"}`,
      );
  const facts = [...first].map(([value, place]) => `${value}${place}`);
  const begin = new Set(locateFacts(lead, kind).map(({ value }) => value));
  return [
    facts
      .filter((fact) => begin.has(fact.slice(0, 3)))
      .slice(0, sizes[kind].lead)
      .join(""),
    least(facts, sizes[kind].all).join(""),
  ];
}

/**
 * Marks a place where no other fact of the text stands: only then is a different fact there in another text
 * significant.
 */
const onlyHere = "1";

/** Each fact of a kind with its place: the distinctive words before and after it. */
function locateFacts(
  sentences: readonly (readonly StoryWord[])[],
  kind: "figure" | "name",
): readonly { readonly value: string; readonly place: string }[] {
  return sentences.flatMap((words) => {
    const said = words.filter(({ says, stem }) => says || hedges.has(stem));
    return said.flatMap((word, at) => {
      if (word.kind !== kind || !word.says) return [];
      const beside = [said[at - 1], said[at + 1]].map((other) =>
        shortHash(other?.stem ?? "").slice(0, 2),
      );
      return [{ value: shortHash(word.stem), place: beside.join("") }];
    });
  });
}

/**
 * Words that make a figure a rounded one; a hedged figure counts as standing in a different place from a plain one.
 */
const hedges = new Set(
  "about around nearly almost roughly some over under least most up".split(" "),
);

function sampleStems(stems: readonly string[], most: number): string {
  return least([...new Set(stems.map(shortHash))], most).join("");
}

function least(hashes: readonly string[], most: number): readonly string[] {
  return hashes.toSorted().slice(0, most);
}

function sampleFrom(text: string, most: number): Sample {
  const hashes = splitEvery(text, 3);
  return { hashes: new Set(hashes), isWhole: hashes.length < most };
}

function factsFrom(lead: string, all: string, most: number): Facts {
  const [begin, facts] = [lead, all].map((text) =>
    splitEvery(text, 8).map((fact) => ({
      value: fact.slice(0, 3),
      before: fact.slice(3, 5),
      after: fact.slice(5, 7),
      isAlone: fact.endsWith(onlyHere),
    })),
  );
  return {
    lead: begin ?? [],
    ...sampleFrom(
      splitEvery(all, 8)
        .map((fact) => fact.slice(0, 3))
        .join(""),
      most,
    ),
    facts: facts ?? [],
  };
}
