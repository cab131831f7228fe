import type { Edit } from "./edit.ts";
import { parseStatements } from "./statements.ts";
import { expressionEdits } from "./expressionEdits.ts";
import { statementEdits } from "./statementEdits.ts";
import { openings } from "./openings.ts";
import { Role } from "../../functions/src/domain/people/roles.ts";

/** The rules with one mistake in them. */
export interface Mutant extends Edit {
  /** Where, what and what instead: the same as long as those are, whatever moves around them. */
  readonly id: string;
  readonly line: number;
  readonly source: string;
  /** Whether who belongs to the tenant, or what their role is, hangs on it. */
  readonly onTenantOrRole: boolean;
}

/** Every mistake of a kind that this knows, each once; `denied` are collections that no rule names. */
export function makeMutants(
  source: string,
  denied: readonly string[],
): readonly Mutant[] {
  const statements = parseStatements(source);
  const edits = [
    ...expressionEdits(source, statements),
    ...statementEdits(statements),
    ...openings(statements, denied),
  ];
  const times = new Map<string, number>();
  const sources = new Set([source]);
  return edits.flatMap((edit) => {
    const mutant = toMutant(source, edit);
    if (sources.has(mutant.source)) return [];
    sources.add(mutant.source);
    const time = (times.get(mutant.id) ?? 0) + 1;
    times.set(mutant.id, time);
    const id = time === 1 ? mutant.id : `${mutant.id} (${time})`;
    return [{ ...mutant, id }];
  });
}

/** The rules as they are, to be judged like a mutant. */
export function toUnchanged(source: string): Mutant {
  const edit = { sort: "", where: "", start: 0, end: 0, replacement: "" };
  return toMutant(source, edit);
}

const tenantOrRole = new RegExp(
  `tenant|role|member|sees|${Role.options.join("|")}`,
  "i",
);

function toMutant(source: string, edit: Edit): Mutant {
  const { start, end, replacement, where } = edit;
  const before = source.slice(0, start);
  const original = source.slice(start, end);
  const short = (text: string) => {
    const line = text.replaceAll(/\s+/g, " ").trim();
    return line.length > 90
      ? `${line.slice(0, 60)} … ${line.slice(-27)}`
      : line;
  };
  const change =
    original === ""
      ? `+ ${short(replacement)}`
      : `${short(original)} → ${short(replacement) || "nothing"}`;
  return {
    ...edit,
    id: `${where}: ${change}`,
    line: before.split("\n").length,
    source: before + replacement + source.slice(end),
    onTenantOrRole: tenantOrRole.test(`${where} ${original} ${replacement}`),
  };
}
