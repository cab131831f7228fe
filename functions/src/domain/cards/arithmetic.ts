const token = /\s*(?:(\d[\d,]*(?:\.\d+)?)|([-+*/()]))/guy;

/** The deepest nesting of brackets and signs; no formula that a person can read has more. */
const deepest = 50;

/** The result of a formula of numbers, + - * / and brackets. */
export interface Computed {
  readonly value: number;
  /** The numbers in it, without thousands separators. */
  readonly operands: readonly string[];
}

/** The value of a formula; null if it is not one, or its value is not finite. */
export function compute(formula: string): Computed | null {
  const tokens = tokenise(formula);
  if (tokens === null) return null;
  let at = 0;
  let depth = 0;
  const next = () => tokens[at];
  const value = sum();
  if (value === null || at !== tokens.length || !Number.isFinite(value))
    return null;
  const operands = tokens.filter((part) => /\d/u.test(part));
  return { value, operands };

  function sum(): number | null {
    let left = product();
    while (left !== null && (next() === "+" || next() === "-")) {
      const plus = tokens?.[at++] === "+";
      const right = product();
      left = right === null ? null : plus ? left + right : left - right;
    }
    return left;
  }

  function product(): number | null {
    let left = factor();
    while (left !== null && (next() === "*" || next() === "/")) {
      const times = tokens?.[at++] === "*";
      const right = factor();
      left = right === null ? null : times ? left * right : left / right;
    }
    return left;
  }

  function factor(): number | null {
    const part = tokens?.[at++];
    if (part === undefined) return null;
    if (part !== "-" && part !== "(")
      return /^\d/u.test(part) ? Number(part) : null;
    if (++depth > deepest) return null;
    const inner = part === "-" ? factor() : sum();
    depth--;
    if (part === "-") return inner === null ? null : -inner;
    return tokens?.[at++] === ")" ? inner : null;
  }
}

/** The numbers in a text as digits, without thousands separators. */
export function digitsIn(text: string): readonly string[] {
  return (text.match(/\d[\d,]*(?:\.\d+)?/gu) ?? []).map(plain);
}

function tokenise(formula: string): readonly string[] | null {
  const tokens: string[] = [];
  let end = 0;
  for (const match of formula.trim().matchAll(token)) {
    tokens.push(plain(match[1] ?? match[2] ?? ""));
    end = match.index + match[0].length;
  }
  return end === formula.trim().length && tokens.length > 0 ? tokens : null;
}

function plain(number: string): string {
  return number.replaceAll(",", "");
}
