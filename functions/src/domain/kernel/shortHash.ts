/** A text in pieces of `length` UTF-16 units each; drops an incomplete last piece. */
export function splitEvery(text: string, length: number): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at + length <= text.length; at += length)
    pieces.push(text.slice(at, at + length));
  return pieces;
}

/** The hash of a word in three characters: 18 bits. Short hashes sort like their numbers. */
export function shortHash(stem: string): string {
  return encodeHash(hash32(stem), 3);
}

/** In character-code order, so that encoded hashes sort like their numbers. */
const alphabet =
  "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/** The highest bits of a hash as text, six per character, at most five characters. */
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
