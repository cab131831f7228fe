/** A text in pieces of as many UTF-16 units each; what is left over is left out. */
export function splitEvery(text: string, length: number): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at + length <= text.length; at += length)
    pieces.push(text.slice(at, at + length));
  return pieces;
}

/** The hash of a word, of three characters: 18 bits. Brief hashes sort as their numbers do. */
export function shortHash(stem: string): string {
  return encodeHash(hash32(stem), 3);
}

/** In the order of their characters' codes, so that encoded hashes sort as their numbers do. */
const alphabet =
  "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/** The highest bits of a hash as text, six a character, five characters at most. */
export function encodeHash(hash: number, characters: number): string {
  let text = "";
  for (let at = 0; at < characters; at += 1)
    text += alphabet.charAt((hash >>> (26 - 6 * at)) & 63);
  return text;
}

/** 32 bits: FNV-1a over UTF-16 code units (Fowler, Noll, Vo), mixed as MurmurHash3 ends (Appleby, fmix32). */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
