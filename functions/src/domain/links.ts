/** What a reader, or their mail program, takes for a link. */
export interface Link {
  readonly address: string;
  /** A domain and nothing else, which may as well be a company's name: `Booking.com`. */
  readonly bare: boolean;
}

const linkPattern =
  /(?:[a-z][a-z0-9+.-]*:\/\/|www\.|mailto:|javascript:|data:)[^\s<>"'“”]+|[\p{L}\p{Nd}._%+-]+@[\p{L}\p{Nd}.-]+\.\p{L}{2,}|(?<![\p{L}\p{Nd}.@])(?:[\p{L}\p{Nd}-]+\.)+[a-z]{2,}(?:[/?:#][^\s<>"'“”]*)?/giu;

/** Every link of a text, spelled as it is there, without the punctuation behind it. */
export function linksIn(text: string): readonly Link[] {
  return (text.match(linkPattern) ?? []).map((match) => {
    const address = match.replace(/[.,;:!?)\]}»]+$/u, "");
    return {
      address,
      bare: /^[\p{L}\p{Nd}.-]+$/u.test(address) && !/^www\./i.test(address),
    };
  });
}

/** The text without the links that are not among those given; a bare domain may be a name, and stays. */
export function withoutLinks(text: string, except: readonly string[]): string {
  return linksIn(text)
    .filter(({ address, bare }) => !bare && !except.includes(address))
    .reduce((left, { address }) => left.replaceAll(address, ""), text)
    .replace(/ {2,}/gu, " ")
    .trim();
}
