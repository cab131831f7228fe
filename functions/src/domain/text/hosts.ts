import { toLatinLookalike } from "./homoglyphs.ts";
import { topLevelDomains } from "./topLevelDomains.ts";

const labels = /[\p{L}\p{M}\p{Nd}_-]+/gu;
const maxLabelCharacters = 63;
const maxLabels = 31;
/** A dot, also as people write it to hide it from programs: `[.]`, `(dot)`, `␠dot␠`, `␠.␠`, `. com`, ` .com`, `. io/login`. */
const dot = String.raw`(?:\.(?:\s(?=(?:com|net|org)(?![\p{L}\p{Nd}])|[a-z]{2,12}(?:\.[a-z]{2})?\/[\p{L}\p{Nd}]))?|\s?[[({<]\s?(?:\.|dot|punkt|point|punto|точка|крапка)\s?[\])}>]\s?|\s{1,3}(?:dot|\.)\s{1,3}|\s{1,2}\.(?=(?:com|org)(?![\p{L}\p{Nd}])|[a-z]{2,12}(?:\.[a-z]{2})?\/[\p{L}\p{Nd}]))`;
const dotHere = new RegExp(dot, "iuy");
const dots = new RegExp(dot, "giu");

/** Words that come before a kind of domain, not before the name of one: `the .com boom`. */
const articleWord =
  /^(?:the|a|an|of|and|or|in|its|their|our|new|every|each|any|all|with|for|der|die|das|und|le|la|les|de|du)$/iu;
/** A space is missing between sentences: `growth.In March`. */
const newSentence = /^\p{Lu}\p{Ll}$/u;

export interface Chain {
  readonly index: number;
  /** The labels, and between them whatever stands for the dots. */
  readonly parts: readonly string[];
}

/** Every run of two or more labels joined by dots, up to the length of the longest host name. */
export function* findChains(text: string): Generator<Chain> {
  let index = 0;
  let parts: string[] = [];
  let end = 0;
  for (const { 0: label, index: at } of text.matchAll(labels)) {
    dotHere.lastIndex = end;
    const between = parts.length > 0 ? dotHere.exec(text)?.[0] : undefined;
    const next = end + (between?.length ?? 0);
    // The `dot` of `evil dot com`.
    if (at < next) continue;
    const goesOn =
      between !== undefined &&
      at === next &&
      label.length <= maxLabelCharacters &&
      parts.length < 2 * maxLabels;
    if (goesOn) parts.push(between, label);
    else {
      if (parts.length > 1) yield { index, parts };
      parts = label.length <= maxLabelCharacters ? [label] : [];
      index = at;
    }
    end = at + label.length;
  }
  if (parts.length > 1) yield { index, parts };
}

/** The longest prefix of a chain that is a host: `a.example` of `a.example.Then`; null where there is none. `after` is what follows the chain. */
export function findHost(
  parts: readonly string[],
  after: string,
): { readonly text: string; readonly ascii: string } | null {
  for (let last = parts.length - 1; last >= 2; last -= 2) {
    const host = parts.slice(0, last + 1);
    const follows = last === parts.length - 1 ? after : "";
    if (!isTopLevel(host) || isSentenceBreak(host, follows)) continue;
    const ascii = webHost(host.filter((_, i) => i % 2 === 0).join("."));
    if (ascii !== null) return { text: host.join(""), ascii };
  }
  return null;
}

/** A number can be the last label only of a host that is four numbers. */
function isTopLevel(host: readonly string[]): boolean {
  const label = host.at(-1) ?? "";
  if (/^\d{1,3}$/u.test(label)) return true;
  if (/^[\w-]+$/u.test(label)) return topLevelDomains.has(label.toLowerCase());
  const ascii = webHost(label);
  if (ascii !== null && topLevelDomains.has(ascii)) return true;
  // In a host of Latin letters, a label that looks like a top-level domain counts as one.
  return (
    host.some((part, i) => i % 2 === 0 && /[a-z]/iu.test(part)) &&
    topLevelDomains.has(toLatinLookalike(label))
  );
}

/** Whether the last dot ends a sentence, or begins the name of a kind of domain. */
function isSentenceBreak(host: readonly string[], after: string): boolean {
  const [name = "", between = "", last = ""] = host.slice(-3);
  if (/^\s+\.$/u.test(between)) return articleWord.test(name);
  if (/^\.\s$/u.test(between) && last !== last.toLowerCase())
    return !/^(?:com|net|org)$/iu.test(last);
  return (
    between === "." &&
    newSentence.test(last) &&
    /\p{Ll}$/u.test(name) &&
    /^\s+[\p{L}\p{Nd}]/u.test(after)
  );
}

/** Names of techniques, degrees, legal forms and times of day that look like addresses. */
const nameLikeHost =
  /^(?:(?:asp|vb|ado)\.net|[bm]\.sc|co\.kg|[ap]\.m\.\p{L}{2,3}|(?:co|pvt|pty|pte)\.(?:ltd|inc|llc))$/iu;
const shareSymbol =
  /^(?:[A-Z]{1,5}\.(?:TO|MW|VA|AX|VI|SZ)|\d{4}\.(?:HK|SZ|TW))$/u;

/** Whether a bare host, with nothing of an address around it, is the name of something else. */
export function isName(host: string): boolean {
  return nameLikeHost.test(host) || shareSymbol.test(host);
}

/** A host has at most 253 characters in ASCII (RFC 1035); with escapes and in other scripts, no more than this. */
const maxHostCharacters = 1_000;

/** The host a browser would connect to; null where it would not. Only four numbers form a numeric address. */
export function webHost(text: string): string | null {
  if (text.length > maxHostCharacters) return null;
  const isNumber = /(?:^|\.)\d{1,64}$/u.test(text);
  if (text === "" || (isNumber && !/^\d+(?:\.\d+){3}$/u.test(text)))
    return null;
  const url = `https://${text}`;
  return URL.canParse(url) ? new URL(url).hostname : null;
}

export function restoreDots(text: string): string {
  return text.replace(dots, ".");
}
