import {
  parseSketch,
  type Fact,
  type Facts,
  type ParsedSketch,
  type Sample,
  type Sketch,
} from "./sketch.ts";

/** How two documents' stories compare. */
export interface SketchComparison {
  readonly same: boolean;
  /**
   * How much of one text the other contains, taking the greater of the two directions, in words and in the beginning:
   * 0 to 1.
   */
  readonly similarity: number;
  readonly why: "retold" | "follow-up" | "correction" | "other";
}

/**
 * The shares from which a text counts as contained in another; set on one half of a set of edited news articles,
 * proven on the other half: test/contract/nearDuplicates.test.ts.
 */
const least = {
  /** Of the shorter one's words; a truncation keeps all of them, an agency's rewriting three quarters. */
  words: 0.42,
  /** Of the words, where the names are the same: freely retold. */
  wordsOfSameNames: 0.3,
  names: 0.7,
  /** Of the words after the beginning: below this, only the beginning is repeated. */
  wordsAfterLead: 0.15,
  /** Of the beginnings: a follow-up begins with what is new. */
  lead: 0.24,
  /** Of each beginning anywhere in the other text: sentences in another order. */
  leadAnywhere: 0.75,
  otherLeadAnywhere: 0.45,
  /** Of the words: the same text except for what was corrected. */
  aligned: 0.9,
  /** Of words, beginning or names: about the same matter. */
  related: 0.3,
};

/** Fewer names than this may be shared by chance. */
const fewNames = 4;

/**
 * Whether two documents tell the same story: retold, shortened, or with boilerplate around it. A correction or a
 * follow-up does not, and no two job roles do. Symmetric.
 */
export function compareSketches(a: Sketch, b: Sketch): SketchComparison {
  const [one, other] = [parseSketch(a), parseSketch(b)];
  const words = overlap(one.words, other.words);
  const lead = overlap(one.lead, other.lead);
  const shared = Math.max(...words);
  const begins = Math.max(...lead);
  const answer = (why: SketchComparison["why"]): SketchComparison => ({
    same: why === "retold",
    similarity: (shared + begins) / 2,
    why,
  });

  if (one.isPosting && other.isPosting && !sameSet(one.title, other.title))
    return answer("other");
  const names = sharedNames(one.names, other.names);
  const told =
    shared >= least.words ||
    (shared >= least.wordsOfSameNames &&
      names >= least.names &&
      goesOnAlike(one, other));
  if (Math.max(shared, begins, names) < least.related) return answer("other");
  if (one.corrects !== other.corrects && told) return answer("correction");
  if (!told || !(begins >= least.lead || isReordered(one, other)))
    return answer("follow-up");
  return answer(
    disagrees(one, other, { words, lead }) ? "correction" : "retold",
  );
}

/** Whether what follows the beginning of one is found in the other. */
function goesOnAlike(a: ParsedSketch, b: ParsedSketch): boolean {
  const found = [
    overlap(afterLead(a), b.words)[0],
    overlap(afterLead(b), a.words)[0],
  ];
  return Math.max(...found) >= least.wordsAfterLead;
}

function afterLead({ words, lead }: ParsedSketch): Sample {
  const hashes = [...words.hashes].filter((hash) => !lead.hashes.has(hash));
  return { hashes: new Set(hashes), isWhole: words.isWhole };
}

/** Whether each beginning is found somewhere in the other text. */
function isReordered(a: ParsedSketch, b: ParsedSketch): boolean {
  const found = [overlap(a.lead, b.words)[0], overlap(b.lead, a.words)[0]];
  return (
    Math.max(...found) >= least.leadAnywhere &&
    Math.min(...found) >= least.otherLeadAnywhere
  );
}

/**
 * Whether the two differ in a figure or a name: a different one in the same place, or, in the same words, one that
 * was not there. Leaving one out is not a difference.
 */
function disagrees(
  a: ParsedSketch,
  b: ParsedSketch,
  {
    words,
    lead,
  }: {
    readonly words: readonly [number, number];
    readonly lead: readonly [number, number];
  },
): boolean {
  const sameLead = Math.min(...lead) >= least.aligned;
  const [ofA, ofB] = [
    missing(a.figures, b.figures, sameLead),
    missing(b.figures, a.figures, sameLead),
  ];
  if (otherInPlace(ofA, ofB, 1)) return true;
  if (Math.max(...words) < least.aligned) return false;
  const sameWords = Math.min(...words) >= least.aligned;
  return (
    (sameWords && ofA.length > 0 && ofB.length > 0) ||
    otherInPlace(aloneFacts(a.figures), aloneFacts(b.figures), 2) ||
    otherInPlace(aloneFacts(a.names), aloneFacts(b.names), 2) ||
    otherInPlace(
      missing(a.names, b.names, sameLead),
      missing(b.names, a.names, sameLead),
      2,
    )
  );
}

/**
 * Whether a fact of one text stands in the place of a different fact in the other, going by how many of its two
 * neighbouring words are the same.
 */
function otherInPlace(
  a: readonly Fact[],
  b: readonly Fact[],
  beside: 1 | 2,
): boolean {
  return a.some((one) =>
    b.some(
      (other) =>
        one.value !== other.value &&
        Number(one.before === other.before) +
          Number(one.after === other.after) >=
          beside,
    ),
  );
}

function aloneFacts({ lead, facts }: Facts): readonly Fact[] {
  return [...lead, ...facts].filter(({ isAlone }) => isAlone);
}

/**
 * What one text has and the other lacks, as far as its sample shows; and what the other's beginning lacks, if both
 * begin with the same words.
 */
function missing(
  from: Facts,
  among: Facts,
  sameLead: boolean,
): readonly Fact[] {
  const begin = new Set(among.lead.map(({ value }) => value));
  const isMissing = ({ value }: Fact, isKnown: boolean) =>
    !begin.has(value) && !among.hashes.has(value) && isKnown;
  const isSampled = ({ value }: Fact) => value <= highestHash(among);
  return [
    ...from.lead.filter((fact) => isMissing(fact, sameLead || isSampled(fact))),
    ...from.facts.filter((fact) => isMissing(fact, isSampled(fact))),
  ];
}

/** The share of the smaller set of names that the other text has, 0 to 1; 0 where there are few. */
function sharedNames(a: Facts, b: Facts): number {
  return Math.min(a.hashes.size, b.hashes.size) < fewNames
    ? 0
    : Math.max(...overlap(a, b));
}

/**
 * The share of each set's elements that the other has, estimated from the range that both samples cover (Broder
 * 1997).
 */
function overlap(a: Sample, b: Sample): readonly [number, number] {
  const last =
    highestHash(a) < highestHash(b) ? highestHash(a) : highestHash(b);
  const ofA = [...a.hashes].filter((hash) => hash <= last);
  const ofB = [...b.hashes].filter((hash) => hash <= last);
  const both = ofA.filter((hash) => b.hashes.has(hash)).length;
  return [both / Math.max(1, ofA.length), both / Math.max(1, ofB.length)];
}

/** The hash up to which a sample is complete; a whole sample is complete up to the last of the alphabet. */
function highestHash({ hashes, isWhole }: Sample): string {
  return isWhole ? "~" : ([...hashes].at(-1) ?? "");
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}
