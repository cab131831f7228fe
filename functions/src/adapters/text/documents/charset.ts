/**
 * Decodes fetched bytes by the rules of the web: by the byte order mark, else the charset of the content type,
 * else the encoding of an XML declaration or a `<meta>`, else UTF-8, or windows-1252 where the bytes are not UTF-8
 * (WHATWG Encoding; HTML, 13.2.3.2).
 */
export function decodeText(body: Uint8Array, contentType: string): string {
  const beginning = new TextDecoder("latin1").decode(body.subarray(0, 2048));
  const named =
    byteOrderMark(body) ??
    /charset\s*=\s*["']?([\w.:-]+)/iu.exec(contentType)?.[1] ??
    /<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)/iu.exec(beginning)?.[1] ??
    /<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]+)/iu.exec(beginning)?.[1];
  // Text declared as ASCII is mostly UTF-8 today, and UTF-8 contains ASCII.
  const label =
    named === undefined || /^(?:us-)?ascii$/iu.test(named) ? "utf-8" : named;
  return (
    tryDecode(body, label) ??
    tryDecode(body, "utf-8") ??
    decodeWindows1252(body)
  );
}

function byteOrderMark(body: Uint8Array): string | undefined {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return "utf-8";
  if (body[0] === 0xfe && body[1] === 0xff) return "utf-16be";
  if (body[0] === 0xff && body[1] === 0xfe) return "utf-16le";
  return undefined;
}

/** Decodes windows-1252. In one call, Node.js 20 decodes Latin-1 instead, without the quotation marks (nodejs/node#56542). */
export function decodeWindows1252(body: Uint8Array): string {
  return new TextDecoder("windows-1252").decode(body, { stream: true });
}

/** Bytes in the encoding of that label; null where the label is unknown or the bytes are not in it. */
export function tryDecode(body: Uint8Array, label: string): string | null {
  try {
    const decoder = new TextDecoder(label, { fatal: true });
    return decoder.encoding === "windows-1252"
      ? decodeWindows1252(body)
      : decoder.decode(body);
  } catch {
    // An unknown label, or bytes that are not in that encoding: try the next.
    return null;
  }
}
