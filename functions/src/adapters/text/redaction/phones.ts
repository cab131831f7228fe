import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import {
  afterPlaceholder,
  type Candidate,
  replaceShapes,
  type Shape,
} from "./candidates.ts";

const gap = String.raw`[ \t\u00a0.\-–/]`;
/** Not inside a longer number or a word, and not an amount of money. */
const left = String.raw`(?<![\p{L}\p{Nd}_$€£¥@]|[\p{Nd}][.,\-–/])`;
const right = String.raw`(?![\p{L}\p{Nd}_%]|[.,\-–/:][\p{Nd}])`;
const extension = String.raw`(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?`;

/** Every shape is bounded, and no two parts can match the same characters, so a scan takes time linear in the text. */
function shape(pattern: string, is: Shape["is"]): Shape {
  const whole = `${left}${pattern}${extension}${right}`;
  return { pattern: new RegExp(whole, "giu"), is };
}

/** Plain numbers first, so that looser shapes do not tear them apart. */
const shapes: readonly Shape[] = [
  // +44 20 7946 0018, +1-604-696-5272x565, 001-518-640-0854
  shape(
    String.raw`(?:\+|00)\d(?:[ \t\u00a0.\-–/()]{0,3}\d){6,14}`,
    isInternational,
  ),
  // (650) 543-4800 and 1-650-543-4800 (North American Numbering Plan)
  shape(
    String.raw`(?:\+?1[ .\-])?\([2-9]\d{2}\)\s{0,2}\d{3}[ .\-–]\d{4}`,
    () => true,
  ),
  shape(String.raw`(?:1[.\-–])?[2-9]\d{2}[.\-–]\d{3}[.\-–]\d{4}`, () => true),
  shape(String.raw`[2-9]\d{2} [2-9]\d{2} \d{4}`, isNorthAmerican),
  // 03.93.92.16.85, 0494 92 82 32, 07700 063 966: with the trunk prefix of most countries
  shape(String.raw`\(?0[1-9]\d{0,4}\)?(?:${gap}{1,3}\d{2,8}){1,5}`, isNational),
  // 467 3395, 60-56-85-91, (37) 788-063: only next to a word for a phone
  shape(
    String.raw`\(?\d{2,5}\)?(?:${gap}{1,2}\(?\d{2,7}\)?){1,5}`,
    isCalledPhone,
  ),
  // 9498777106: only right after a label
  shape(String.raw`\d{7,13}`, isLabelled),
];

/** Replaces phone numbers by `[phone]`: those in international or North American form, and others where the text says what they are. */
export function redactPhones(text: string): string {
  return replaceShapes(text, "[phone]", shapes);
}

function isInternational({ found }: Candidate): boolean {
  const number = found.replace(/^00/u, "+").replace("(0)", "");
  return parsePhoneNumberFromString(number)?.isPossible() === true;
}

function isNorthAmerican({ found }: Candidate): boolean {
  return parsePhoneNumberFromString(found, "US")?.isValid() === true;
}

function isNational({ found }: Candidate): boolean {
  const digits = countDigits(found);
  // 021-326166 and the like are file numbers of the SEC.
  const isFile = /^0[0-3]\d-\d{5,6}$/u.test(found);
  return digits >= 9 && digits <= 12 && !isFile && !isSomethingElse(found);
}

const thing = String.raw`(?:tele)?phones?|tel|mobile|cell(?:ular|phone)?|(?:tele)?fax|hotline|pager|whatsapp|telefon|téléphone|teléfono|móvil|handy|mobil`;
const place = String.raw`desk|office|home|work|direct`;
const deed = String.raw`call(?:ed|ing|s)?|dial(?:led|ed|ing)?|ring|reach(?:ed)?|text(?:ed)?|sms|answering|receiving messages|messages? to|registered|contact(?:ed)?|(?:my|our|your|his|her|their) number`;
const calledBefore = new RegExp(
  String.raw`(?<!\p{L})(?:${thing}|${deed})(?!\p{L})[^\p{Nd}]{0,20}$`,
  "iu",
);
const label = new RegExp(
  String.raw`(?<!\p{L})(?:${thing}|(?:${place})(?=\W{1,4}$))(?: (?:number|no\.?|is|at)){0,3}[\s:.#=-]{1,4}$`,
  "iu",
);
const labelAfter = new RegExp(
  String.raw`^\s{0,2}[-(]?\s?(?:${thing}|${place})(?!\p{L})`,
  "iu",
);
/** "781 1704 or 467 3395": if the first is a phone number, so is the second. */
const isNextToPhone =
  /\[phone\]\s?(?:,|;|\/|\||or|and|oder|und|ou|et|o|y)\s?$/iu;

function isCalledPhone({ found, before, after }: Candidate): boolean {
  const digits = countDigits(found);
  if (digits < 7 || digits > 13 || isSomethingElse(found)) return false;
  const said = afterPlaceholder(before);
  return (
    calledBefore.test(said) ||
    label.test(said) ||
    labelAfter.test(after) ||
    isNextToPhone.test(before)
  );
}

function isLabelled({ before }: Candidate): boolean {
  return label.test(afterPlaceholder(before));
}

/** Whether it is a date, adjacent years, an identity or file number, a ZIP code, or an IP address. */
function isSomethingElse(found: string): boolean {
  return (
    /^(?:19|20)\d{2}[.\-–/ ]\d{1,2}(?:[.\-–/ ]\d{1,2})?(?!\d)/u.test(found) ||
    /^\d{1,2}[.\-–/ ]\d{1,2}[.\-–/ ](?:19|20)\d{2}(?!\d)/u.test(found) ||
    /^(?:(?:19|20)\d{2}[ \t\-–/]*)+$/u.test(found) ||
    /^(?:\d{3}-\d{2}-\d{4}|\d{3}-\d{5}|\d{2}-\d{7}|\d{5}-\d{3,4}|\d{10}-\d{2}-\d{6})$/u.test(
      found,
    ) ||
    (/^\d{1,3}(?:\.\d{1,3}){3}$/u.test(found) &&
      !/^\d{2}(?:\.\d{2}){3}$/u.test(found))
  );
}

function countDigits(text: string): number {
  return text.replace(/\D/gu, "").length;
}
