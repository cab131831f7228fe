import {
  decodeWindows1252,
  tryDecode,
} from "../../../text/documents/charset.ts";

/**
 * Decodes a feed by XML's rules (XML 1.0, appendix F; RFC 7303, 3). The encoding of `<` reveals UTF-32, UTF-16 and
 * EBCDIC. Valid UTF-8 is UTF-8, whatever single-byte charset the server or the declaration names; otherwise the
 * server's charset counts, then the declaration's, then windows-1252.
 */
export function decodeFeed(body: Uint8Array, contentType: string): string {
  const wide = decodeWide(body);
  if (wide !== null) return wide;
  const beginning = Buffer.from(body.subarray(0, 2048)).toString("latin1");
  const labels = [
    /charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,100})/iu.exec(
      contentType,
    )?.[1],
    /<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)/iu.exec(beginning)?.[1],
  ].filter((label) => label !== undefined);
  const [named = ""] = labels;
  // UTF-16 would show in the encoding of `<`, and ASCII is UTF-8.
  const possible = labels.filter(
    (label) => !/^(?:utf|iso-10646|(?:us-)?ascii)/iu.test(label),
  );
  const tries = multiByteLabel.test(named)
    ? [...possible, "utf-8"]
    : ["utf-8", ...possible];
  for (const label of tries) {
    const text = tryDecode(body, label);
    if (text !== null) return text;
  }
  return decodeWindows1252(body);
}

/** Charsets whose text can be valid UTF-8 by chance. */
const multiByteLabel =
  /^(?:gb|big5|euc|shift|sjis|x-sjis|iso-?2022|hz|ks_?c|cp9|ms9)/iu;

/** Decodes text in which ASCII characters have other codes or lengths; null where it is none. */
function decodeWide(body: Uint8Array): string | null {
  const mark = Buffer.from(body.subarray(0, 4)).toString("hex");
  if (/^(?:0000feff|0000003c)/u.test(mark)) return decodeUtf32(body, false);
  if (/^(?:fffe0000|3c000000)/u.test(mark)) return decodeUtf32(body, true);
  if (/^(?:feff|003c00)/u.test(mark))
    return new TextDecoder("utf-16be").decode(body);
  if (/^(?:fffe|3c00..00)/u.test(mark))
    return new TextDecoder("utf-16le").decode(body);
  return mark === "4c6fa794" ? decodeEbcdic(body) : null;
}

function decodeUtf32(body: Uint8Array, isLittleEndian: boolean): string {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const parts: string[] = [];
  for (let at = 0; at + 4 <= body.byteLength; at += 4) {
    const code = view.getUint32(at, isLittleEndian);
    const isCharacter = code <= 0x10ffff && code !== 0xfeff;
    parts.push(isCharacter ? String.fromCodePoint(code) : "");
  }
  return parts.join("");
}

/** Code page 037, each byte as its Latin-1 character (IBM, CPGID 00037); other EBCDIC pages agree in letters, digits and XML's syntax. */
const codePage37 = Buffer.from(
  "000102039c09867f978d8e0b0c0d0e0f101112139d8508871819928f1c1d1e1f" +
    "80818283840a171b88898a8b8c050607909116939495960498999a9b14159e1a" +
    "20a0e2e4e0e1e3e5e7f1a22e3c282b7c26e9eaebe8edeeefecdf21242a293bac" +
    "2d2fc2c4c0c1c3c5c7d1a62c255f3e3ff8c9cacbc8cdcecfcc603a2340273d22" +
    "d8616263646566676869abbbf0fdfeb1b06a6b6c6d6e6f707172aabae6b8c6a4" +
    "b57e737475767778797aa1bfd0dddeae5ea3a5b7a9a7b6bcbdbe5b5dafa8b4d7" +
    "7b414243444546474849adf4f6f2f3f57d4a4b4c4d4e4f505152b9fbfcf9faff" +
    "5cf7535455565758595ab2d4d6d2d3d530313233343536373839b3dbdcd9da9f",
  "hex",
);

function decodeEbcdic(body: Uint8Array): string {
  return Buffer.from(body.map((byte) => codePage37[byte] ?? 0)).toString(
    "latin1",
  );
}
