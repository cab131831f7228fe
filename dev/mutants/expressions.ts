import type { Tokens } from "./tokens.ts";

/** An expression of the rules' language and where it stands in the source; `text` is an operator, a name or a literal. */
export interface Expression {
  readonly kind:
    | "choice"
    | "logic"
    | "comparison"
    | "arithmetic"
    | "not"
    | "group"
    | "call"
    | "index"
    | "property"
    | "list"
    | "string"
    | "literal"
    | "name"
    | "path";
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** In order: operands; callee, then arguments; elements; what a path has in `$()`. */
  readonly parts: readonly Expression[];
}

/** Binary operators, the loosest first; all of them go from left to right. */
const levels: readonly {
  readonly kind: Expression["kind"];
  readonly operators: readonly string[];
}[] = [
  { kind: "logic", operators: ["||"] },
  { kind: "logic", operators: ["&&"] },
  {
    kind: "comparison",
    operators: ["==", "!=", "<", "<=", ">", ">=", "in", "is"],
  },
  { kind: "arithmetic", operators: ["+", "-"] },
  { kind: "arithmetic", operators: ["*", "/", "%"] },
];

/** Takes one expression; throws where there is none. */
export function parseExpression(tokens: Tokens): Expression {
  const condition = binary(tokens, 0);
  if (!tokens.take("?")) return condition;
  const yes = parseExpression(tokens);
  tokens.expect(":");
  return over("choice", "?", [condition, yes, parseExpression(tokens)]);
}

/** An expression and all within it, the outer before the inner. */
export function withParts(expression: Expression): readonly Expression[] {
  return [expression, ...expression.parts.flatMap(withParts)];
}

function binary(tokens: Tokens, level: number): Expression {
  const here = levels[level];
  if (here === undefined) return unary(tokens);
  let left = binary(tokens, level + 1);
  for (;;) {
    const text = here.operators.find((operator) => tokens.take(operator));
    if (text === undefined) return left;
    left = over(here.kind, text, [left, binary(tokens, level + 1)]);
  }
}

function unary(tokens: Tokens): Expression {
  const { start } = tokens.next();
  const text = ["!", "-"].find((operator) => tokens.take(operator));
  if (text === undefined) return postfix(tokens);
  const operand = unary(tokens);
  const kind = text === "!" ? "not" : "arithmetic";
  return { kind, text, start, end: operand.end, parts: [operand] };
}

function postfix(tokens: Tokens): Expression {
  let of = primary(tokens);
  for (;;) {
    const { start } = of;
    if (tokens.take(".")) {
      const { text, end } = tokens.skip();
      of = { kind: "property", text, start, end, parts: [of] };
    } else if (tokens.take("(")) {
      const parts = [of, ...several(tokens, ")")];
      of = { kind: "call", text: of.text, start, end: tokens.end(), parts };
    } else if (tokens.take("[")) {
      const parts = [of, ...several(tokens, "]")];
      of = { kind: "index", text: "[]", start, end: tokens.end(), parts };
    } else return of;
  }
}

function primary(tokens: Tokens): Expression {
  const { text, start } = tokens.next();
  const here = (
    kind: Expression["kind"],
    parts: readonly Expression[] = [],
  ) => ({
    kind,
    text,
    start,
    end: tokens.end(),
    parts,
  });
  if (text === "/") {
    const parts = pathParts(tokens);
    return here("path", parts);
  }
  tokens.skip();
  if (text === "(") {
    const within = parseExpression(tokens);
    tokens.expect(")");
    return here("group", [within]);
  }
  if (text === "[") {
    const parts = several(tokens, "]");
    return here("list", parts);
  }
  if (/^['"]/.test(text)) return here("string");
  if (/^(?:\d.*|true|false|null)$/.test(text)) return here("literal");
  if (/^\w+$/.test(text)) return here("name");
  return tokens.fail("an expression");
}

/** What is between here and the closing bracket. */
function several(tokens: Tokens, close: string): readonly Expression[] {
  const parts: Expression[] = [];
  while (!tokens.take(close)) {
    parts.push(parseExpression(tokens));
    if (tokens.next().text !== close) tokens.expect(",");
  }
  return parts;
}

function pathParts(tokens: Tokens): readonly Expression[] {
  const parts: Expression[] = [];
  while (tokens.take("/")) {
    if (!tokens.take("$")) {
      tokens.skip();
      continue;
    }
    tokens.expect("(");
    parts.push(parseExpression(tokens));
    tokens.expect(")");
  }
  return parts;
}

function over(
  kind: Expression["kind"],
  text: string,
  parts: readonly Expression[],
): Expression {
  const start = parts[0]?.start ?? 0;
  return { kind, text, start, end: parts.at(-1)?.end ?? start, parts };
}
