/** What a reader, or their mail program, takes for a link. */
export interface Link {
  readonly address: string;
  /** A domain and nothing else, which may as well be a company's name: `Booking.com`. */
  readonly bare: boolean;
}

const linkPattern =
  /(?:[a-z][a-z0-9+.-]{0,30}:\/\/|www\.|mailto:|javascript:|data:)[^\s<>"'“”]+|[\p{L}\p{Nd}._%+-]{1,64}@(?:[\p{L}\p{Nd}-]{1,63}\.){1,8}\p{L}{2,63}|(?<![\p{L}\p{Nd}.@-])(?:[\p{L}\p{Nd}-]+\.)+[a-z]{2,63}(?:[/?:#][^\s<>"'“”]*)?/giu;
const punctuationBehind = /(?<![.,;:!?)\]}»])[.,;:!?)\]}»]+$/u;

/** Every link of a text, spelled as it is there, without the punctuation behind it. */
export function linksIn(text: string): readonly Link[] {
  return (text.match(linkPattern) ?? []).map(linkOf);
}

function linkOf(match: string): Link {
  const address = match.replace(punctuationBehind, "");
  return {
    address,
    bare: /^[\p{L}\p{Nd}.-]+$/u.test(address) && !/^www\./i.test(address),
  };
}

/** The text without the links that are not among those given; a bare domain may be a name, and stays. */
export function withoutLinks(text: string, except: readonly string[]): string {
  return text
    .replace(linkPattern, (match) => {
      const { address, bare } = linkOf(match);
      return bare || except.includes(address)
        ? match
        : match.slice(address.length);
    })
    .replace(/ {2,}/gu, " ")
    .trim();
}
