import { z } from "zod";
import { compute, digitsIn } from "../cards/arithmetic.ts";
import { type Claim, findFault } from "../cards/claims.ts";
import { locateQuote } from "../text/quotes.ts";
import {
  addsName,
  addsNumber,
  type Wording,
  readWording,
} from "../text/wording.ts";

/** Positions of claims in the same answer, starting at 1. */
const basis = z.array(z.int()).min(1).max(10);

/**
 * The form that a model's answer must have: a card whose claims name their support. Anything longer or different is
 * rejected.
 */
export const CardAnswer = z.object({
  title: z.string().min(1).max(200),
  claims: z
    .array(
      z.discriminatedUnion("kind", [
        z.object({
          kind: z.literal("FOUND"),
          text: z.string().min(1).max(1000),
          document: z.int(),
          quote: z.string().min(1).max(1500),
        }),
        z.object({
          kind: z.literal("CALCULATED"),
          text: z.string().min(1).max(1000),
          formula: z.string().min(1).max(300),
          basis,
        }),
        z.object({
          kind: z.literal("INFERRED"),
          text: z.string().min(1).max(1000),
          basis,
        }),
      ]),
    )
    .min(1)
    .max(12),
  outreach: z
    .array(
      z.object({
        channel: z.enum(["email", "call"]),
        subject: z.string().min(1).max(200),
        body: z.string().min(1).max(3000),
      }),
    )
    .max(3),
});
export type CardAnswer = z.infer<typeof CardAnswer>;
type Answered<K extends Claim["kind"]> = Extract<
  CardAnswer["claims"][number],
  { kind: K }
>;

/** What an answer is checked against: the documents as shown, and what else may be mentioned. */
export interface Material<Id> {
  readonly documents: readonly {
    readonly id: Id;
    readonly title: string;
    readonly text: string;
  }[];
  /** Names, playbook, assets: words that a card may use without a quote. */
  readonly known: readonly string[];
}

/** An answer with its quotes located, and without anything unsupported. */
export interface Vetted<Id> {
  /** Null where it mentions something that is not in the material. */
  readonly title: string | null;
  readonly claims: readonly Claim[];
  readonly quotes: readonly {
    readonly id: string;
    readonly signalId: Id;
    readonly quote: string;
    readonly start: number;
    readonly end: number;
  }[];
  readonly outreach: CardAnswer["outreach"];
}

/** Words that a letter needs and no evidence contains. */
const letterWords = "I I'm I'd I'll I've";

/**
 * Turns an answer into a draft. A quote that is not in its document gets offsets 0 and 0, so that the verifier
 * reports it; a FOUND claim that strays from the words of its quote becomes the quote; calculations are recomputed;
 * inferences, the title and the outreach may contain no number or name that is not in the material.
 */
export function vetAnswer<Id>(
  answer: CardAnswer,
  material: Material<Id>,
): Vetted<Id> {
  const quotes = locateQuotes(answer, material);
  const quotesById = new Map(quotes.map((quote) => [quote.id, quote]));
  const standing = new Map<number, string>();
  answer.claims.forEach((claim, i) => {
    const quote = quotesById.get(`q${i + 1}`);
    if (claim.kind !== "FOUND" || quote === undefined) return;
    const found = toFoundClaim(claim, i, quote.quote);
    const shown = material.documents[claim.document - 1]?.text ?? "";
    if (findFault(found, quote, shown) === null)
      standing.set(i + 1, quote.quote);
  });
  const known = readWording(
    [
      ...standing.values(),
      ...material.documents.map(({ title }) => title),
      ...material.known,
      letterWords,
    ].join("\n"),
  );
  const isCovered = (text: string) => covers(known, text);
  const rests = (claim: { readonly basis: readonly number[] }) =>
    claim.basis.every((n) => standing.has(n));

  const claims = answer.claims.flatMap((claim, i): readonly Claim[] => {
    const id = `c${i + 1}`;
    if (claim.kind === "FOUND") {
      const quote = quotesById.get(`q${i + 1}`)?.quote ?? claim.quote;
      return [toFoundClaim(claim, i, quote)];
    }
    if (!rests(claim)) return [];
    const ofBasis = claim.basis.map((n) => standing.get(n) ?? "").join("\n");
    if (claim.kind === "CALCULATED") {
      const { kind, text, formula } = claim;
      const holds = isCalculated(claim, ofBasis, known);
      return holds ? [{ kind, id, text, formula }] : [];
    }
    const { kind, text } = claim;
    const ids = claim.basis.map((n) => `c${n}`);
    return isCovered(text) ? [{ kind, id, text, basis: ids }] : [];
  });
  return {
    title: isCovered(answer.title) ? answer.title : null,
    claims,
    quotes,
    outreach: answer.outreach.filter(
      ({ subject, body }) => isCovered(subject) && isCovered(body),
    ),
  };
}

/** The quotes of the answer's FOUND claims, each where its document has it. */
function locateQuotes<Id>(
  answer: CardAnswer,
  material: Material<Id>,
): Vetted<Id>["quotes"] {
  return answer.claims.flatMap((claim, i) => {
    if (claim.kind !== "FOUND") return [];
    const document = material.documents[claim.document - 1];
    if (document === undefined) return [];
    const span = locateQuote(claim.quote, document.text) ?? {
      start: 0,
      end: 0,
    };
    const quote =
      span.end > 0 ? document.text.slice(span.start, span.end) : claim.quote;
    return [{ id: `q${i + 1}`, signalId: document.id, quote, ...span }];
  });
}

function toFoundClaim(
  claim: Answered<"FOUND">,
  i: number,
  quote: string,
): Extract<Claim, { kind: "FOUND" }> {
  const text = strays(claim.text, quote) ? quote : claim.text;
  return { kind: "FOUND", id: `c${i + 1}`, text, evidenceId: `q${i + 1}` };
}

/**
 * Whether fewer than half of a claim's longer words match words of its quote by their beginnings. A claim without
 * longer words must be part of the quote.
 */
function strays(text: string, quote: string): boolean {
  const stems = (from: string) =>
    (from.toLowerCase().match(/\p{L}{4,}/gu) ?? []).map((w) => w.slice(0, 5));
  const said = stems(text);
  const quoted = new Set(stems(quote));
  if (said.length === 0) return !quote.includes(text);
  return said.filter((stem) => quoted.has(stem)).length * 2 < said.length;
}

/**
 * Whether a text's numbers and names are known; the first word of a sentence is not taken for a name, since it is
 * capitalised anyway.
 */
function covers(known: Wording, text: string): boolean {
  const said = readWording(text);
  const words = said.words.filter(({ startsSentence }) => !startsSentence);
  return !addsNumber(said, known) && !addsName({ ...said, words }, known);
}

/**
 * Whether the quotes contain the formula's numbers (100 is for percentages), and the text states the result and no
 * number other than the formula's.
 */
function isCalculated(
  { text, formula }: Answered<"CALCULATED">,
  quotes: string,
  known: Wording,
): boolean {
  const computed = compute(formula);
  if (computed === null) return false;
  const given = new Set([...digitsIn(quotes), "100"]);
  if (!computed.operands.every((operand) => given.has(operand))) return false;
  const isResult = (number: string) => {
    const decimals = number.split(".")[1]?.length ?? 0;
    return Math.abs(computed.value).toFixed(decimals) === number;
  };
  const numbers = digitsIn(text);
  const units = new Set(["", "%", ...readWording(quotes).numbers.map(toUnit)]);
  const said = readWording(text).numbers;
  return (
    numbers.some(isResult) &&
    numbers.every((n) => isResult(n) || computed.operands.includes(n)) &&
    said.every((n) => !/\d/u.test(n) || units.has(toUnit(n))) &&
    covers(known, text.replaceAll(/\p{Sc}?\d[\d,.]*(?: ?[mb]illion)?/gu, ""))
  );
}

/** `$million` from `$20million`. */
function toUnit(number: string): string {
  return number.replaceAll(/[\d.,:/-]/gu, "");
}
