import { toLatinLookalike } from "./homoglyphs.ts";
import { topLevelDomains } from "./topLevelDomains.ts";

const labels = /[\p{L}\p{M}\p{Nd}_-]+/gu;
const maxLabelCharacters = 63;
const maxLabels = 31;
/**
 * Including the spellings that hide it from programs: `[.]`, `(dot)`, `␠dot␠`, `␠.␠`, `. com`, ` .com`, `. io/login`.
 */
const dot = String.raw`(?:\.(?:\s(?=(?:com|net|org)(?![\p{L}\p{Nd}])|[a-z]{2,12}(?:\.[a-z]{2})?\/[\p{L}\p{Nd}]))?|\s?[[({<]\s?(?:\.|dot|punkt|point|punto|точка|крапка)\s?[\])}>]\s?|\s{1,3}(?:dot|\.)\s{1,3}|\s{1,2}\.(?=(?:com|org)(?![\p{L}\p{Nd}])|[a-z]{2,12}(?:\.[a-z]{2})?\/[\p{L}\p{Nd}]))`;
const dotHere = new RegExp(dot, "iuy");
const dots = new RegExp(dot, "giu");

/** Precedes a kind of domain, not the name of one: `the .com boom`. */
const articleWord =
  /^(?:the|a|an|of|and|or|in|its|their|our|new|every|each|any|all|with|for|der|die|das|und|le|la|les|de|du)$/iu;
/** A space is missing between sentences: `growth.In March`. */
const newSentence = /^\p{Lu}\p{Ll}$/u;

export interface Chain {
  readonly index: number;
  /** Labels, alternating with what stands for the dots between them. */
  readonly parts: readonly string[];
}

/** Runs of two or more labels with dots between them, at most as long as a host name can be. */
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

/**
 * The longest beginning of a chain that is a host: `a.example` of `a.example.Then`. `after` is what follows the
 * chain.
 */
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

/** A host ends in a number only if it consists of four numbers. */
function isTopLevel(host: readonly string[]): boolean {
  const label = host.at(-1) ?? "";
  if (/^\d{1,3}$/u.test(label)) return true;
  if (/^[\w-]+$/u.test(label)) return topLevelDomains.has(label.toLowerCase());
  const ascii = webHost(label);
  if (ascii !== null && topLevelDomains.has(ascii)) return true;
  // To a reader it looks like one, in a host written in Latin letters.
  return (
    host.some((part, i) => i % 2 === 0 && /[a-z]/iu.test(part)) &&
    topLevelDomains.has(toLatinLookalike(label))
  );
}

/** Whether its last dot ends a sentence, or begins the name of a kind of domain. */
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

/** Names of techniques, degrees, legal forms and hours, and shares by their exchange, that look like addresses. */
const nameLikeHost =
  /^(?:(?:asp|vb|ado)\.net|[bm]\.sc|co\.kg|[ap]\.m\.\p{L}{2,3}|(?:co|pvt|pty|pte)\.(?:ltd|inc|llc))$/iu;
const shareSymbol =
  /^(?:[A-Z]{1,5}\.(?:TO|MW|VA|AX|VI|SZ)|\d{4}\.(?:HK|SZ|TW))$/u;

/** Whether something that looks like an address, in a place without other signs of one, is a name. */
export function isName(host: string): boolean {
  return nameLikeHost.test(host) || shareSymbol.test(host);
}

/** In ASCII a host has at most 253 characters (RFC 1035); with escapes and in other scripts, at most this many. */
const maxHostCharacters = 1_000;

/** A host as a browser would request it; null where it would not. Numbers are an address only if there are four. */
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
