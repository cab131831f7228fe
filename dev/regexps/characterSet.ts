/** Which characters of a sample: all of the basic plane, and of the others every 64th. One bit each. */
export type CharacterSet = Uint32Array;

const sample = sampleCharacters();
const words = Math.ceil(sample.length / 32);
/** One after the other; low surrogates stand before high ones, so that no two of them make a pair. */
const joined = sample.join("");
const indexAt = new Map<number, number>();
{
  let at = 0;
  for (const [index, character] of sample.entries()) {
    indexAt.set(at, index);
    at += character.length;
  }
}

function sampleCharacters(): readonly string[] {
  const points: number[] = [];
  const add = (from: number, to: number, step = 1) => {
    for (let point = from; point <= to; point += step) points.push(point);
  };
  add(0, 0xd7ff);
  add(0xdc00, 0xdfff);
  add(0xd800, 0xdbff);
  add(0xe000, 0xffff);
  add(0x10000, 0x323af, 64);
  add(0xe0000, 0xe01ff, 16);
  return points.map((point) => String.fromCodePoint(point));
}

const known = new Map<string, CharacterSet>();

/** The characters that a matcher of one character stands for, as the engine itself tells. */
export function findCharacters(source: string, flags: string): CharacterSet {
  const kept = flags.replace(/[^isuv]/g, "");
  const key = `${kept}/${source}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const set = noCharacters();
  for (const { index } of joined.matchAll(new RegExp(source, `${kept}g`))) {
    const at = indexAt.get(index);
    if (at !== undefined)
      set[at >>> 5] = (set[at >>> 5] ?? 0) | (1 << (at & 31));
  }
  known.set(key, set);
  return set;
}

export function noCharacters(): CharacterSet {
  return new Uint32Array(words);
}

export function union(sets: readonly CharacterSet[]): CharacterSet {
  const [first, ...others] = sets;
  if (first !== undefined && others.length === 0) return first;
  const all = noCharacters();
  for (const set of sets)
    for (let i = 0; i < words; i++) all[i] = (all[i] ?? 0) | (set[i] ?? 0);
  return all;
}

export function isDisjoint(a: CharacterSet, b: CharacterSet): boolean {
  for (let i = 0; i < words; i++)
    if (((a[i] ?? 0) & (b[i] ?? 0)) !== 0) return false;
  return true;
}

export function isWithin(part: CharacterSet, whole: CharacterSet): boolean {
  for (let i = 0; i < words; i++)
    if (((part[i] ?? 0) & ~(whole[i] ?? 0)) !== 0) return false;
  return true;
}
