import { type JudgedDocument, toDocumentParts } from "./documentParts.ts";
import { type Features, gatherFeatures } from "./features.ts";
import type { Sense } from "./lexicon.ts";
import { findSenses, type SenseFound } from "./senses.ts";
import { splitWords } from "./words.ts";

type Add = (name: string, weight?: number) => void;

/** What a sense weighs beside a word, and beside two in a row. */
const weightOf = { sense: 3, word: 1, pair: 0.8 } as const;

/** Senses nearer than this, in words, say something together. */
const near = 4;

/** Beyond this number of senses, which of them stand together says little. */
const mostPaired = 6;

/** The features by which a document's event is told: what its words mean, and the words themselves. */
export function toEventFeatures(document: JudgedDocument): Features {
  const { item, headline, lead } = toDocumentParts(document);
  const { add, normalised } = gatherFeatures();
  addRegion(add, "T", { text: headline, weight: 1 });
  addRegion(add, "L", { text: lead, weight: 0.6 });
  addShapes(add, headline);
  add(`type:${document.type}`);
  if (item !== null) addItem(add, item, `${headline} ${lead}`);
  const { form } = document.facts;
  if (form !== undefined) add(`form:${form}`);
  return normalised();
}

/** A filing's item says what may have happened; with the words it says more. */
function addItem(add: Add, item: string, text: string): void {
  add(`item:${item}`, 2);
  for (const { sense } of findSenses(splitWords(text)))
    add(`item:${item}:${sense}`, 2);
}

interface Region {
  readonly text: string;
  /** What it weighs beside the headline. */
  readonly weight: number;
}

function addRegion(add: Add, name: string, { text, weight }: Region): void {
  const words = splitWords(text);
  if (words.length === 0) return;
  addSenses(add, name, { senses: findSenses(words), weight });
  words.forEach((word, i) => {
    add(`w:${word}`, weightOf.word * weight);
    const before = words[i - 1];
    if (before !== undefined)
      add(`b:${before}_${word}`, weightOf.pair * weight);
  });
}

function addSenses(
  add: Add,
  region: string,
  {
    senses,
    weight,
  }: { readonly senses: readonly SenseFound[]; readonly weight: number },
): void {
  const strong = weightOf.sense * weight;
  const [first] = senses;
  if (first === undefined) return add(`${region}s:none`, strong);
  add(`${region}first:${first.sense}`, strong);
  for (const { sense } of senses) {
    add(`s:${sense}`, strong);
    add(`${region}s:${sense}`, strong);
  }
  for (const [one, other] of neighbours(senses))
    add(`ss:${[one, other].sort().join("+")}`, 0.7 * strong);
  const all = [...new Set(senses.map(({ sense }) => sense))].sort();
  if (all.length > mostPaired) return;
  all.forEach((one, i) => {
    for (const other of all.slice(i + 1))
      add(`${region}p:${one}+${other}`, 0.5 * strong);
  });
}

/** Each two different senses that stand near each other. */
function neighbours(
  senses: readonly SenseFound[],
): readonly (readonly [Sense, Sense])[] {
  return senses.flatMap(({ sense, at }, i) => {
    const following: (readonly [Sense, Sense])[] = [];
    for (let j = i + 1; j < senses.length; j++) {
      const other = senses[j];
      if (other === undefined || other.at - at > near) break;
      if (other.at !== at && other.sense !== sense)
        following.push([sense, other.sense]);
    }
    return following;
  });
}

/** What a headline looks like, whatever it says. */
function addShapes(add: Add, headline: string): void {
  if (headline.includes("?")) add("question", 1.5);
  if (/^[^:]{3,40}:/u.test(headline)) add("colon");
  if (/[$€£₴]\s?\d|\d\s?(?:mln|million|bn|billion|mrd|mio)/iu.test(headline))
    add("money");
  if (/\d\s?%|percent|per cent|prozent/iu.test(headline)) add("share");
  if (
    /\d\s+(?:\p{L}{1,20}\s+)?(?:jobs|staff|workers|employees|positions|stellen|mitarbeiter|postes|emplois|empleos|працівник|співробітник)/iu.test(
      headline,
    )
  )
    add("heads", 1.5);
}
