import { type Expression, parseExpression } from "./expressions.ts";
import { type Token, type Tokens, tokenise } from "./tokens.ts";

/** What stands in which `match`, by its whole path: `/databases/{database}/documents/tenants/{tenant}/inbox/{id}`. */
interface Statement {
  readonly scope: string;
  readonly start: number;
  readonly end: number;
}

/** `match /path { … }`; the path's words are those between the slashes. */
export interface Match extends Statement {
  readonly path: readonly Token[];
  /** Where its first statement could stand. */
  readonly inside: number;
}

/** `allow verbs: if condition;` */
export interface Allow extends Statement {
  readonly verbs: Token;
  readonly condition: Expression;
}

/** `function name() { let …; return …; }` */
export interface Func extends Statement {
  readonly name: string;
  readonly lets: readonly Expression[];
  readonly returns: Expression;
}

/** The statements of a file of rules, in order. */
export interface Statements {
  readonly matches: readonly Match[];
  readonly allows: readonly Allow[];
  readonly functions: readonly Func[];
}

/** Reads rules that compile; throws at what this does not know. */
export function parseStatements(source: string): Statements {
  const tokens = tokenise(source);
  const found: Found = { matches: [], allows: [], functions: [] };
  for (const text of ["rules_version", "="]) tokens.expect(text);
  tokens.skip();
  tokens.take(";");
  for (const text of ["service", "cloud", ".", "firestore", "{"])
    tokens.expect(text);
  block(tokens, "", found);
  return found;
}

/** A scope without what all of them begin with. */
export function shortScope(scope: string): string {
  return (
    scope.replace(/^.*?\/documents/, "").replace("/tenants/{tenant}/", "/") ||
    "/"
  );
}

interface Found {
  readonly matches: Match[];
  readonly allows: Allow[];
  readonly functions: Func[];
}

/** Everything up to the closing brace, and that. */
function block(tokens: Tokens, scope: string, found: Found): void {
  while (!tokens.take("}")) {
    const { start } = tokens.next();
    if (tokens.take("match")) {
      const path = readPath(tokens);
      const within = `${scope}/${path.map(({ text }) => text).join("/")}`;
      tokens.expect("{");
      const at = found.matches.length;
      const inside = tokens.end();
      block(tokens, within, found);
      const end = tokens.end();
      found.matches.splice(at, 0, { scope: within, start, end, path, inside });
    } else if (tokens.take("allow")) {
      found.allows.push({ scope, start, ...allow(tokens), end: tokens.end() });
    } else if (tokens.take("function")) {
      const body = func(tokens);
      found.functions.push({ scope, start, ...body, end: tokens.end() });
    } else tokens.fail("match, allow, function or }");
  }
}

function readPath(tokens: Tokens): readonly Token[] {
  const path: Token[] = [];
  while (tokens.take("/")) {
    const { start } = tokens.next();
    let text = "";
    do text += tokens.skip().text;
    while (text.startsWith("{") && !text.endsWith("}"));
    path.push({ text, start, end: tokens.end() });
  }
  return path;
}

function allow(tokens: Tokens) {
  const { start } = tokens.next();
  const verbs = [tokens.skip().text];
  while (tokens.take(",")) verbs.push(tokens.skip().text);
  const end = tokens.end();
  for (const text of [":", "if"]) tokens.expect(text);
  const condition = parseExpression(tokens);
  tokens.expect(";");
  return { verbs: { text: verbs.join(", "), start, end }, condition };
}

function func(tokens: Tokens) {
  const name = tokens.skip().text;
  tokens.expect("(");
  while (!tokens.take(")")) tokens.skip();
  tokens.expect("{");
  const lets: Expression[] = [];
  while (tokens.take("let")) {
    tokens.skip();
    tokens.expect("=");
    lets.push(parseExpression(tokens));
    tokens.expect(";");
  }
  tokens.expect("return");
  const returns = parseExpression(tokens);
  tokens.take(";");
  tokens.expect("}");
  return { name, lets, returns };
}
