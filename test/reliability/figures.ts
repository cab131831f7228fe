/** A figure that is promised, and what was reached. */
export interface Figure {
  readonly what: string;
  readonly reached: number;
  readonly promised: readonly ["=" | "≤" | "≥", number];
}

/** What a part of a property came to. */
export interface Verdict {
  readonly figures: readonly Figure[];
  /** In a line, what it went through. */
  readonly told: string;
  /** What does not hold, in words; each begins with the command that shows it again. */
  readonly failures: readonly string[];
}

/** Whether what was reached is what is promised. */
export function holds({ reached, promised: [sense, value] }: Figure): boolean {
  if (sense === "=") return reached === value;
  return sense === "≤" ? reached <= value : reached >= value;
}

/** Of figures that several parts reached, the one that is worst. */
export function worst(figures: readonly Figure[]): readonly Figure[] {
  const byName = new Map<string, Figure>();
  for (const figure of figures) {
    const known = byName.get(figure.what);
    if (known === undefined || isWorse(figure, known))
      byName.set(figure.what, figure);
  }
  return [...byName.values()];
}

function isWorse(one: Figure, other: Figure): boolean {
  if (holds(one) !== holds(other)) return !holds(one);
  return one.promised[0] === "≥"
    ? one.reached < other.reached
    : one.reached > other.reached;
}

/** The command that plays a part once more, as a person types it. */
export function commandOf(...parts: readonly (string | number)[]): string {
  const words = parts.map((part) =>
    /^[\w.,-]+$/.test(String(part)) ? String(part) : `"${part}"`,
  );
  return `npm run test:chaos -- ${words.join(" ")}`;
}

/** A verdict on figures that stand or fall together. */
export function verdictOf(
  figures: readonly Figure[],
  told: string,
  command: string,
): Verdict {
  const failing = figures.filter((figure) => !holds(figure));
  const failures = failing.map(
    ({ what, reached, promised: [sense, value] }) =>
      `${command}   # ${what}: ${reached}, promised ${sense} ${value}`,
  );
  return { figures, told, failures };
}
