/** How many different features a model tells apart; two that share a bucket count as one. */
export const buckets = 2 ** 15;

/** Features by their bucket, each with its weight; what is there twice counts once, at its highest. */
export type Features = ReadonlyMap<number, number>;

/** Gathers the features of one thing by their names. */
export function gatherFeatures(): {
  readonly add: (name: string, weight?: number) => void;
  /** All of them, scaled to unit length. */
  readonly normalised: () => Features;
  readonly plain: () => Features;
} {
  const found = new Map<number, number>();
  return {
    add: (name, weight = 1) => {
      const bucket = toBucket(name);
      found.set(bucket, Math.max(found.get(bucket) ?? 0, weight));
    },
    normalised: () => {
      let square = 0;
      for (const weight of found.values()) square += weight * weight;
      const length = Math.sqrt(square) || 1;
      return new Map([...found].map(([bucket, w]) => [bucket, w / length]));
    },
    plain: () => found,
  };
}

/** FNV-1a over UTF-16 units (Fowler, Noll, Vo), folded to the number of buckets. */
function toBucket(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) {
    hash ^= name.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return ((hash >>> 16) ^ hash) & (buckets - 1);
}
