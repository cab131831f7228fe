import { Role } from "../../functions/src/domain/people/roles.ts";
import { type Expression, withParts } from "./expressions.ts";
import type { Edit } from "./edit.ts";
import { shortScope, type Statements } from "./statements.ts";

/** What may be said instead of an expression, by what it is. */
interface Instead {
  readonly sort: string;
  readonly replacement: string;
}

/** Every mistake within a function or a condition. */
export function expressionEdits(
  source: string,
  statements: Statements,
): readonly Edit[] {
  const conditions = conditionsIn(statements);
  return listRoots(statements).flatMap(({ where, root }) =>
    withParts(root).flatMap((expression) => {
      const text = (e: Expression) => source.slice(e.start, e.end);
      const instead = [
        ...(conditions.has(expression) ? ofCondition(expression, text) : []),
        ...ofValue(expression, text),
      ];
      const { start, end } = expression;
      return instead.map((other) => ({ ...other, where, start, end }));
    }),
  );
}

function listRoots({ allows, functions }: Statements) {
  return [
    ...functions.flatMap(({ name, lets, returns }) =>
      [...lets, returns].map((root) => ({ where: `${name}()`, root })),
    ),
    ...allows.map(({ scope, condition }) => ({
      where: shortScope(scope),
      root: condition,
    })),
  ];
}

/** The expressions that stand where true or false is asked for, functions that are called there included. */
function conditionsIn({ allows, functions }: Statements) {
  const found = new Set<Expression>();
  const add = (expression: Expression) => {
    const { kind, text, parts } = expression;
    if (found.has(expression)) return;
    found.add(expression);
    if (kind === "logic" || kind === "not" || kind === "group") {
      for (const part of parts) add(part);
    }
    const called = functions.find(({ name }) => name === text);
    if (kind === "call" && called !== undefined) add(called.returns);
  };
  for (const { condition } of allows) add(condition);
  for (const { root } of listRoots({ matches: [], allows, functions })) {
    for (const { kind, parts } of withParts(root)) {
      if (kind === "choice") for (const part of parts.slice(0, 1)) add(part);
    }
  }
  return found;
}

type ToText = (expression: Expression) => string;

function ofCondition(expression: Expression, text: ToText): readonly Instead[] {
  const { kind, parts } = expression;
  if (kind === "group") return [];
  const sort = "condition";
  return [
    { sort, replacement: "true" },
    { sort, replacement: "false" },
    ...(kind === "comparison" && /^[=!]=$/.test(expression.text)
      ? []
      : [{ sort, replacement: `!(${text(expression)})` }]),
    ...(kind === "logic"
      ? parts.map((part) => ({ sort, replacement: text(part) }))
      : []),
  ];
}

const otherOperators: Readonly<Record<string, readonly string[]>> = {
  "&&": ["||"],
  "||": ["&&"],
  "==": ["!="],
  "!=": ["=="],
  "<=": ["<", ">=", "=="],
};

const otherMethods: Readonly<Record<string, readonly string[]>> = {
  hasAny: ["hasAll", "hasOnly"],
};

const otherStrings: Readonly<Record<string, readonly string[]>> = {
  "'u:'": ["'t:'", "''"],
  "'t:'": ["'u:'", "''"],
  "'list'": ["'get'"],
};

/** What else a document or a token could be asked for. */
const otherProperties: Readonly<Record<string, readonly string[]>> = {
  isLead: ["active"],
  active: ["isLead"],
  audience: ["accountId"],
  uid: ["token.email"],
};

const otherNames: Readonly<Record<string, readonly string[]>> = {
  tenant: ["'other'", "request.auth.token.tenants[0]"],
  uid: ["request.auth.uid", "'own'"],
  id: ["'d1'", "tenant"],
};

function ofValue(expression: Expression, text: ToText): readonly Instead[] {
  const { kind, parts } = expression;
  const [first, second] = parts;
  const as = (sort: string, replacements: readonly string[] = []) =>
    replacements.map((replacement) => ({ sort, replacement }));
  if (kind === "string" && isRole(expression))
    return as("role", rolesBut([expression]));
  if (kind === "string") return as("literal", otherStrings[expression.text]);
  if (kind === "name") return as("name", otherNames[expression.text]);
  if (kind === "list") return ofList(expression, text);
  if (kind === "literal") return as("literal", otherLiterals(expression.text));
  if (first === undefined) return [];
  if (kind === "property") {
    const of = otherProperties[expression.text] ?? [];
    const methods = otherMethods[expression.text] ?? [];
    return [
      ...as(
        "name",
        of.map((name) => `${text(first)}.${name}`),
      ),
      ...as(
        "operator",
        methods.map((name) => `${text(first)}.${name}`),
      ),
    ];
  }
  // A call of a value's method that is left out: its arguments come too late or not at all.
  if (kind === "call" && first.kind === "property")
    return as("operator", first.parts.map(text));
  if (second === undefined) return [];
  if (kind === "logic" || kind === "comparison")
    return as(
      "operator",
      (otherOperators[expression.text] ?? []).map(
        (operator) => `(${text(first)} ${operator} ${text(second)})`,
      ),
    );
  if (kind === "arithmetic") return as("operator", [text(first), text(second)]);
  if (kind === "choice") return as("condition", parts.slice(1).map(text));
  return [];
}

function otherLiterals(literal: string): readonly string[] {
  if (literal === "true") return ["false"];
  if (literal === "false") return ["true"];
  const number = Number(literal);
  return Number.isNaN(number) ? [] : [number - 1, number + 1].map(String);
}

/** Each element left out and, among roles, each other role let in. */
function ofList(list: Expression, text: ToText): readonly Instead[] {
  const { parts } = list;
  const sort = parts.some(isRole) ? "role" : "literal";
  const without = parts.map((left) =>
    parts.filter((part) => part !== left).map(text),
  );
  const added = sort === "role" ? rolesBut(parts) : [];
  const longer = added.map((role) => [...parts.map(text), role]);
  return [...without, ...longer].map((elements) => ({
    sort,
    replacement: `[${elements.join(", ")}]`,
  }));
}

function isRole({ text }: Expression): boolean {
  return Role.safeParse(text.slice(1, -1)).success;
}

function rolesBut(taken: readonly Expression[]): readonly string[] {
  return Role.options
    .map((role) => `'${role}'`)
    .filter((role) => taken.every(({ text }) => text !== role));
}
