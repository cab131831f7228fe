import { holds, worst } from "../../test/reliability/figures.ts";
import type { Played } from "./played.ts";

/** Prints each figure with the worst that any part reached, then the commands that show again what does not hold; returns whether all holds. */
export function printTable(played: readonly Played[]): boolean {
  const figures = worst(played.flatMap((one) => one.figures)).toSorted(
    (a, b) => (a.what < b.what ? -1 : 1),
  );
  const rows = figures.map((figure) => [
    figure.what,
    String(figure.reached),
    figure.promised.join(" "),
    holds(figure) ? "holds" : "DOES NOT HOLD",
  ]);
  const table = [["figure", "reached", "promised", ""], ...rows];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of table)
    console.log(
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  const failures = played.flatMap((one) => one.failures);
  if (failures.length > 0) console.log(`\n${failures.join("\n")}`);
  return failures.length === 0 && figures.every(holds);
}
