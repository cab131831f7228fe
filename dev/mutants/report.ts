import type { Verdict } from "./verdict.ts";

/** Of those that are not equivalent; and all of those on tenant or role. */
const leastKilled = 0.95;

/** A table by sort, and what is wrong, a line each: too many that survive, one on tenant or role that does, and the list of the equivalent ones not being true. */
export function toReport(
  verdicts: readonly Verdict[],
  equivalent: Readonly<Record<string, string>>,
  isWhole: boolean,
) {
  const isEquivalent = ({ mutant }: Verdict) =>
    Object.hasOwn(equivalent, mutant.id);
  const outcome = (wanted: Verdict["outcome"]) =>
    verdicts.filter((verdict) => verdict.outcome === wanted);
  const killed = outcome("killed");
  const survived = outcome("survived").filter((v) => !isEquivalent(v));
  const share = killed.length / (killed.length + survived.length);
  const made = new Set(verdicts.map(({ mutant }) => mutant.id));
  const gone = Object.keys(equivalent).filter((id) => !made.has(id));
  const sensitive = survived.filter(({ mutant }) => mutant.onTenantOrRole);
  return {
    table: [
      ...toTable(verdicts, isEquivalent),
      ...outcome("not compiled").map(
        ({ mutant }) => `not compiled: ${mutant.id}`,
      ),
      ...survived.map(
        ({ mutant }) => `survived: line ${mutant.line}: ${mutant.id}`,
      ),
      `${(100 * share).toFixed(1)} % killed`,
    ],
    failures: [
      ...(share < leastKilled
        ? [`FAILED: less than ${100 * leastKilled} % are killed`]
        : []),
      ...sensitive.map(
        ({ mutant }) =>
          `FAILED: it touches tenant or role and survives: ${mutant.id}`,
      ),
      ...killed
        .filter(isEquivalent)
        .map(
          ({ mutant, by }) =>
            `FAILED: listed as equivalent, but told from the rules by ${by}: ${mutant.id}`,
        ),
      ...(isWhole ? gone : []).map(
        (id) => `FAILED: listed as equivalent, but no longer made: ${id}`,
      ),
    ],
  };
}

function toTable(
  verdicts: readonly Verdict[],
  isEquivalent: (verdict: Verdict) => boolean,
): readonly string[] {
  const sorts = [...new Set(verdicts.map(({ mutant }) => mutant.sort))];
  const toRow = (name: string, some: readonly Verdict[]) => {
    const count = (wanted: Verdict["outcome"], equivalent: boolean) =>
      some.filter((v) => v.outcome === wanted && isEquivalent(v) === equivalent)
        .length;
    return [
      name,
      some.length,
      count("killed", false) + count("killed", true),
      count("survived", false),
      count("survived", true),
      count("not compiled", false) + count("not compiled", true),
    ];
  };
  return [
    ["", "made", "killed", "survived", "equivalent", "not compiled"],
    ...sorts.map((sort) =>
      toRow(
        sort,
        verdicts.filter(({ mutant }) => mutant.sort === sort),
      ),
    ),
    toRow("all", verdicts),
  ].map((cells) => cells.map((cell) => String(cell).padEnd(14)).join(""));
}
