import { availableParallelism, totalmem } from "node:os";

/** One figure of the benchmark: what is asked of it, what came, and the tables behind it. */
export interface Figure {
  readonly name: string;
  readonly asked: string;
  readonly came: string;
  readonly holds: boolean;
  /** Paragraphs and tables, in Markdown. */
  readonly details: readonly string[];
}

/** A table in Markdown. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** The report of a whole run, in Markdown: what was asked, what came, and on what; it names no machine. */
export function report(figures: readonly Figure[], now: Date): string {
  const gb = Math.round(totalmem() / 2 ** 30);
  const on = `${availableParallelism()} cores, ${gb} GB, Node ${process.version.slice(1)}, ${now.toISOString().slice(0, 10)}`;
  return [
    "# Results",
    `Written by \`npm run bench\`: ${on}. Local emulators share the cores with what is measured.`,
    summary(figures),
    ...figures.flatMap(({ name, asked, details }) => [
      `## ${name}: ${asked}`,
      ...details.filter((part) => part !== ""),
    ]),
    "",
  ].join("\n\n");
}

/** What was asked and what came, a line for each figure. */
export function summary(figures: readonly Figure[]): string {
  return table(
    ["", "asked", "came", ""],
    figures.map(({ name, asked, came, holds }) => [
      name,
      asked,
      came,
      holds ? "holds" : "does not hold",
    ]),
  );
}
