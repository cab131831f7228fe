import type { Fault } from "../cards/claims.ts";
import {
  blankSentences,
  hasInstruction,
  isInstruction,
} from "../text/instructions.ts";
import {
  type KnownLinks,
  findLinks,
  findUnknownLinks,
  removeUnknownLinks,
} from "../text/links.ts";
import { normaliseText } from "../text/normalText.ts";

/** What kind of document it is, and which addresses a card about it may contain. */
interface Source {
  readonly links: KnownLinks;
  /** In a posting, verbs list the duties of a role. */
  readonly isPosting: boolean;
}

/**
 * This many words in a row are copied, not a coincidence; a shorter sentence, of three words or more, counts as a
 * whole.
 */
const run = 6;
const shortest = 3;
/** How much of a document is searched for copied text, in characters. */
const reach = 200_000;

/** Why a sentence of a document is not quoted: it contains an unknown link, or tells its reader what to do. */
export function foreignFault(
  text: string,
  { links, isPosting }: Source,
): Extract<Fault, "unknown-link" | "addresses-reader"> | null {
  if (findUnknownLinks(text, links).length > 0) return "unknown-link";
  return hasInstruction(text, { isPosting }) ? "addresses-reader" : null;
}

/** A document with the sentences that are not quoted blanked letter by letter: all others keep their positions. */
export function withoutForeign(
  text: string,
  { links, isPosting }: Source,
): string {
  const left = blankSentences(
    text,
    (sentence) =>
      isInstruction(sentence, { isPosting }) ||
      findUnknownLinks(sentence, links).length > 0,
  );
  // Tag characters spell out text that only a model sees.
  return left.replace(/[\u{e0000}-\u{e007f}]/gu, "  ");
}

/** A document's title as a card may show it; `otherwise` if it tells its reader what to do, or nothing is left. */
export function eventTitle(
  title: string,
  {
    links,
    otherwise,
  }: { readonly links: KnownLinks; readonly otherwise: string },
): string {
  const left = removeUnknownLinks(title, links);
  // A headline may be a question.
  const told = left.replace(/[?？\s]{1,64}$/u, "");
  return told === "" || isInstruction(told) ? otherwise : left;
}

/** What sentences without a quote are checked against. */
interface Material {
  readonly links: KnownLinks;
  /** The texts written by strangers. */
  readonly documents: readonly string[];
  /** What may be repeated from them, and what our own people wrote. */
  readonly allowed: readonly string[];
  /**
   * Whether the documents are in the language that cards are written in; otherwise their words cannot be compared.
   */
  readonly sameLanguage: boolean;
}

type InventionFault = Extract<
  Fault,
  "unknown-link" | "words-not-quoted" | "off-topic"
>;

/**
 * The checks for texts that no quote proves: a text fails if it contains an unknown link, repeats a document's words
 * that nothing allowed contains, or is off topic. `faultOfLetter` checks a letter sentence by sentence and permits
 * courtesies.
 */
export function inventionChecks({
  links,
  documents,
  allowed,
  sameLanguage,
}: Material): {
  readonly faultOf: (text: string, about?: "anything") => InventionFault | null;
  readonly faultOfLetter: (text: string) => InventionFault | null;
} {
  const copies = copyingFrom(documents, allowed);
  const ours = new Set([...allowed, offered].flatMap(toStems));
  const inLetters = new Set([...ours, ...toStems(courtesies)]);
  const either = (text: string) => {
    if (findUnknownLinks(text, links).length > 0) return "unknown-link";
    return copies(text) ? "words-not-quoted" : null;
  };
  return {
    faultOf: (text, about) =>
      either(text) ??
      (sameLanguage && about !== "anything" && isOffTopic(text, ours)
        ? "off-topic"
        : null),
    faultOfLetter: (text) =>
      either(text) ??
      (sameLanguage &&
      sentencesIn(withoutAnyLink(text)).some((sentence) => {
        // A greeting may stand alone, and so may the lead-in to a link.
        if (splitWords(sentence).length < 5 && toStems(sentence).length < 2)
          return false;
        return isOffTopic(sentence, inLetters);
      })
        ? "off-topic"
        : null),
  };
}

/**
 * Finds six words in a row, or a shorter sentence as a whole, that these documents contain and nothing allowed does.
 */
function copyingFrom(
  documents: readonly string[],
  allowed: readonly string[],
): (text: string) => boolean {
  const ours = withSpacesAround(allowed.join("\n"));
  const theirs = documents.map((document) =>
    withSpacesAround(document.slice(0, reach)),
  );
  return (text) =>
    toRuns(text)
      .filter((one) => !ours.includes(one))
      .some((one) => theirs.some((document) => document.includes(one)));
}

/** Whether at most a third of a text's longer words are, by their beginnings, among the known ones. */
function isOffTopic(text: string, known: ReadonlySet<string>): boolean {
  const stems = toStems(text);
  return stems.filter((stem) => known.has(stem)).length * 3 <= stems.length;
}

function toRuns(text: string): readonly string[] {
  return sentencesIn(text).flatMap((sentence) => {
    const words = splitWords(sentence);
    if (words.length < shortest) return [];
    const length = Math.min(run, words.length);
    return words
      .slice(0, words.length - length + 1)
      .map((_, i) => ` ${words.slice(i, i + length).join(" ")} `);
  });
}

function withoutAnyLink(text: string): string {
  return findLinks(text).reduceRight(
    (left, { start, end }) => left.slice(0, start) + left.slice(end),
    text,
  );
}

function sentencesIn(text: string): readonly string[] {
  return normaliseText(text).split(/[.!?…。！？\n]+/u);
}

function withSpacesAround(text: string): string {
  return ` ${splitWords(normaliseText(text)).join(" ")} `;
}

function splitWords(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{Nd}]+/gu) ?? [];
}

const common = new Set(
  "about above after again against also always among another around because been before being below between both cannot could does doing down during each even ever every from further have having hello here hers himself into itself just least less like made make many more most much must myself never only other ours over same shall should since some such than that thats their theirs them then there these they this those through under until upon very want were what when where which while will with within without would your yours yourself".split(
    " ",
  ),
);

/** What any card may mention. */
const offered = "playbook action client account moment conversation meeting";

/** What any letter may say. */
const courtesies =
  "hello dear best kind regards thanks thank glad happy pleased compare notes read news heard hear congratulations congratulate " +
  "call talk speak chat exchange meet meeting minutes week weeks short brief briefly share help helpful useful worth idea ideas offer " +
  "team colleague colleagues thought know hope reach support work working together discuss interested interest welcome send glance " +
  "experience similar clients client moment conversation open opportunity question questions free time look forward";

function toStems(text: string): readonly string[] {
  return (
    normaliseText(text)
      .toLowerCase()
      .match(/\p{L}{4,}/gu) ?? []
  )
    .filter((word) => !common.has(word))
    .map((word) => word.slice(0, 5));
}
