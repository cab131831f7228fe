/** Numbers and orders that look random, and are the same for each seed (a linear congruential generator). */
export function randomFrom(seed: number): {
  readonly shuffled: <T>(items: readonly T[]) => readonly T[];
} {
  let state = seed;
  const next = () =>
    (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32;
  return {
    shuffled: (items) => {
      const keyed = items.map((item) => ({ item, key: next() }));
      return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
    },
  };
}
