/** A word of the rules and where it stands. */
export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The words of the rules, one after the other. */
export interface Tokens {
  /** The one that comes, empty at the end. */
  readonly next: () => Token;
  /** Passes over the one that comes. */
  readonly skip: () => Token;
  /** Passes over the one that comes if it is this. */
  readonly take: (text: string) => boolean;
  /** The same, and throws if it is not. */
  readonly expect: (text: string) => void;
  /** Where the last passed one ended. */
  readonly end: () => number;
  /** Throws that this was expected here. */
  readonly fail: (expected: string) => never;
}

const word =
  /\s+|\/\/[^\n]*|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\w+|&&|\|\||[=!<>]=|./g;

/** The words of a source without its spaces and comments. */
export function tokenise(source: string): Tokens {
  const words: readonly Token[] = [...source.matchAll(word)]
    .map(({ 0: text, index }) => ({
      text,
      start: index,
      end: index + text.length,
    }))
    .filter(({ text }) => !/^(?:\s|\/\/)/.test(text));
  const past = { text: "", start: source.length, end: source.length };
  let at = 0;
  const next = () => words[at] ?? past;
  const skip = () => words[at++] ?? past;
  const fail = (expected: string): never => {
    const line = source.slice(0, next().start).split("\n").length;
    throw new Error(
      `line ${line} of the rules: ${expected} was expected, "${next().text}" is there`,
    );
  };
  const take = (text: string) => {
    if (next().text !== text) return false;
    at += 1;
    return true;
  };
  return {
    next,
    skip,
    take,
    fail,
    expect: (text) => {
      if (!take(text)) fail(text);
    },
    end: () => words[at - 1]?.end ?? 0,
  };
}
