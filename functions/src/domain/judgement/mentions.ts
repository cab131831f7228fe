import { normalName } from "../resolution/accountNames.ts";
import { foldText } from "./words.ts";

/** A word or a mark of a text as written, and as words are compared. */
export interface Token {
  readonly text: string;
  readonly folded: string;
}

/** Where an account is named: from a token on, so many of them, and the form of the name. */
export interface Mention {
  readonly at: number;
  readonly length: number;
  readonly form: readonly Token[];
}

/** How the account may be called. */
export interface Names {
  readonly name: string;
  readonly aliases: readonly string[];
}

const tokenPattern =
  /[\p{L}\p{M}\p{N}&][\p{L}\p{M}\p{N}&'’ʼ.+]{0,60}[\p{L}\p{M}\p{N}+]|[\p{L}\p{N}&]|[^\s\p{L}\p{N}]/gu;

/** Words and marks, in order; a hyphen parts two words. */
export function tokenise(text: string): readonly Token[] {
  return (text.match(tokenPattern) ?? []).map((word) => ({
    text: word,
    folded: foldText(word).replace(/'s$|'$/u, ""),
  }));
}

/** The most ways of writing an account's names that are looked for. */
const mostForms = 60;

/** The account's names as tokens, with and without their legal forms, the longest first. */
export function toForms({
  name,
  aliases,
}: Names): readonly (readonly Token[])[] {
  const written = [name, ...aliases].flatMap((one) => [one, normalName(one)]);
  const forms = new Map(
    written
      .map((one) => tokenise(one).filter(({ text }) => isWord(text)))
      .filter((form) => form.length > 0)
      .map((form) => [form.map(({ folded }) => folded).join(" "), form]),
  );
  return [...forms.values()]
    .sort((a, b) => b.length - a.length)
    .slice(0, mostForms);
}

/** Where a text names the account, from left to right; the longest form wins. */
export function findMentions(
  tokens: readonly Token[],
  forms: readonly (readonly Token[])[],
): readonly Mention[] {
  const found: Mention[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const form = forms.find((one) => stands(one, tokens, at));
    if (form === undefined) continue;
    found.push({ at, length: form.length, form });
    at += form.length - 1;
  }
  return found;
}

function stands(
  form: readonly Token[],
  tokens: readonly Token[],
  at: number,
): boolean {
  return form.every((wanted, i) => {
    const token = tokens[at + i];
    return token !== undefined && isSame(wanted.folded, token.folded);
  });
}

/** The endings of Ukrainian cases. */
const caseEnding =
  /(?:ами|ями|ові|еві|ому|ого|ою|ею|ах|ях|ів|ам|ям|ом|ем|ці|у|ю|а|я|і|и|о|е|ь|й)$/u;

/** Whether two folded words are one name, whatever its case ending or plural. */
function isSame(one: string, other: string): boolean {
  if (one === other) return true;
  if (one.length > 3 && (other === `${one}s` || one === `${other}s`))
    return true;
  if (!/\p{Script=Cyrillic}/u.test(one) || one.length < 5) return false;
  return one.replace(caseEnding, "") === other.replace(caseEnding, "");
}

/** Whether a token is a word, not a mark. */
export function isWord(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
