/** Prose as a reader meets it, without anything that is hard on whoever reads it. */
const prose =
  "Northwind Traders said on Tuesday that its revenue rose 12% to $1.4 billion in the third quarter of 2026. " +
  "The company, which employs 4,300 people in nine countries, named Jane Roe chief financial officer.\n" +
  "Компанія «Північ» відкриває офіс у Львові: про це повідомив директор Іван Коваль. " +
  "Analysts had expected less; shares in the group (NYSE: NWT) closed at 42.10, up 3 per cent.\n\n";

/** Ordinary text of a length. */
export function ordinaryText(length: number): string {
  return repeated(prose, length);
}

/** What texts are made of that cost more than their length: each is repeated as often as it takes, between a beginning and an end. */
const repeats: Readonly<Record<string, string>> = {
  "question and exclamation marks": "?!",
  "single guillemets": "‹",
  "less-than signs": "<",
  "tags that open in one another": "<a<a",
  "tags never closed": "<div>",
  "tags with half an attribute": '<a b="',
  "end tags": "</p>",
  comments: "<!--",
  "ends of CDATA": "]]>",
  "beginnings of CDATA": "<![CDATA[",
  "names with colons": "<a:",
  ampersands: "&",
  "entities escaped again": "&amp;",
  "ampersands escaped in one another": "amp;",
  "numeric entities": "&#38;",
  apostrophes: "'",
  quotes: '"',
  "doubled quotes": '""',
  "quotes that open": ',"',
  "quote and comma": '",',
  "opening round brackets": "(",
  "opening square brackets": "[",
  "closing brackets": ")]",
  "opening braces": "{{",
  "escaped per cent signs": "%25",
  "bytes that are no text": "%ff",
  spaces: " ",
  "spaces behind letters": "a ",
  "line breaks": "\n",
  "carriage returns": "\r",
  tabs: "\t",
  "tabs and spaces": " \t",
  "hard spaces": "\u00a0",
  digits: "1",
  "digits in groups": "1,",
  "digits and spaces": "12 34 ",
  "digits and stops": "1.",
  "digits and dashes": "1-",
  "digits and slashes": "1/",
  "digits and colons": "1:",
  "amounts of money": "$1",
  "plus signs": "+",
  dashes: "-",
  dots: ".",
  "letters and dots": "a.",
  commas: ", ",
  colons: ":",
  slashes: "/",
  "back slashes": "\\",
  underscores: "_",
  stars: "*",
  "at signs": "@",
  "addresses half written": "a@a.",
  "beginnings of links": "http://",
  "domains half written": "www.a.",
  "Han characters": "漢",
  "Han with full stops": "漢。",
  Katakana: "カー",
  "Cyrillic letters": "я",
  "Cyrillic words": "Слово ",
  emoji: "😀",
  "high surrogates": "\ud83d",
  "low surrogates": "\ude00",
  "combining marks": "a\u0301",
  "combining marks alone": "\u0301",
  "combining marks out of order": "\u0301\u0327\u0323",
  "zero-width spaces": "\u200b",
  joiners: "\u200d",
  "right to left": "\u202eש",
  ligatures: "ﷺ",
  initials: "A. ",
  titles: "Mr. ",
  "names in a row": "Aa ",
  "names with a small word": "Aa of ",
  "names with an ampersand": "Aa & ",
  "numbers with a unit": "1 million ",
  "letters without end": "a",
  "capitals without end": "A",
  "alternating capitals": "aA",
  "words with hyphens": "a-",
  "words with apostrophes": "a'",
  cookies: "cookies ",
  "items of filings": "ITEM 1\n",
  "short lines": "a\n",
  "short paragraphs": "a\n\n",
  "stops and line breaks": ".\n",
  "quoted sentences": '." ',
  ellipses: "… ",
  "null bytes": "\0",
  "words that open a legal form": "Inc. ",
  "chief, of chief": "chief of the ",
};

export const hostileKinds: readonly string[] = Object.keys(repeats);

/** Text of a kind and a length, with an ordinary word before it and one behind. */
export function hostileText(kind: string, length: number): string {
  return `Acme ${repeated(repeats[kind] ?? "", length)}\u00b6 end`;
}

function repeated(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}
