import type { Redactor } from "../../../ports/reading.ts";
import { redactCards } from "./cards.ts";
import { redactEmails } from "./emails.ts";
import { redactIbans } from "./ibans.ts";
import { redactIpAddresses } from "./ipAddresses.ts";
import { redactPhones } from "./phones.ts";
import { redactSocialSecurity } from "./socialSecurity.ts";

/** In this order: what is checked by digits of its own first, so that looser shapes don't tear it. */
const steps: readonly ((text: string) => string)[] = [
  redactEmails,
  redactIbans,
  redactCards,
  redactSocialSecurity,
  redactPhones,
  redactIpAddresses,
];

/** Replaces what names or reaches a person by what it was, in time linear in the text; also within addresses that are escaped for a URL. */
export function redactor(): Redactor {
  return { redact };
}

/** Two or three are all that a text takes that was not made to take more. */
const maxRounds = 12;

function redact(text: string): string {
  let before = text;
  // A number found late may be what another one stands beside.
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

/** Words that hold something once they are unescaped are unescaped and redacted; all others stay as they are. */
function redactEscaped(text: string): string {
  const isEscaped = /%[0-9a-f]{2}/iu.test(text);
  if (!isEscaped && !(text.includes("?") && text.includes("+"))) return text;
  return text.replace(/\S+/gu, (word) => {
    const read = unescapeWord(word);
    const clean = read === word ? word : redactPlain(read);
    return clean === read ? word : clean;
  });
}

/** An address that stands in another's query is escaped once more, and that one's in its turn. */
const maxEscapes = 3;

/** A word as the server that it is sent to reads it: what cannot be unescaped stays. */
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
