import { splitSentences } from "../../../domain/text/chunks.ts";
import { foreignFault } from "../../../domain/prompts/foreignText.ts";
import type { Category } from "../../../domain/signals/signal.ts";
import type { Brief } from "../../../ports/writing.ts";

/** Sentences shorter say too little, longer ones are tables and lists that lost their shape; in characters. */
const shortest = 40;
const longest = 500;

/** How much of a long document is read for its telling sentences, in characters. */
const reach = 60_000;

const tellingWords: Readonly<Record<Category, RegExp>> = {
  leadership_change:
    /\b(?:resign\w*|appoint\w*|elect\w*|retire\w*|step\w* down|depart\w*|director|board|chief|officer|president)\b/giu,
  acquisition:
    /\b(?:acqui\w+|merger|merge|purchase|transaction|combin\w+|takeover)\b/giu,
  earnings:
    /\b(?:revenue|income|earnings|margin|quarter|guidance|results|growth|increase\w*|decrease\w*)\b/giu,
  funding:
    /\b(?:rais\w+|fund\w*|invest\w*|financing|notes|loan|credit|series)\b/giu,
  partnership:
    /\b(?:partner\w*|agreement|collaborat\w+|together|alliance|contract)\b/giu,
  product_launch:
    /\b(?:launch\w*|releas\w*|introduc\w*|unveil\w*|new|available|version|feature\w*)\b/giu,
  expansion:
    /\b(?:expan\w+|open\w*|new|office|region|market|plant|growth)\b/giu,
  hiring:
    /\b(?:team|role|hire|hiring|experience|build\w*|lead\w*|customers?|responsib\w+)\b/giu,
  restructuring:
    /\b(?:restructur\w+|layoff\w*|reduc\w+|workforce|severance|clos\w+|cost\w*)\b/giu,
  legal:
    /\b(?:court|lawsuit|settle\w*|claim\w*|regulat\w+|fine\w*|compl\w+)\b/giu,
  security_incident:
    /\b(?:breach\w*|incident|attack\w*|unauthori[sz]ed|data|vulnerab\w+|ransom\w*)\b/giu,
  governance:
    /\b(?:vote\w*|sharehold\w+|stockhold\w+|bylaws?|meeting|proposal\w*|auditor\w*)\b/giu,
  deal_event:
    /\b(?:stage|opportunity|amount|clos\w+|proposal|negotiat\w+|won|lost)\b/giu,
  engagement:
    /\b(?:rose|fell|grew|dropped|percent|sessions|views|clicks|spend|conversions|users)\b/giu,
  other: /\b(?:announc\w+|plan\w*|will|new)\b/giu,
};

/** Sentences of forms and boilerplate that tell nothing about the company. */
const boilerplate =
  /\b(?:pursuant to the requirements|check mark|forward-looking statements|securities registered|exact name of registrant|commission file number|cookie|privacy policy|subscribe|all rights reserved|equal opportunity employer|incorporated (?:herein )?by reference|foregoing (?:description|summary)|qualified in its entirety|without regard to)\b/iu;

/** A sentence worth quoting, where it stands in its signal's text, and how much it tells. */
export interface QuotableSentence {
  readonly signalId: Brief["signals"][number]["id"];
  readonly quote: string;
  readonly start: number;
  readonly end: number;
  readonly weight: number;
}

type Source = Brief["signals"][number];

/** The most telling sentences of a signal, the best first; at least one, where there is any text. */
export function findQuotableSentences(
  source: Source,
  brief: Brief,
  most: number,
): readonly QuotableSentence[] {
  const others = brief.signals.filter(({ id }) => id !== source.id);
  const seen = new Set<string>();
  const telling: QuotableSentence[] = [];
  for (const { text, start, end } of splitSentences(
    source.text.slice(0, reach),
  )) {
    if (text.length < shortest || text.length > longest || seen.has(text)) {
      continue;
    }
    seen.add(text);
    if (boilerplate.test(text) || isFaulty(text, brief)) continue;
    // What stands in several documents of one account is about none of them.
    if (others.some((other) => other.text.includes(text))) continue;
    if (!isSentence(text) || isTitle(text, source.data.title)) continue;
    if (isForeign(text, source, brief)) continue;
    const weight = weigh({ text, start }, source, brief);
    telling.push({ signalId: source.id, quote: text, start, end, weight });
  }
  if (telling.length === 0) return fragments(source, brief);
  return telling
    .sort((a, b) => b.weight - a.weight || a.start - b.start)
    .slice(0, most);
}

/** Whether a sentence speaks to its reader, or has a link that no card may hold. */
function isForeign(text: string, { data }: Source, { links }: Brief): boolean {
  return foreignFault(text, { links, isPosting: data.type === "job" }) !== null;
}

function isFaulty(text: string, { faults }: Brief): boolean {
  return faults.some(({ claim }) => claim === text);
}

/** A heading or a table's row is no sentence. */
function isSentence(text: string): boolean {
  if (text.includes("\t")) return false;
  return /[.!?。！？]["”’)\]]*$/u.test(text) && /\p{Ll}/u.test(text);
}

function isTitle(text: string, title: string): boolean {
  return sharedWords(text, title) > 0.8;
}

function weigh(
  { text, start }: { readonly text: string; readonly start: number },
  { data }: Source,
  { account, note }: Brief,
): number {
  const words = text.toLowerCase().match(tellingWords[data.category]) ?? [];
  const told = Math.min(4, new Set(words).size);
  const names = [account.name, ...account.aliases];
  const named = names.some((name) => text.includes(name)) ? 1 : 0;
  const figures = text.match(/\d[\d.,]*|[$€£]/gu) ?? [];
  const wanted = note === null ? 0 : 3 * sharedWords(note, text);
  // Two capitalised words in a row: a person, a product, a place.
  const someone = /\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+/u.test(text) ? 0.5 : 0;
  const titled = 2 * sharedWords(data.title, text);
  const early = 1 / (1 + start / 2000);
  const counted = Math.min(2, figures.length) / 2;
  return told + named + someone + counted + wanted + titled + early;
}

/** The share of the longer words of `a` that occur in `b`. */
function sharedWords(a: string, b: string): number {
  const words = [...new Set(a.toLowerCase().match(/\p{L}{4,}/gu) ?? [])];
  const other = b.toLowerCase();
  if (words.length === 0) return 0;
  return words.filter((word) => other.includes(word)).length / words.length;
}

/** A document of nothing but fragments: its longest stretch is better than silence. */
function fragments(source: Source, brief: Brief): readonly QuotableSentence[] {
  const { id, text } = source;
  const stretch = splitSentences(text.slice(0, reach))
    .toSorted((a, b) => b.text.length - a.text.length)
    .find((sentence) => {
      const said = sentence.text.slice(0, longest);
      return !isFaulty(said, brief) && !isForeign(said, source, brief);
    });
  if (stretch === undefined) return [];
  const quote = stretch.text.slice(0, longest);
  const { start } = stretch;
  const end = start + quote.length;
  return [{ signalId: id, quote, start, end, weight: 0 }];
}
