import { PermanentError } from "../../domain/kernel/errors.ts";

/** Vendors nest some ten levels; deeper JSON was made to fill the memory. */
const maxLevels = 64;

/** Each value takes some 50 bytes or more; a board's list of 3,000 postings has about 100,000. */
const maxValues = 1_000_000;

/**
 * Parses JSON from outside, after a check of its size. Throws a SyntaxError where it is not JSON, and
 * PermanentError where it nests deeper than 64 levels ("bad-answer") or has more than a million values
 * ("too-large").
 */
export function parseJson(text: string): unknown {
  const excess = findExcess(text);
  if (excess !== null) throw excess;
  return JSON.parse(text);
}

// Character codes: this runs over each character of up to 30 MB.
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBrace = 0x7b;
const openBracket = 0x5b;
const closeBrace = 0x7d;
const closeBracket = 0x5d;

function findExcess(json: string): PermanentError | null {
  // Anything else is a single value, or not JSON.
  if (!/^\s*[[{]/u.test(json)) return null;
  let level = 0;
  let values = 0;
  for (let at = 0; at < json.length; at++) {
    const mark = json.charCodeAt(at);
    if (mark === quote) at = findStringEnd(json, at);
    else if (mark === closeBrace || mark === closeBracket) level--;
    else if (mark === openBrace || mark === openBracket) {
      values++;
      if (++level > maxLevels) return tooDeepError();
    } else if (mark === comma) values++;
    if (values > maxValues) return tooManyError();
  }
  return null;
}

function tooDeepError(): PermanentError {
  return new PermanentError(
    "bad-answer",
    `The JSON nests more than ${maxLevels} levels`,
  );
}

function tooManyError(): PermanentError {
  return new PermanentError(
    "too-large",
    `The JSON has more than ${maxValues} values`,
  );
}

function findStringEnd(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length) {
    const mark = json.charCodeAt(at);
    if (mark === quote) return at;
    at += mark === backslash ? 2 : 1;
  }
  return at;
}
