/** What may precede the @ of an unquoted address, in any script (RFC 5321, section 4.1.2; RFC 6531). */
const localCharacter = /[\p{L}\p{M}\p{Nd}.!#$%&'*+/=?^_`{|}~-]/u;

/** The @, also as people disguise it: jo [at] example [dot] com. */
const sign = /[@\uff20]|\s?[[({]\s?at\s?[\])}]\s?/giu;

const domain =
  /(?:[\p{L}\p{M}\p{Nd}](?:[\p{L}\p{M}\p{Nd}-]{0,62})(?:\.|\s?[[({]\s?dot\s?[\])}]\s?)){1,8}(?:\p{L}[\p{L}\p{M}\p{Nd}-]{1,23})/iuy;

/** Replaces e-mail addresses by `[email]`. */
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

/** The start of the local part; never before what was already read, so that all searches together take one pass. */
function findLocalStart(text: string, at: number, done: number): number {
  let start = at;
  while (
    start > done &&
    at - start < 256 &&
    localCharacter.test(text.charAt(start - 1))
  )
    start--;
  // Punctuation before an address does not belong to it: "(see:/jo@example.com".
  while (start < at && /[^\p{L}\p{M}\p{Nd}_+]/u.test(text.charAt(start)))
    start++;
  return start;
}
