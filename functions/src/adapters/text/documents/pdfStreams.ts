import { inflateSync } from "node:zlib";

/** How many bytes before a stream are searched for its dictionary; longer dictionaries describe fonts and colours, not streams. */
const dictionaryBytes = 2_000;

/**
 * Counts the bytes that the Flate streams of a PDF inflate to, except images (ISO 32000-1, 7.3.8 and 7.4.4), and
 * stops counting after `most`. Finds streams by their keyword, so that none hides behind a damaged table.
 */
export function countInflatedBytes(body: Uint8Array, most: number): number {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let total = 0;
  let at = bytes.indexOf("stream");
  for (; at !== -1 && total <= most; at = bytes.indexOf("stream", at + 6)) {
    const dictionary = dictionaryBefore(bytes, at);
    if (!/\/(?:FlateDecode|Fl)\b/u.test(dictionary)) continue;
    if (/\/Subtype\s*\/Image\b/u.test(dictionary)) continue;
    total += inflatedLength(bytes.subarray(contentStart(bytes, at)), most);
  }
  return total;
}

function dictionaryBefore(bytes: Buffer, at: number): string {
  const before = bytes
    .subarray(Math.max(0, at - dictionaryBytes), at)
    .toString("latin1");
  return before.slice(before.lastIndexOf("obj") + 1);
}

/** The offset after the line break that follows the keyword. */
function contentStart(bytes: Buffer, at: number): number {
  const start = at + "stream".length;
  if (bytes[start] === 13) return start + (bytes[start + 1] === 10 ? 2 : 1);
  return start + (bytes[start] === 10 ? 1 : 0);
}

/** The inflated length of the zlib stream at the start of these bytes; `most` + 1 where it is longer, 0 where there is none. */
function inflatedLength(bytes: Buffer, most: number): number {
  try {
    return inflateSync(bytes, { maxOutputLength: most }).length;
  } catch (error) {
    const isLonger =
      error instanceof Error &&
      "code" in error &&
      error.code === "ERR_BUFFER_TOO_LARGE";
    return isLonger ? most + 1 : 0;
  }
}
