import type { Fault } from "./claims.ts";
import { blanked, hasInstruction, isInstruction } from "./instructions.ts";
import {
  type KnownLinks,
  unknownLinksIn,
  withoutUnknownLinks,
} from "./links.ts";
import { normal } from "./normalText.ts";

/** Of what kind a document is, and which addresses a card about it may hold. */
interface Source {
  readonly links: KnownLinks;
  /** In a posting, verbs list the duties of a role. */
  readonly isPosting: boolean;
}

/** So many words in a row are copied, not met by chance; a shorter sentence, of three or more, as a whole. */
const run = 6;
const shortest = 3;
/** How much of a document is searched for what was copied of it, in characters. */
const reach = 200_000;

/** Why a sentence of a document is not quoted: it has a link that is not known, or tells its reader what to do. */
export function foreignFault(
  text: string,
  { links, isPosting }: Source,
): Extract<Fault, "unknown-link" | "addresses-reader"> | null {
  if (unknownLinksIn(text, links).length > 0) return "unknown-link";
  return hasInstruction(text, { isPosting }) ? "addresses-reader" : null;
}

/** A document without the sentences that are not quoted, letter by letter: all others stand where they stood. */
export function withoutForeign(
  text: string,
  { links, isPosting }: Source,
): string {
  const left = blanked(
    text,
    (sentence) =>
      isInstruction(sentence, { isPosting }) ||
      unknownLinksIn(sentence, links).length > 0,
  );
  // Tags spell out letters that nobody sees but a model.
  return left.replace(/[\u{e0000}-\u{e007f}]/gu, "  ");
}

/** A document's title as a card may show it; where it tells its reader what to do, or nothing is left, `otherwise`. */
export function eventTitle(
  title: string,
  {
    links,
    otherwise,
  }: { readonly links: KnownLinks; readonly otherwise: string },
): string {
  const left = withoutUnknownLinks(title, links);
  // A headline may ask.
  const told = left.replace(/[?？\s]+$/u, "");
  return told === "" || isInstruction(told) ? otherwise : left;
}

/**
 * Whether a text that was made up repeats what these documents say and none of the quotes does: six words in a row,
 * or a shorter sentence whole. `allowed` is what it may repeat.
 */
export function copiesFrom(
  text: string,
  documents: readonly string[],
  allowed: readonly string[],
): boolean {
  const ours = spaced(allowed.join("\n"));
  const runs = runsOf(text).filter((one) => !ours.includes(one));
  if (runs.length === 0) return false;
  return documents
    .map((document) => spaced(document.slice(0, reach)))
    .some((document) => runs.some((one) => document.includes(one)));
}

function runsOf(text: string): readonly string[] {
  return normal(text)
    .split(/[.!?…。！？\n]+/u)
    .flatMap((sentence) => {
      const words = wordsOf(sentence);
      if (words.length < shortest) return [];
      const length = Math.min(run, words.length);
      return words
        .slice(0, words.length - length + 1)
        .map((_, i) => ` ${words.slice(i, i + length).join(" ")} `);
    });
}

function spaced(text: string): string {
  return ` ${wordsOf(normal(text)).join(" ")} `;
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{Nd}]+/gu) ?? [];
}

const common = new Set(
  "about above after again against also always among another around because been before being below between both cannot could does doing down during each even ever every from further have having hello here hers himself into itself just least less like made make many more most much must myself never only other ours over same shall should since some such than that thats their theirs them then there these they this those through under until upon very want were what when where which while will with within without would your yours yourself".split(
    " ",
  ),
);

/** Whether a text has no longer word in common with what it should be about, by the words' beginnings. */
export function isOffTopic(text: string, about: readonly string[]): boolean {
  const known = new Set(about.flatMap(stemsOf));
  return !stemsOf(text).some((stem) => known.has(stem));
}

function stemsOf(text: string): readonly string[] {
  return (
    normal(text)
      .toLowerCase()
      .match(/\p{L}{4,}/gu) ?? []
  )
    .filter((word) => !common.has(word))
    .map((word) => word.slice(0, 5));
}
