import type { Redactor } from "../../../ports/reading.ts";
import { redactCards } from "./cards.ts";
import { redactEmails } from "./emails.ts";
import { redactIbans } from "./ibans.ts";
import { redactIpAddresses } from "./ipAddresses.ts";
import { redactPhones } from "./phones.ts";
import { redactSocialSecurity } from "./socialSecurity.ts";

/** Identifiers with check digits first, so that looser shapes do not tear them apart. */
const steps: readonly ((text: string) => string)[] = [
  redactEmails,
  redactIbans,
  redactCards,
  redactSocialSecurity,
  redactPhones,
  redactIpAddresses,
];

/** Replaces what identifies or reaches a person by its kind, also inside URL-encoded addresses. Takes time linear in the text. */
export function redactor(): Redactor {
  return { redact };
}

/** Two or three rounds do for any text that was not made to need more. */
const maxRounds = 12;

function redact(text: string): string {
  let before = text;
  // A number found late may stand beside another one.
  for (let round = 0; round < maxRounds; round++) {
    const after = redactEscaped(redactPlain(before));
    if (after === before) break;
    before = after;
  }
  return before;
}

function redactPlain(text: string): string {
  return steps.reduce((rest, step) => step(rest), text);
}

/** Redacts words that contain personal data once decoded; all others stay as they are. */
function redactEscaped(text: string): string {
  const isEscaped = /%[0-9a-f]{2}/iu.test(text);
  if (!isEscaped && !(text.includes("?") && text.includes("+"))) return text;
  return text.replace(/\S+/gu, (word) => {
    const read = unescapeWord(word);
    const clean = read === word ? word : redactPlain(read);
    return clean === read ? word : clean;
  });
}

/** An address in another's query is encoded once more, and so on. */
const maxEscapes = 3;

/** Decodes a word as the server that receives it does; what cannot be decoded stays. */
function unescapeWord(word: string): string {
  const query = word.indexOf("?");
  let read =
    query === -1
      ? word
      : word.slice(0, query) + word.slice(query).replaceAll("+", " ");
  for (let depth = 0; depth < maxEscapes; depth++) {
    const before = read;
    read = before.replace(/(?:%[0-9a-f]{2})+/giu, decodeBytes);
    if (read === before) break;
  }
  return read;
}

function decodeBytes(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
}
