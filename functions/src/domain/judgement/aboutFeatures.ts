import type { SignalType } from "../sources/source.ts";
import { type Features, gatherFeatures } from "./features.ts";
import {
  findMentions,
  isWord,
  type Mention,
  type Names,
  type Token,
  tokenise,
  toForms,
} from "./mentions.ts";
import { findSenses } from "./senses.ts";
import { foldText, splitWords } from "./words.ts";

/** A document of which it is asked whether it is about an account. */
export interface AboutDocument {
  readonly type: SignalType;
  readonly title: string;
  readonly text: string;
}

/** The account, as far as it tells one company from another of its name. */
export interface AboutAccount extends Names {
  readonly ticker: string | null;
  readonly industry: string | null;
}

type Add = (name: string, weight?: number) => void;

/** How much of a text is read for the account, in characters. */
const shown = 1_500;

const legalForm =
  /^(?:inc|incorporated|corp|corporation|co|company|ltd|limited|plc|llc|llp|lp|ag|se|sa|spa|nv|bv|gmbh|kg|kgaa|oyj|ab|asa|sas|sarl|sl|group|holdings?|holding)$/u;

/** Words that are no names by themselves, folded. */
export type CommonWords = ReadonlySet<string>;

/** The features by which it is told whether a document is about the account: how and where its name stands. */
export function toAboutFeatures(
  { type, title, text }: AboutDocument,
  account: AboutAccount,
  common: CommonWords,
): Features {
  const { add, plain } = gatherFeatures();
  const forms = toForms(account);
  const headline = toRegion("T", title, forms);
  const body = toRegion("B", text === title ? "" : text.slice(0, shown), forms);
  for (const region of [headline, body])
    region.mentions.forEach((mention, n) => {
      const isCommon = isCommonName(mention, common);
      addMention(add, { ...region, mention, isFirst: n === 0, isCommon });
    });
  addCounts(add, headline, body);
  addCompany(add, account, foldText(`${title} ${text.slice(0, shown)}`));
  add(`type=${type}`);
  for (const { folded } of headline.tokens) add(`title:${folded}`, 0.4);
  return plain();
}

interface Region {
  readonly name: "T" | "B";
  readonly tokens: readonly Token[];
  readonly mentions: readonly Mention[];
  /** Whether its words begin with capitals as those of headlines do. */
  readonly isTitleCase: boolean;
}

function toRegion(
  name: Region["name"],
  text: string,
  forms: readonly (readonly Token[])[],
): Region {
  const tokens = tokenise(text);
  const long = tokens.filter((token) => /^\p{L}{4,}/u.test(token.text));
  const capitals = long.filter((token) => /^\p{Lu}/u.test(token.text));
  return {
    name,
    tokens,
    mentions: findMentions(tokens, forms),
    isTitleCase: long.length > 0 && capitals.length > 0.7 * long.length,
  };
}

interface Place extends Region {
  readonly mention: Mention;
  readonly isFirst: boolean;
  /** Whether the name, as it stands there, is a word of the language too. */
  readonly isCommon: boolean;
}

function isCommonName({ form }: Mention, common: CommonWords): boolean {
  return form.length === 1 && common.has(form[0]?.folded ?? "");
}

function addMention(add: Add, place: Place): void {
  const { name, tokens, mention, isFirst, isTitleCase, isCommon } = place;
  const { at, length, form } = mention;
  const word = tokens[at]?.text ?? "";
  const around = (offset: number) =>
    tokens[offset < 0 ? at + offset : at + length - 1 + offset];
  const [before, after] = [around(-1), around(1)];
  const starts = before === undefined || /^[.!?:"“–—|-]$/u.test(before.text);
  add(`${name}:case=${toCase(word)}`);
  add(`${name}${isFirst ? "1" : "+"}:start=${String(starts)}`);
  add(`${name}:title=${String(isTitleCase)}:next=${toCase(after?.text)}`);
  add(`${name}:title=${String(isTitleCase)}:before=${toCase(before?.text)}`);
  addNeighbours(add, name, around);
  addRole(add, place, around);
  const word1 = isCommon ? "common" : "own";
  add(`${name}:${word1}`);
  add(`${name}:${word1}:case=${toCase(word)}:next=${toCase(after?.text)}`);
  add(`${name}:${word1}:start=${String(starts)}:title=${String(isTitleCase)}`);
  add(`${name}:possessive=${String(/['’ʼ]s?$/u.test(word))}`);
  add(`words=${Math.min(3, length)}`);
  add(`legal=${String(legalForm.test(after?.folded ?? ""))}`);
  add(`${name}:place=${Math.min(4, Math.floor((5 * at) / tokens.length))}`);
  if (length > 1) add(`${name}:several`);
  if (before?.text === "-" || after?.text === "-") add(`${name}:hyphen`);
  if (!isTitleCase) addLongerName(add, place);
  if (toCase(word) === "low" && toCase(form[0]?.text) !== "low")
    add(`${name}:lower`);
}

function addNeighbours(
  add: Add,
  region: string,
  around: (offset: number) => Token | undefined,
): void {
  const word = (offset: number) => {
    const token = around(offset);
    if (token === undefined) return "∅";
    return /^\d/u.test(token.text) ? "0" : token.folded;
  };
  add(`next=${word(1)}`);
  add(`before=${word(-1)}`);
  add(`${region}:next=${word(1)}`);
  add(`${region}:before=${word(-1)}`);
  add(`next2=${word(1)} ${word(2)}`);
  add(`before2=${word(-2)} ${word(-1)}`);
  add(`between=${word(-1)} ${word(1)}`);
  add(`second=${word(2)}`);
  add(`secondBefore=${word(-2)}`);
  for (let offset = 2; offset <= 5; offset++) {
    if (around(offset) !== undefined) add(`after:${word(offset)}`, 0.6);
    if (around(-offset) !== undefined) add(`ahead:${word(-offset)}`, 0.6);
  }
}

/** What is said right behind the name, and right before it. */
function addRole(
  add: Add,
  { name, isFirst }: Place,
  around: (offset: number) => Token | undefined,
): void {
  const words = (offsets: readonly number[]) =>
    offsets.flatMap((offset) => {
      const token = around(offset);
      return token !== undefined && isWord(token.text) ? [token.folded] : [];
    });
  const behind = findSenses(words([1, 2, 3, 4, 5]));
  const ahead = findSenses(words([-5, -4, -3, -2, -1]));
  for (const { sense } of behind) add(`${name}:behind:${sense}`);
  for (const { sense } of ahead) add(`${name}:before:${sense}`);
  const [nearest] = behind;
  if (isFirst) add(`${name}:does:${nearest?.sense ?? "nothing"}`);
}

/** Whether the name seems to be part of a longer one: Apple Bank, Jo Kestrel. */
function addLongerName(add: Add, { name, tokens, mention }: Place): void {
  const { at, length } = mention;
  const isName = (token: Token | undefined) =>
    token !== undefined &&
    /^\p{Lu}\p{Ll}/u.test(token.text) &&
    !legalForm.test(token.folded);
  if (isName(tokens[at + length])) add(`${name}:longer`);
  if (at > 1 && isName(tokens[at - 1])) add(`${name}:longerBefore`);
}

function addCounts(add: Add, headline: Region, body: Region): void {
  const [inTitle, inBody] = [headline.mentions.length, body.mentions.length];
  add(`inTitle=${Math.min(2, inTitle)}`);
  add(`inBody=${Math.min(4, inBody)}`);
  add(`in=${String(inTitle > 0)},${String(inBody > 0)}`);
  add(`body=${String(body.tokens.length > 0)}`);
}

function addCompany(
  add: Add,
  { name, ticker, industry }: AboutAccount,
  text: string,
): void {
  const words = splitWords(name);
  add(`severalWords=${String(words.length > 1)}`);
  const tokens = tokenise(text).filter((token) => isWord(token.text));
  const all = new Set(tokens.map(({ folded }) => folded));
  if (ticker !== null && all.has(foldText(ticker))) add("ticker");
  if (
    splitWords(industry ?? "").some((word) => word.length > 3 && all.has(word))
  )
    add("industry");
}

function toCase(word: string | undefined): string {
  if (word === undefined) return "none";
  if (/^\p{Lu}{2,}/u.test(word)) return "all";
  if (/^\p{Lu}/u.test(word)) return "capital";
  if (/^\p{Ll}/u.test(word)) return "low";
  return /^\d/u.test(word) ? "number" : "mark";
}
