/** A regular expression as a tree; flags are kept beside it. */
export type Node =
  /** What matches one character, as it is written: `a`, `\s`, `[^<>]`, `.`. */
  | { readonly kind: "character"; readonly source: string }
  | { readonly kind: "sequence"; readonly parts: readonly Node[] }
  | { readonly kind: "choice"; readonly options: readonly Node[] }
  | {
      readonly kind: "repeat";
      readonly body: Node;
      readonly min: number;
      /** Infinity where there is no bound. */
      readonly max: number;
    }
  | {
      readonly kind: "look";
      readonly behind: boolean;
      readonly negative: boolean;
      readonly body: Node;
    }
  | { readonly kind: "edge"; readonly source: string };

const quantifier = /(?:[*+?]|\{(\d{1,9})(?:(,)(\d{1,9})?)?\})\??/y;
const opening = /\((?:\?(?::|<?[=!]|<\w{1,50}>))?/y;
const escape =
  /\\(?:u\{[\da-f]{1,6}\}|u[\da-f]{4}|x[\da-f]{2}|[pP]\{[^}]{1,60}\}|k<\w{1,50}>|c[a-z]|[1-9]\d?|[^])/iy;
const characterClass = /\[(?:[^\]\\]|\\[^])*\]/y;

/** Where the reader is in an expression, and what it has read. */
interface Reader {
  readonly source: string;
  at: number;
  /** What the captured groups are, by their numbers, the first of which is 1. */
  readonly groups: Node[];
  readonly named: Map<string, number>;
}

/** Reads an expression that the engine accepts; throws where it holds what this reader does not know. */
export function parseExpression(source: string): Node {
  const reader: Reader = { source, at: 0, groups: [], named: new Map() };
  const tree = choice(reader);
  if (reader.at !== source.length)
    throw new Error(`unread: ${source.slice(reader.at)}`);
  return tree;
}

function choice(reader: Reader): Node {
  const options = [sequence(reader)];
  while (reader.source[reader.at] === "|") {
    reader.at++;
    options.push(sequence(reader));
  }
  const [only] = options;
  return options.length === 1 && only ? only : { kind: "choice", options };
}

function sequence(reader: Reader): Node {
  const parts: Node[] = [];
  const end = ["|", ")", undefined];
  while (!end.includes(reader.source[reader.at]))
    parts.push(parseRepeat(reader, atom(reader)));
  return { kind: "sequence", parts };
}

function parseRepeat(reader: Reader, body: Node): Node {
  const found = take(reader, quantifier);
  if (found === null) return body;
  const [whole, least, comma, most] = found;
  if (whole.startsWith("*")) return repeat(body, 0, Infinity);
  if (whole.startsWith("+")) return repeat(body, 1, Infinity);
  if (whole.startsWith("?")) return repeat(body, 0, 1);
  const min = Number(least);
  const unbounded = comma === undefined ? min : Infinity;
  return repeat(body, min, most === undefined ? unbounded : Number(most));
}

function atom(reader: Reader): Node {
  const { source, at } = reader;
  const char = source[at] ?? "";
  if (char === "(") return group(reader);
  if (char === "[")
    return { kind: "character", source: need(reader, characterClass) };
  if (char === "\\") return parseEscape(reader, need(reader, escape));
  if (char === "^" || char === "$") {
    reader.at++;
    return { kind: "edge", source: char };
  }
  const whole = String.fromCodePoint(source.codePointAt(at) ?? 0);
  reader.at += whole.length;
  return { kind: "character", source: whole };
}

function parseEscape({ groups, named }: Reader, written: string): Node {
  if (/^\\b$/i.test(written)) return { kind: "edge", source: written };
  const number = /^\\([1-9]\d?)$/.exec(written)?.[1];
  const name = /^\\k<(\w+)>$/.exec(written)?.[1];
  const index = number ?? (name === undefined ? undefined : named.get(name));
  if (index === undefined) return { kind: "character", source: written };
  // What stands there again is one of the group's texts.
  const again = groups[Number(index)];
  if (again === undefined)
    throw new Error(`${written} stands before its group`);
  return again;
}

function group(reader: Reader): Node {
  const { source, groups, named } = reader;
  const open = need(reader, opening);
  const isCapture = open === "(" || /^\(\?<\w/.test(open);
  const index = isCapture ? groups.push({ kind: "sequence", parts: [] }) : 0;
  const body = choice(reader);
  if (source[reader.at++] !== ")")
    throw new Error(`unclosed group in ${source}`);
  if (isCapture) {
    // Groups count from 1, and the list from 0.
    groups[index] = body;
    const name = /^\(\?<(\w+)>/.exec(open)?.[1];
    if (name !== undefined) named.set(name, index);
  }
  const look = /^\(\?(<?)([=!])$/.exec(open);
  if (look === null) return body;
  return {
    kind: "look",
    behind: look[1] === "<",
    negative: look[2] === "!",
    body,
  };
}

function take(reader: Reader, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.source);
  if (found !== null) reader.at = pattern.lastIndex;
  return found;
}

function need(reader: Reader, pattern: RegExp): string {
  const [found] = take(reader, pattern) ?? [];
  if (found === undefined)
    throw new Error(`unread: ${reader.source.slice(reader.at)}`);
  return found;
}

function repeat(body: Node, min: number, max: number): Node {
  return { kind: "repeat", body, min, max };
}
