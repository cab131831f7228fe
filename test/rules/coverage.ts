import { z } from "zod";
import { ruleCoverage } from "./emulatorRest.ts";

/** Expressions that cannot come to both true and false, or to any value at all, each with the reason. */
export const uncovered: Readonly<Record<string, string>> = {};

const Expression = z.object({
  sourcePosition: z.object({
    line: z.int(),
    column: z.int(),
    currentOffset: z.int(),
    endOffset: z.int(),
  }),
  /** Absent where it was never come to; an empty value where && or || stopped before it; undefined where it was an error. */
  values: z
    .array(z.object({ value: z.record(z.string(), z.unknown()) }))
    .default([]),
  get children() {
    return z.array(Expression).default([]);
  },
});
type Expression = z.infer<typeof Expression>;

/**
 * What the expressions of a project's rules have come to since they were loaded. `missing` has a line for each that
 * came to no value, and for each condition that was not both true and false, whatever it was called with; but for
 * those that `uncovered` lists: they are in `excused`. What is a condition, the emulator says: it came to a boolean.
 */
export async function coverageOf(projectId: string) {
  const { content, report } = await ruleCoverage(projectId);
  const expressions = z.array(Expression).parse(report).flatMap(withChildren);
  const lacking = expressions.flatMap((expression) => {
    const name = nameOf(expression, content);
    const lack = lackOf(expression);
    const { line, column } = expression.sourcePosition;
    return lack === null
      ? []
      : [{ name, text: `${line}:${column} ${name} ${lack}` }];
  });
  const isExcused = ({ name }: { readonly name: string }) =>
    Object.hasOwn(uncovered, name);
  return {
    seen: expressions.length,
    conditions: expressions.filter((e) => boolsOf(e).size > 0).length,
    missing: lacking.filter((l) => !isExcused(l)).map(({ text }) => text),
    excused: lacking.filter(isExcused).map(({ name }) => name),
  };
}

function withChildren(expression: Expression): readonly Expression[] {
  return [expression, ...expression.children.flatMap(withChildren)];
}

function lackOf(expression: Expression): string | null {
  const bools = boolsOf(expression);
  if (bools.size === 1) return `was never ${String(!bools.has(true))}`;
  const came = expression.values.some(
    ({ value }) => Object.keys(value).length > 0 && !("undefined" in value),
  );
  return came ? null : "never came to a value";
}

function boolsOf({ values }: Expression): ReadonlySet<unknown> {
  return new Set(
    values.flatMap(({ value }) =>
      "boolValue" in value ? [value["boolValue"]] : [],
    ),
  );
}

/** Its text: the report ends an expression at its last word, before the brackets that close. */
function nameOf({ sourcePosition }: Expression, content: string): string {
  const { currentOffset, endOffset } = sourcePosition;
  let end = endOffset + 1;
  const isOpen = () => {
    const text = content.slice(currentOffset, end).replaceAll(/'[^']*'/g, "");
    return (
      (text.match(/[([]/g)?.length ?? 0) > (text.match(/[)\]]/g)?.length ?? 0)
    );
  };
  if (content.startsWith("()", end)) end += 2;
  while (isOpen() && end < content.length) end += 1;
  return content.slice(currentOffset, end).replaceAll(/\s+/g, " ");
}
