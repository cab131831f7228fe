/** What may stand left of the @ of an address without quotes, in any script (RFC 5321, section 4.1.2; RFC 6531). */
const localCharacter = /[\p{L}\p{M}\p{Nd}.!#$%&'*+/=?^_`{|}~-]/u;

/** The sign, also as people write it against harvesters: jo [at] example [dot] com. */
const sign = /[@\uff20]|\s?[[({]\s?at\s?[\])}]\s?/giu;

const domain =
  /(?:[\p{L}\p{M}\p{Nd}](?:[\p{L}\p{M}\p{Nd}-]{0,62})(?:\.|\s?[[({]\s?dot\s?[\])}]\s?)){1,8}(?:\p{L}[\p{L}\p{M}\p{Nd}-]{1,23})/iuy;

/** The text with `[email]` for each e-mail address. */
export function redactEmails(text: string): string {
  let out = "";
  let done = 0;
  for (const { index, 0: found } of text.matchAll(sign)) {
    const start = findLocalStart(text, index, done);
    domain.lastIndex = index + found.length;
    if (start >= index || !domain.test(text)) continue;
    out += `${text.slice(done, start)}[email]`;
    done = domain.lastIndex;
  }
  return out + text.slice(done);
}

/** Where the local part begins; never left of what was read before, so that all of them together cost one pass. */
function findLocalStart(text: string, at: number, done: number): number {
  let start = at;
  while (
    start > done &&
    at - start < 256 &&
    localCharacter.test(text.charAt(start - 1))
  )
    start--;
  // Punctuation before an address is not of it: "(see:/jo@example.com".
  while (start < at && /[^\p{L}\p{M}\p{Nd}_+]/u.test(text.charAt(start)))
    start++;
  return start;
}
