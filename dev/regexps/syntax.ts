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

/** Reads an expression that the engine accepts; throws where it holds what this reader does not know. */
export function parseExpression(source: string): Node {
  const groups: Node[] = [];
  const named = new Map<string, number>();
  let at = 0;
  const tree = choice();
  if (at !== source.length) throw new Error(`unread: ${source.slice(at)}`);
  return tree;

  function choice(): Node {
    const options = [sequence()];
    while (source[at] === "|") {
      at++;
      options.push(sequence());
    }
    const [only] = options;
    return options.length === 1 && only ? only : { kind: "choice", options };
  }

  function sequence(): Node {
    const parts: Node[] = [];
    while (at < source.length && source[at] !== "|" && source[at] !== ")")
      parts.push(repeated(atom()));
    return { kind: "sequence", parts };
  }

  function repeated(body: Node): Node {
    const found = take(quantifier);
    if (found === null) return body;
    const [whole, least, comma, most] = found;
    if (whole.startsWith("*")) return repeat(body, 0, Infinity);
    if (whole.startsWith("+")) return repeat(body, 1, Infinity);
    if (whole.startsWith("?")) return repeat(body, 0, 1);
    const min = Number(least);
    const unbounded = comma === undefined ? min : Infinity;
    return repeat(body, min, most === undefined ? unbounded : Number(most));
  }

  function atom(): Node {
    const char = source[at] ?? "";
    if (char === "(") return group();
    if (char === "[")
      return { kind: "character", source: need(characterClass) };
    if (char === "\\") return escaped(need(escape));
    if (char === "^" || char === "$") {
      at++;
      return { kind: "edge", source: char };
    }
    const whole = String.fromCodePoint(source.codePointAt(at) ?? 0);
    at += whole.length;
    return { kind: "character", source: whole };
  }

  function escaped(written: string): Node {
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

  function group(): Node {
    const open = need(opening);
    const isCapture = open === "(" || /^\(\?<\w/.test(open);
    const index = isCapture ? groups.push({ kind: "sequence", parts: [] }) : 0;
    const body = choice();
    if (source[at++] !== ")") throw new Error(`unclosed group in ${source}`);
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

  function take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found !== null) at = pattern.lastIndex;
    return found;
  }

  function need(pattern: RegExp): string {
    const [found] = take(pattern) ?? [];
    if (found === undefined) throw new Error(`unread: ${source.slice(at)}`);
    return found;
  }
}

function repeat(body: Node, min: number, max: number): Node {
  return { kind: "repeat", body, min, max };
}
