import { z } from "zod";
import { stamps } from "../kernel/document.ts";
import { sha256 } from "../kernel/hash.ts";
import { SignalId, SnapshotId } from "../kernel/ids.ts";
import { Instant } from "../kernel/instant.ts";
import { addsName, addsNumber, readWording } from "../text/wording.ts";

/** A verbatim quote, with its archived text and position there. */
export const Evidence = z
  .object({
    signalId: SignalId,
    snapshotId: SnapshotId,
    /** Offsets into the snapshot's text, in UTF-16 units; `start` inclusive, `end` exclusive. */
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
  .refine((e) => sha256(e.quote) === e.quoteHash, {
    path: ["quote"],
    message: "is not the quote that was verified",
  })
  .refine((e) => e.end - e.start === e.quote.length, {
    path: ["end"],
    message: "does not fit the length of the quote",
  });
export type Evidence = z.infer<typeof Evidence>;

/**
 * All quotes of one card by their ids, in one document: writing a card takes the same number of operations however
 * much it quotes. Read only through the API, which audits each reading.
 */
export const CardEvidence = z.object({
  ...stamps,
  quotes: z.record(z.string(), Evidence),
});
export type CardEvidence = z.infer<typeof CardEvidence>;

/** What a card keeps of its evidence: enough to prove that nobody changed it, but not the quote itself. */
export const EvidenceRef = z.object({
  id: z.string().min(1).max(100),
  signalId: SignalId,
  snapshotId: SnapshotId,
  start: z.int().nonnegative(),
  end: z.int().positive(),
  quoteHash: z.string(),
});
export type EvidenceRef = z.infer<typeof EvidenceRef>;

/** A sentence of a card and what supports it. */
export const Claim = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("FOUND"),
    id: z.string(),
    text: z.string().min(1).max(2000),
    evidenceId: z.string(),
  }),
  z.object({
    kind: z.literal("CALCULATED"),
    id: z.string(),
    text: z.string().min(1).max(1000),
    formula: z.string().min(1).max(500),
  }),
  z.object({
    kind: z.literal("INFERRED"),
    id: z.string(),
    text: z.string().min(1).max(1000),
    basis: z.array(z.string()).min(1).max(10),
  }),
]);
export type Claim = z.infer<typeof Claim>;
export type FoundClaim = Extract<Claim, { kind: "FOUND" }>;

export type Fault =
  | "quote-not-in-snapshot"
  | "number-not-in-quote"
  | "name-not-in-quote"
  | "negation-differs"
  | "evidence-missing"
  | "unknown-link"
  | "addresses-reader"
  | "words-not-quoted"
  | "off-topic"
  | "basis-missing";

/**
 * What is wrong with a FOUND claim; it stands if its quote is, character for character, the snapshot's text at its
 * offsets, every number, date, amount and capitalised word of the claim occurs in the quote, and both negate equally
 * often. Does not check lower-case paraphrase or names that swap places: a verbatim quote is no proof of entailment.
 */
export function findFault(
  claim: FoundClaim,
  evidence: Pick<Evidence, "start" | "end" | "quote"> | undefined,
  snapshotText: string,
): Fault | null {
  if (evidence === undefined) return "evidence-missing";
  if (!standsAt(evidence, snapshotText)) return "quote-not-in-snapshot";
  const said = readWording(claim.text);
  const quoted = readWording(evidence.quote);
  if (addsNumber(said, quoted)) return "number-not-in-quote";
  if (addsName(said, quoted)) return "name-not-in-quote";
  if (said.negations !== quoted.negations) return "negation-differs";
  return null;
}

/** An empty quote matches anywhere and proves nothing; `slice` counts negative offsets from the end. */
function standsAt(
  { start, end, quote }: Pick<Evidence, "start" | "end" | "quote">,
  snapshotText: string,
): boolean {
  return (
    start >= 0 &&
    end > start &&
    quote.trim() !== "" &&
    snapshotText.slice(start, end) === quote
  );
}

/**
 * The proof that this verifier saw exactly these claims and quotes; a card whose parts give another receipt cannot be
 * written. It starts with the verifier's version, so that cards of an earlier one stay readable.
 */
export function toReceipt(
  claims: readonly Claim[],
  evidence: readonly EvidenceRef[],
  version: string = verifierVersion,
): string {
  return `${version}.${sha256(JSON.stringify([version, claims.map(claimParts), evidence.map(evidenceParts)]))}`;
}

/** Whether a receipt matches these claims and quotes, by the verifier version that it names. */
export function isReceiptFor(
  receipt: string,
  claims: readonly Claim[],
  evidence: readonly EvidenceRef[],
): boolean {
  return (
    toReceipt(claims, evidence, receipt.slice(0, receipt.indexOf("."))) ===
    receipt
  );
}

/** Increases whenever a claim that used to stand may no longer. */
export const verifierVersion = "2";

function claimParts(claim: Claim): readonly unknown[] {
  const support =
    claim.kind === "FOUND"
      ? claim.evidenceId
      : claim.kind === "CALCULATED"
        ? claim.formula
        : claim.basis;
  return [claim.kind, claim.id, claim.text, support];
}

function evidenceParts(e: EvidenceRef): readonly unknown[] {
  return [e.id, e.signalId, e.snapshotId, e.start, e.end, e.quoteHash];
}
