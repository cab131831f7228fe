import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream";
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
} from "node:zlib";
import { PermanentError } from "../../domain/kernel/errors.ts";
import { loggableUrl } from "./url.ts";

/** The content codings that are requested and read (RFC 9110, section 8.4.1; RFC 7932), one at a time. */
export const acceptEncoding = "gzip, deflate, br";

type Inflater = (first: Uint8Array) => ReturnType<typeof createGunzip>;

const inflaterByCoding: ReadonlyMap<string, Inflater> = new Map<
  string,
  Inflater
>([
  ["gzip", () => createGunzip()],
  ["x-gzip", () => createGunzip()],
  ["br", () => createBrotliDecompress()],
  // Some servers leave out the zlib header, the first byte of which ends in 8 (RFC 1950, section 2.2).
  [
    "deflate",
    ([first = 0]) =>
      (first & 15) === 8 ? createInflate() : createInflateRaw(),
  ],
]);

/** How much of a body is read. */
export interface Extent {
  readonly url: URL;
  /** Counted on the wire, and again after decompression. */
  readonly maxBytes: number;
  /** Whether a body beyond the limit is cut there rather than refused. */
  readonly isCut: boolean;
}

/**
 * Reads the body of an answer, decompressing as it arrives and no further than the limit. Throws PermanentError:
 * "too-large" at the limit, "bad-answer" where it is not compressed as declared, or in a way that was not
 * requested.
 */
export async function readBody(
  response: IncomingMessage,
  extent: Extent,
): Promise<Uint8Array> {
  const coding = (response.headers["content-encoding"] ?? "").toLowerCase();
  if (coding === "" || coding === "identity")
    return collectBytes(response, extent);
  const inflater = inflaterByCoding.get(coding);
  if (inflater === undefined) {
    throw new PermanentError(
      "bad-answer",
      `${loggableUrl(extent.url)} has an encoding that was not requested: ${coding.slice(0, 50)}`,
    );
  }
  try {
    return await collectBytes(inflate(response, inflater, extent), extent);
  } catch (cause) {
    if (!isDamaged(cause)) throw cause;
    throw new PermanentError(
      "bad-answer",
      `${loggableUrl(extent.url)} is not compressed as declared: ${coding}`,
      { cause },
    );
  }
}

/** One growing buffer: a body in many small parts takes no more memory than its bytes. */
async function collectBytes(
  parts: AsyncIterable<Uint8Array>,
  extent: Extent,
): Promise<Uint8Array> {
  const { maxBytes } = extent;
  let body = new Uint8Array(Math.min(maxBytes, 65_536));
  let size = 0;
  for await (const part of parts) {
    const room = maxBytes - size;
    if (part.length > room && !extent.isCut) throw tooLargeError(extent);
    const taken = part.subarray(0, room);
    if (size + taken.length > body.length) {
      const wider = Math.max(2 * body.length, size + taken.length);
      const grown = new Uint8Array(Math.min(maxBytes, wider));
      grown.set(body.subarray(0, size));
      body = grown;
    }
    body.set(taken, size);
    size += taken.length;
    if (part.length > room) break;
  }
  return body.slice(0, size);
}

async function* inflate(
  wire: AsyncIterable<Uint8Array>,
  inflaterFor: Inflater,
  extent: Extent,
): AsyncGenerator<Uint8Array> {
  const parts = limitBytes(wire, extent);
  const first = await parts.next();
  // An empty body is not compressed, although servers often say so.
  if (first.done === true) return;
  const all = async function* () {
    yield first.value;
    yield* parts;
  };
  // Any failure reaches the reader of the last part.
  yield* pipeline(all, inflaterFor(first.value), () => undefined);
}

/** Passes on what arrives, up to the limit: compressed empty blocks could follow each other for ever. */
async function* limitBytes(
  wire: AsyncIterable<Uint8Array>,
  extent: Extent,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const part of wire) {
    size += part.length;
    if (size > extent.maxBytes) throw tooLargeError(extent);
    yield part;
  }
}

function tooLargeError({ url, maxBytes }: Extent): PermanentError {
  return new PermanentError(
    "too-large",
    `${loggableUrl(url)} has more than ${maxBytes} bytes`,
  );
}

/** Recognises the error codes of zlib, and of Brotli as Node.js names them (ERR__ERROR_FORMAT_PADDING_1 and the like). */
function isDamaged(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    /^(?:Z_|ERR__ERROR_)/u.test(String(error.code))
  );
}
