import validator from "validator";
import { withoutGrouping } from "./candidates.ts";

/** The start of an IBAN: a country and two check digits (ISO 13616). */
const beginning =
  /(?<![\p{L}\p{Nd}])[a-z]{2}\d{2}(?=[ \u00a0\u202f-]?[a-z\d])/giu;

/** IBANs have 15 to 34 characters, in print in groups of four. */
const shortest = 15;
const rest = /(?:[ \u00a0\u202f-]?[a-z\d]){11,30}(?![\p{L}\p{Nd}])/iuy;

/** Replaces IBANs by `[iban]`: those with their country's length and valid check digits. */
export function redactIbans(text: string): string {
  let out = "";
  let done = 0;
  for (const match of text.matchAll(beginning)) {
    if (match.index < done) continue;
    const end = findEnd(text, match.index, match.index + match[0].length);
    if (end === null) continue;
    out += `${text.slice(done, match.index)}[iban]`;
    done = end;
  }
  return out + text.slice(done);
}

/** The end of the IBAN that starts there; words that look like further groups may follow it. */
function findEnd(text: string, start: number, from: number): number | null {
  rest.lastIndex = from;
  const [found] = rest.exec(text) ?? [""];
  for (let length = found.length; length >= 11; length--) {
    const next = found.charAt(length);
    if (next !== "" && /[a-z\d]/iu.test(next)) continue;
    const number = withoutGrouping(
      text.slice(start, from + length),
    ).toUpperCase();
    if (number.length < shortest) return null;
    if (validator.isIBAN(number)) return from + length;
  }
  return null;
}
