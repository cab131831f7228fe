import validator from "validator";
import {
  afterPlaceholder,
  type Candidate,
  replaceShapes,
  separator,
  type Shape,
  withoutGrouping,
} from "./candidates.ts";

/** Not inside a longer number or a word, and not an amount. */
const left = String.raw`(?<![\p{L}\p{Nd}$€£¥]|\p{Nd}[.,])`;
const right = String.raw`(?![\p{L}\p{Nd}%]|[.,]\p{Nd})`;

function shape(pattern: string, is: Shape["is"]): Shape {
  return { pattern: new RegExp(`${left}${pattern}${right}`, "gu"), is };
}

/** The longest grouping first, so that a shorter one does not leave a rest. */
const shapes: readonly Shape[] = [
  shape(
    String.raw`\d{4}(${separator})\d{4}\1\d{4}\1\d{4}\1\d{3}`,
    isIssuedOrCalled,
  ),
  shape(String.raw`\d{4}(${separator})\d{4}\1\d{4}\1\d{4}`, isIssuedOrCalled),
  // American Express and Diners Club
  shape(String.raw`\d{4}(${separator})\d{6}\1\d{4,5}`, isIssuedOrCalled),
  shape(String.raw`\d{12,19}`, isIssuedOrCalled),
  // In any grouping, only next to a word for a card
  shape(String.raw`\d{1,6}(?:${separator}{1,2}\d{1,6}){1,9}`, isCalled),
];

/**
 * Payment card numbers by prefix and length (ISO/IEC 7812; the networks' published ranges). Numbers of 12 and 13
 * digits are left out: cards no longer have them, and products do.
 */
const issuedRanges: readonly RegExp[] = [
  // Visa
  /^4(?:\d{15}|\d{18})$/u,
  // Mastercard: 51 to 55 and 2221 to 2720
  /^(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}$/u,
  // American Express
  /^3[47]\d{13}$/u,
  // Diners Club
  /^3(?:0[0-59]|[689]\d)\d{11}(?:\d{2})?$/u,
  // JCB
  /^(?:(?:2131|1800)\d{11}|35(?:2[89]|[3-8]\d)\d{12,15})$/u,
  // Discover, RuPay
  /^(?:6011|64[4-9]\d|65\d{2}|60\d{2}|81\d{2}|82\d{2}|508\d)\d{12,15}$/u,
  // UnionPay
  /^62\d{14,17}$/u,
  // Maestro
  /^(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{12,15}$/u,
  // Mir
  /^220[0-4]\d{12,15}$/u,
];

const calledBefore =
  /(?<![\p{L}\p{Nd}])(?:cards?|cc|pan|visa|master ?card|amex|american express|maestro|discover|diners(?: club)?|jcb|unionpay|(?:kredit|giro)?karten?(?:nummer)?|carte(?: bancaire| bleue)?|tarjeta|carta)(?!\p{L})[^\p{Nd}]{0,20}$/iu;

const calledAfter = /^[^\p{Nd}.;!?\n]{0,12}(?<!\p{L})card/iu;

/** Replaces payment card numbers by `[card]`: those that an issuer may have given out, and others with a valid check digit where the text calls them a card. */
export function redactCards(text: string): string {
  return replaceShapes(text, "[card]", shapes);
}

function isIssuedOrCalled(candidate: Candidate): boolean {
  const number = withoutGrouping(candidate.found);
  if (!validator.isLuhnNumber(number)) return false;
  return (
    issuedRanges.some((range) => range.test(number)) || isCalled(candidate)
  );
}

function isCalled({ found, before, after }: Candidate): boolean {
  const number = withoutGrouping(found);
  return (
    /^\d{12,19}$/u.test(number) &&
    validator.isLuhnNumber(number) &&
    (calledBefore.test(afterPlaceholder(before)) || calledAfter.test(after))
  );
}
