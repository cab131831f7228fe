import {
  afterPlaceholder,
  type Candidate,
  replaceShapes,
  separator,
  type Shape,
  withoutGrouping,
} from "./candidates.ts";

const left = String.raw`(?<![\p{L}\p{Nd}_$€£¥]|[\p{Nd}][.,\-–/])`;
const right = String.raw`(?![\p{L}\p{Nd}_%]|[.,\-–/:][\p{Nd}])`;

function shape(pattern: string, is: Shape["is"]): Shape {
  return { pattern: new RegExp(`${left}${pattern}${right}`, "gu"), is };
}

const shapes: readonly Shape[] = [
  shape(String.raw`\d{3}([\-\u2010-\u2013])\d{2}\1\d{4}`, isIssued),
  shape(String.raw`\d{3}${separator}?\d{2}${separator}?\d{4}`, isCalled),
];

/**
 * Numbers that may have been issued: no area is 000, 666 or above 899, no group 00, no serial number 0000 (Social
 * Security Administration, POMS RM 10201.035). From 900 on, those with these groups are individual taxpayer
 * numbers (Internal Revenue Manual 3.21.263).
 */
const issued =
  /^(?!000|666)(?:[0-8]\d{2}(?!00)\d{2}|9\d{2}(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9]))(?!0000)\d{4}$/u;

const called =
  /(?<!\p{L})(?:ssn|itin|soc(?:ial)?[ .-]{1,2}sec(?:urity)?|taxpayer id)(?!\p{L})[^\p{Nd}]{0,20}$/iu;

const calledAfter = /^[^\p{Nd}.;!?\n]{0,12}(?<!\p{L})(?:ssn|itin|social)/iu;

/** Replaces US social security numbers by `[ssn]`: those with dashes that may have been issued, and any that the text calls one. */
export function redactSocialSecurity(text: string): string {
  return replaceShapes(text, "[ssn]", shapes);
}

function isIssued({ found }: Candidate): boolean {
  return issued.test(withoutGrouping(found));
}

function isCalled({ before, after }: Candidate): boolean {
  return called.test(afterPlaceholder(before)) || calledAfter.test(after);
}
