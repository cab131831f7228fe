import type { Annotations } from "../../../domain/signals/annotations.ts";
import { legalForm, quotedCompany, withoutLegalForm } from "./legalForms.ts";
import type { Lexicon } from "./lexicon.ts";
import { firstMentions } from "./mentioned.ts";
import { type Name, spanName } from "./names.ts";

type Company = Annotations["companies"][number];

/** Last words of English company names that say what kind of company it is. */
const kinds = new Set(
  `bank group holdings technologies technology energy systems partners capital industries pharmaceuticals airlines
  motors insurance logistics foods labs laboratories software networks solutions semiconductor semiconductors therapeutics
  biosciences healthcare pharma bancorp bancshares airways steel materials ventures robotics electronics media analytics
  telecom entertainment brands stores financial consulting aerospace shipping railways`.split(
    /\s+/u,
  ),
);

/** The longest name that the account form allows, in characters. */
const longestOwn = 200;

/** The most words of a name without a legal form; longer runs are headlines. */
const mostWords = 4;

/** Ends with a word that only applies to companies. */
const cuesBefore =
  /(?:\b(?:acquir(?:e|es|ed|ing)|acquisition of|merge(?:r|s)? with|partner(?:s|ed|ship)? with|joint venture with|stake in|shares (?:of|in)|subsidiary|startup|supplier|competitor|rival|customer|vendor|lender|retailer|carmaker|chipmaker|drugmaker|spun off from|takeover of|parent|rachat de|acquisition d[e']|adquisición de|acquisizione di|übernahme (?:von|der)|beteiligung an|kauf von) )$/iu;

const cuesAfter =
  /^(?: \((?:NYSE|NASDAQ|LSE|TSX|Euronext|FWB|XETRA|OTC)|, (?:a|an|the) (?:\p{L}+[ -]){0,4}(?:provider|maker|supplier|developer|manufacturer|company|startup|retailer|operator|subsidiary|vendor|lender|bank|insurer|producer|consultancy)\b|['’]s? (?:shares|board|customers|revenue|subsidiary|acquisition of|products)\b)/iu;

const deeds =
  /^ (?:(?:has |have |will |also |today |on \p{Lu}\p{Ll}{1,12}day ){0,2})(?:reported|announced|announces|acquired|acquires|acquire|launched|launches|unveiled|raised|plans to|agreed to|expects|posted|completed|opened|opens|signed|cut|employs|generated|filed)\b/u;

/** Organisations in the dictionary that are not companies. */
const authorities = new Set([
  ..."sec eu un fda ftc doj dea esa fed fbi cia irs epa nasa nato opec imf who wto nfl nba mlb nhl fifa uefa nyse nasdaq congress senate".split(
    " ",
  ),
  "united nations",
  "world bank",
  "federal reserve",
  "european union",
  "supreme court",
]);

/** The companies in a text: the account's own, those with a legal form, those in the dictionary, and those of which the text says something that only applies to companies. */
export function findCompanies(
  text: string,
  names: readonly Name[],
  {
    own,
    lexicon,
  }: { readonly own: readonly string[]; readonly lexicon: Lexicon },
): Company[] {
  const quoted = [...text.matchAll(quotedCompany)].map(
    ({ 1: whole = "", 2: name = "", index: start }) =>
      /^\p{Lu}{2}|^\p{Lu}.\p{Lu}/u.test(whole)
        ? { name: whole, start }
        : { name, start: start + whole.indexOf(name) },
  );
  const named = names.flatMap((name) => {
    const company = toCompany(text, name, lexicon);
    return company === null
      ? []
      : [{ name: company.text.slice(0, 200), start: company.start }];
  });
  return firstMentions(
    [...findOwn(text, own), ...quoted, ...named],
    companyKeys(own),
  );
}

/** All names of the account count as one company. */
function companyKeys(own: readonly string[]): (company: Company) => string {
  const ownKeys = new Set(own.map(withoutLegalForm));
  return ({ name }) => {
    const key = withoutLegalForm(name.replace(/[«»"“”„]/gu, " "));
    return ownKeys.has(key) ? "" : key;
  };
}

function findOwn(text: string, own: readonly string[]): readonly Company[] {
  return own.flatMap((name) => {
    const escaped = name.trim().replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");
    if (escaped === "" || name.length > longestOwn) return [];
    // bounded: the account's own name, of at most 200 characters
    const whole = new RegExp(
      `(?<![\\p{L}\\p{M}\\p{Nd}])${escaped}(?![\\p{L}\\p{M}\\p{Nd}])`,
      "u",
    );
    const found = whole.exec(text);
    return found === null ? [] : [{ name: found[0], start: found.index }];
  });
}

/** The company in a run of names: up to its legal form, or the whole run. */
function toCompany(text: string, name: Name, lexicon: Lexicon): Name | null {
  const form = name.words.findLastIndex(({ text: word }) =>
    legalForm.test(word),
  );
  if (form > 0) {
    const company = spanName(text, name.words.slice(0, form + 1), false);
    const isForm = company?.words.every(({ text: word }) =>
      legalForm.test(word),
    );
    // “the Company”, a contract's word for its party
    return isForm === true ? null : company;
  }
  const { words, opens } = name;
  const [first] = words;
  const lower = name.text.toLowerCase();
  const isShort = /^\p{Lu}{1,2}$/u.test(name.text);
  if (form === 0 || isShort || authorities.has(lower)) return null;
  if (lexicon.isOther(name.text)) return null;
  if (lexicon.isCompany(name.text)) return name;
  const isOrdinary =
    words.length === 1 && (opens || lexicon.isWord(first?.text ?? ""));
  if (words.length > mostWords) return null;
  const last = words.at(-1)?.text ?? "";
  const before = text.slice(Math.max(0, name.start - 40), name.start);
  const behind = text.slice(name.end, name.end + 80);
  if (!lexicon.isGiven(first?.text ?? "")) {
    if (cuesBefore.test(before) && !isAbbreviation(name)) return name;
    if (cuesAfter.test(behind) && !isOrdinary) return name;
    const isFamily = lexicon.isFamily(last);
    if (deeds.test(behind) && !isOrdinary && !isFamily && isMarked(name))
      return name;
  }
  const isNamed = !words.every(({ text: word }) => lexicon.isWord(word));
  return words.length > 1 && kinds.has(last.toLowerCase()) && isNamed
    ? name
    : null;
}

/** A word in capitals may abbreviate anything. */
function isAbbreviation({ text }: Name): boolean {
  return /^\p{Lu}{1,3}$/u.test(text);
}

/** Whether it has two words or more, a capital inside, or does not open its sentence. */
function isMarked({ words, opens, text }: Name): boolean {
  return words.length > 1 || /\p{Ll}\p{Lu}/u.test(text) || !opens;
}
