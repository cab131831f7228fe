import { z } from "zod";
import { stamps } from "./document.ts";
import { sha256 } from "./hash.ts";
import { SignalId, SnapshotId } from "./ids.ts";
import { Instant } from "./instant.ts";

/** A verbatim quote, and where in which archived text it stands. Read through the API only, each reading audited. */
export const Evidence = z
  .object({
    ...stamps,
    signalId: SignalId,
    snapshotId: SnapshotId,
    /** Offsets into the snapshot's text, in UTF-16 units; `start` included, `end` not. */
    start: z.int().nonnegative(),
    end: z.int().positive(),
    quote: z.string().min(1).max(2000),
    quoteHash: z.string(),
    url: z.string().nullable(),
    title: z.string(),
    publisher: z.string(),
    publishedAt: Instant,
    fetchedAt: Instant,
    licence: z.string(),
    language: z.string(),
  })
  .refine((e) => sha256(e.quote) === e.quoteHash, { path: ["quote"], message: "is not the quote that was verified" });
export type Evidence = z.infer<typeof Evidence>;

/** What a card keeps of its evidence: enough to prove that nobody changed it, not the quote itself. */
export const EvidenceRef = z.object({
  id: z.string().min(1).max(100),
  signalId: SignalId,
  snapshotId: SnapshotId,
  start: z.int().nonnegative(),
  end: z.int().positive(),
  quoteHash: z.string(),
});
export type EvidenceRef = z.infer<typeof EvidenceRef>;

/** A sentence of a card and what stands behind it. */
export const Claim = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("FOUND"), id: z.string(), text: z.string().min(1).max(2000), evidenceId: z.string() }),
  z.object({ kind: z.literal("CALCULATED"), id: z.string(), text: z.string().min(1).max(1000), formula: z.string().min(1).max(500) }),
  z.object({ kind: z.literal("INFERRED"), id: z.string(), text: z.string().min(1).max(1000), basis: z.array(z.string()).min(1).max(10) }),
]);
export type Claim = z.infer<typeof Claim>;
export type FoundClaim = Extract<Claim, { kind: "FOUND" }>;

export type Fault =
  | "quote-not-in-snapshot"
  | "number-not-in-quote"
  | "name-not-in-quote"
  | "negation-differs"
  | "evidence-missing"
  | "basis-missing";

const numberPattern = /\p{Nd}+(?:[.,:/-]\p{Nd}+)*%?/gu;
const namePattern = /\p{Lu}[\p{L}\p{M}\p{Nd}'’&.-]*/gu;
const negationPattern = /\b(?:not|no|never|none|neither|nor|without|cannot)\b|n['’]t\b/giu;

/**
 * Whether a FOUND claim stands: its quote is, character for character, what the snapshot has at
 * its offsets, and every number, date, amount and capitalised word of the claim occurs in the quote,
 * and both negate equally often. Lower-case paraphrase is not checked: a verbatim quote is
 * no proof of entailment.
 */
export function faultOf(claim: FoundClaim, evidence: Pick<Evidence, "start" | "end" | "quote"> | undefined, snapshotText: string): Fault | null {
  if (evidence === undefined) return "evidence-missing";
  if (snapshotText.slice(evidence.start, evidence.end) !== evidence.quote) return "quote-not-in-snapshot";
  const numbers = new Set(evidence.quote.match(numberPattern));
  if (tokens(claim.text, numberPattern).some((number) => !numbers.has(number))) return "number-not-in-quote";
  const words = new Set(tokens(evidence.quote, namePattern).map(bare));
  const lowerWords = new Set(evidence.quote.toLowerCase().match(/[\p{L}\p{M}\p{Nd}'’&.-]+/gu)?.map(bare));
  const unknown = [...claim.text.matchAll(namePattern)].some((match) => {
    const word = bare(match[0]);
    // The first word of a sentence is capitalised whatever it is: there the case does not count.
    return startsSentence(claim.text, match.index) ? !lowerWords.has(word.toLowerCase()) : !words.has(word);
  });
  if (unknown) return "name-not-in-quote";
  if (tokens(claim.text, negationPattern).length !== tokens(evidence.quote, negationPattern).length) return "negation-differs";
  return null;
}

function tokens(text: string, pattern: RegExp): readonly string[] {
  return text.match(pattern) ?? [];
}

function bare(word: string): string {
  return word.replace(/['’]s$/u, "").replace(/[.'’-]+$/u, "");
}

function startsSentence(text: string, index: number): boolean {
  return /(?:^|[.!?:]["”’)]*)\s*["“‘(]*$/u.test(text.slice(0, index));
}

/** The proof that this verifier saw these very claims and quotes; a card whose parts give another receipt cannot be written. */
export function receiptOf(claims: readonly Claim[], evidence: readonly EvidenceRef[]): string {
  return sha256(JSON.stringify([verifierVersion, claims.map(claimParts), evidence.map(evidenceParts)]));
}

export const verifierVersion = "1";

function claimParts(claim: Claim): readonly unknown[] {
  const support = claim.kind === "FOUND" ? claim.evidenceId : claim.kind === "CALCULATED" ? claim.formula : claim.basis;
  return [claim.kind, claim.id, claim.text, support];
}

function evidenceParts(e: EvidenceRef): readonly unknown[] {
  return [e.id, e.signalId, e.snapshotId, e.start, e.end, e.quoteHash];
}
