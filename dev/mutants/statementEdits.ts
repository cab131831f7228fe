import type { Edit } from "./edit.ts";
import {
  type Allow,
  type Match,
  shortScope,
  type Statements,
} from "./statements.ts";

const otherVerbs = [
  "get",
  "list",
  "read",
  "write",
  "read, create",
  "read, update",
  "read, delete",
];

/** Every mistake in what is matched and what is allowed there. */
export function statementEdits({
  matches,
  allows,
}: Statements): readonly Edit[] {
  return [
    ...allows.flatMap(ofVerbs),
    ...matches.slice(1).flatMap(ofPath),
    ...matches.slice(2).map(withoutIt),
  ];
}

function ofVerbs({ scope, verbs }: Allow): readonly Edit[] {
  const { text, start, end } = verbs;
  const where = `${shortScope(scope)} allow`;
  return otherVerbs
    .filter((other) => other !== text)
    .map((replacement) => ({ sort: "verb", where, start, end, replacement }));
}

/** Each word exchanged: a wildcard for one that holds for what is beneath too, a name for any name and for another one. */
function ofPath({ scope, path }: Match): readonly Edit[] {
  const where = `${shortScope(scope)} match`;
  return path.flatMap(({ text, start, end }) => {
    const others = text.startsWith("{")
      ? [text.replace("}", "=**}")]
      : ["{any}", "unnamed"];
    return others.map((replacement) => ({
      sort: "path",
      where,
      start,
      end,
      replacement,
    }));
  });
}

function withoutIt({ scope, start, end }: Match): Edit {
  const where = shortScope(scope);
  return { sort: "match", where, start, end, replacement: "" };
}
