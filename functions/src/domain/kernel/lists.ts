/** At least one. */
export type NonEmpty<T> = readonly [T, ...T[]];

/** The items in order, in batches of at most `size`. */
export function toBatches<T>(
  items: readonly T[],
  size: number,
): readonly NonEmpty<T>[] {
  const batches: [T, ...T[]][] = [];
  for (const item of items) {
    const batch = batches.at(-1);
    if (batch === undefined || batch.length === size) batches.push([item]);
    else batch.push(item);
  }
  return batches;
}

/** The items by their key; groups and items keep the order in which they come. */
export function groupBy<K, T>(
  items: readonly T[],
  toKey: (item: T) => K,
): ReadonlyMap<K, NonEmpty<T>> {
  const groups = new Map<K, [T, ...T[]]>();
  for (const item of items) {
    const key = toKey(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
