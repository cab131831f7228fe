/** What may stand left of the @ of an address without quotes, in any script (RFC 5321, section 4.1.2; RFC 6531). */
const localCharacter = /[\p{L}\p{M}\p{Nd}.!#$%&'*+/=?^_`{|}~-]/u;

const domain =
  /(?:[\p{L}\p{M}\p{Nd}](?:[\p{L}\p{M}\p{Nd}-]{0,62})\.){1,8}(?:\p{L}[\p{L}\p{M}\p{Nd}-]{1,23})/uy;

/** The text with `[email]` for each e-mail address. */
export function withoutEmails(text: string): string {
  let out = "";
  let done = 0;
  for (let at = nextAt(text, 0); at !== -1; at = nextAt(text, at + 1)) {
    const start = localStart(text, at, done);
    domain.lastIndex = at + 1;
    const found = start < at ? domain.exec(text) : null;
    if (found === null) continue;
    out += `${text.slice(done, start)}[email]`;
    done = domain.lastIndex;
  }
  return out + text.slice(done);
}

function nextAt(text: string, from: number): number {
  return text.indexOf("@", from);
}

/** Where the local part begins; never left of what was read before, so that all of them together cost one pass. */
function localStart(text: string, at: number, done: number): number {
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
