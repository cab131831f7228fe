import { mostAnnotations } from "../../../domain/signals/annotations.ts";

/** The first mention of each thing, in order, and at most as many as are kept. Of two mentions at one place, the one given first counts. */
export function firstMentions<T extends { readonly start: number }>(
  mentions: readonly T[],
  keyOf: (mention: T) => string,
): T[] {
  const first = new Map<string, T>();
  for (const mention of mentions.toSorted((a, b) => a.start - b.start)) {
    const key = keyOf(mention);
    if (!first.has(key)) first.set(key, mention);
  }
  return [...first.values()].slice(0, mostAnnotations);
}
