import type { Redactor } from "../../../ports/reading.ts";
import { withoutCards } from "./cards.ts";
import { withoutEmails } from "./emails.ts";
import { withoutIbans } from "./ibans.ts";
import { withoutIpAddresses } from "./ipAddresses.ts";
import { withoutPhones } from "./phones.ts";
import { withoutSocialSecurity } from "./socialSecurity.ts";

/** In this order: what is checked by digits of its own first, so that looser shapes don't tear it. */
const steps: readonly ((text: string) => string)[] = [
  withoutEmails,
  withoutIbans,
  withoutCards,
  withoutSocialSecurity,
  withoutPhones,
  withoutIpAddresses,
];

/** Replaces what names or reaches a person by what it was, in time linear in the text; also within addresses that are escaped for a URL. */
export function redactor(): Redactor {
  return { redact };
}

/** Two or three are all that a text takes that was not made to take more. */
const mostRounds = 12;

function redact(text: string): string {
  let before = text;
  // A number found late may be what another one stands beside.
  for (let round = 0; round < mostRounds; round++) {
    const after = withoutEscaped(plainly(before));
    if (after === before) break;
    before = after;
  }
  return before;
}

function plainly(text: string): string {
  return steps.reduce((rest, step) => step(rest), text);
}

/** Words that hold something once they are unescaped are unescaped and redacted; all others stay as they are. */
function withoutEscaped(text: string): string {
  const isEscaped = /%[0-9a-f]{2}/iu.test(text);
  if (!isEscaped && !(text.includes("?") && text.includes("+"))) return text;
  return text.replace(/\S+/gu, (word) => {
    const read = unescaped(word);
    const clean = read === word ? word : plainly(read);
    return clean === read ? word : clean;
  });
}

/** An address that stands in another's query is escaped once more, and that one's in its turn. */
const deepest = 3;

/** A word as the server that it is sent to reads it: what cannot be unescaped stays. */
function unescaped(word: string): string {
  const query = word.indexOf("?");
  let read =
    query === -1
      ? word
      : word.slice(0, query) + word.slice(query).replaceAll("+", " ");
  for (let depth = 0; depth < deepest; depth++) {
    const before = read;
    read = before.replace(/(?:%[0-9a-f]{2})+/giu, bytesAsText);
    if (read === before) break;
  }
  return read;
}

function bytesAsText(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
}
