/** How much of a marked text was found, and how much of what was found is in it; undefined where there is nothing to measure. */
export interface Overlap {
  readonly precision: number | undefined;
  readonly recall: number | undefined;
}

const size = 4;

/** The measure of the article-extraction benchmark (Zyte, 2020): texts as multisets of shingles of four word tokens. */
export function overlapOf(expected: string, found: string): Overlap {
  const wanted = shinglesOf(expected);
  const given = shinglesOf(found);
  let both = 0;
  for (const [shingle, count] of given)
    both += Math.min(count, wanted.get(shingle) ?? 0);
  return {
    precision: shareOf(both, totalOf(given)),
    recall: shareOf(both, totalOf(wanted)),
  };
}

/** Precision and recall averaged over pages, and the F1 of the two averages. */
export function averageOf(pages: readonly Overlap[]) {
  const precision = meanOf(pages.flatMap((page) => page.precision ?? []));
  const recall = meanOf(pages.flatMap((page) => page.recall ?? []));
  const f1 = (2 * precision * recall) / (precision + recall);
  return { f1, precision, recall };
}

function shinglesOf(text: string): ReadonlyMap<string, number> {
  const words = text.match(/[\p{L}\p{N}\p{M}_]+/gu) ?? [];
  const counts = new Map<string, number>();
  for (let i = 0; i < Math.max(1, words.length - size + 1); i++) {
    const shingle = words.slice(i, i + size).join("\u0001");
    if (shingle !== "") counts.set(shingle, (counts.get(shingle) ?? 0) + 1);
  }
  return counts;
}

function totalOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function shareOf(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
