/** A text without its disguises, and for each of its UTF-16 units the place it came from. */
export interface NormalText {
  readonly text: string;
  /** Offsets into the original: where each unit begins and, in the next list, where it ends. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * HTML entities of the characters that addresses consist of, or are hidden with. Not a library's: `entities` takes
 * 39 kB, which the console would load too, for all 2,231 names, and leaves `&hyphen;`, `&dash;` and
 * `&ZeroWidthSpace;` as they are.
 */
const characterByEntity: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: "&",
    apos: "'",
    bsol: "\\",
    colon: ":",
    commat: "@",
    dash: "-",
    equals: "=",
    gt: ">",
    hyphen: "-",
    lbrack: "[",
    lowbar: "_",
    lpar: "(",
    lsqb: "[",
    lt: "<",
    middot: ".",
    nbsp: " ",
    newline: "\n",
    nobreak: "",
    num: "#",
    percnt: "%",
    period: ".",
    quest: "?",
    quot: '"',
    rbrack: "]",
    rpar: ")",
    rsqb: "]",
    shy: "",
    sol: "/",
    tab: "\t",
    zerowidthspace: "",
    zwj: "",
    zwnj: "",
  }),
);

/** `&#46;`, `&amp;#46;`, `&period;`; `\u002e`, `\x2e`. */
const escape =
  /&(?:amp;){0,5}(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,20})(?=;));?|\\(?:u([0-9a-f]{4})|x([0-9a-f]{2}))/iuy;

/** One percent-encoded byte, `%2E`; its percent sign may itself be encoded, repeatedly. */
const octet = /%(?:25){0,3}([0-9a-f]{2})/iuy;

/** Invisible characters: format and control characters, variation selectors, fillers, the grapheme joiner. */
const invisible = /^(?:\p{DI}|\p{Cf}|(?![\t\n\v\f\r])\p{Cc})$/u;

/** Characters that a reader or a browser takes for a full stop, a slash or a colon. */
const lookAlikes: ReadonlyMap<string, string> = new Map([
  ..."。·•‧∙⋅ꓸ․".split("").map((dot) => [dot, "."] as const),
  ..."⁄∕⧸╱".split("").map((slash) => [slash, "/"] as const),
  ..."∶꞉։".split("").map((colon) => [colon, ":"] as const),
]);

/** Characters that read as a full stop with no space beside them; with one, they begin list items. */
const tightDots: ReadonlySet<string> = new Set("・･⸱⸳●∘˙۔⦁⚬⚫᛫⠄᠃ꞏᐧ܁।");

/** Letters that stay readable under a combining mark: `e̲v̲i̲l̲`. */
const latin = /[\p{scx=Latin}!-~]/u;
const marks = /^\p{M}$/u;

const plain = /^[\n -~]*$/u;

/**
 * Removes a text's disguises: full-width and other compatibility forms, invisible characters, escapes of HTML,
 * URLs and JSON, marks over Latin letters, and other dots, slashes and colons. Takes time linear in the text.
 */
export function normalText(original: string): NormalText {
  const units: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const append = (text: string, start: number, end: number) => {
    for (const unit of text.split("")) {
      units.push(unit);
      starts.push(start);
      ends.push(end);
    }
  };
  for (let at = 0; at < original.length;) {
    const character = String.fromCodePoint(original.codePointAt(at) ?? 0);
    const last = units.length - 1;
    if (marks.test(character) && latin.test(units[last] ?? "")) {
      const end = at + character.length;
      const both = `${units[last] ?? ""}${character}`.normalize("NFC");
      if (both.length === 1) units[last] = both;
      ends[last] = end;
      at = end;
      continue;
    }
    const escaped = /[&%\\]/u.test(character) ? unescapeAt(original, at) : null;
    const end = at + (escaped?.length ?? character.length);
    const isDot =
      tightDots.has(character) &&
      /\S/u.test(original.charAt(at - 1)) &&
      /\S/u.test(original.charAt(end));
    append(
      escaped?.text ?? (isDot ? "." : levelCharacters(character)),
      at,
      end,
    );
    at = end;
  }
  return { text: units.join(""), starts, ends };
}

/** The normal text, without offsets. */
export function normaliseText(original: string): string {
  return plain.test(original) && !/[&%\\]/u.test(original)
    ? original
    : normalText(original).text;
}

function levelCharacters(text: string): string {
  if (plain.test(text)) return text;
  return Array.from(text.normalize("NFKC"), (character) =>
    invisible.test(character) ? "" : (lookAlikes.get(character) ?? character),
  ).join("");
}

/** The character that the escape at this place stands for; null where there is no escape. */
function unescapeAt(
  text: string,
  at: number,
): { readonly text: string; readonly length: number } | null {
  if (text[at] === "%") return percentDecodeAt(text, at);
  escape.lastIndex = at;
  const match = escape.exec(text);
  if (match === null) return null;
  const [whole, decimal, hexadecimal, name, long, short] = match;
  const number =
    decimal === undefined
      ? parseInt(hexadecimal ?? long ?? short ?? "", 16)
      : Number(decimal);
  const means =
    name !== undefined
      ? characterByEntity.get(name.toLowerCase())
      : number <= 0x10ffff
        ? String.fromCodePoint(number)
        : undefined;
  return means === undefined
    ? null
    : { text: levelCharacters(means), length: whole.length };
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The one character that the bytes from here on encode in UTF-8; null where they encode none. */
function percentDecodeAt(
  text: string,
  at: number,
): { readonly text: string; readonly length: number } | null {
  const bytes: number[] = [];
  let end = at;
  do {
    octet.lastIndex = end;
    const [whole, digits] = octet.exec(text) ?? [];
    if (whole === undefined || digits === undefined) return null;
    bytes.push(parseInt(digits, 16));
    end += whole.length;
  } while (bytes.length < utf8Length(bytes[0] ?? 0));
  try {
    const means = utf8.decode(Uint8Array.from(bytes));
    return { text: levelCharacters(means), length: end - at };
  } catch {
    return null;
  }
}

/** The length of a character in bytes, by its first byte (RFC 3629). */
function utf8Length(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
