import { connect } from "node:net";

/** What is written to a connection: the head as it is, then the body in pieces until there is an answer. */
export interface RawRequest {
  readonly head: readonly string[];
  readonly chunks?: Iterable<Uint8Array>;
}

/** The first answer that comes back, and how many bytes of the body had been handed over by then. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly sent: number;
  /** Whether the server asked for the body by 100 Continue. */
  readonly continued: boolean;
}

/** Speaks HTTP/1.1 by hand, so that requests may be sent that no client would send. */
export async function exchange(
  port: number,
  { head, chunks = [] }: RawRequest,
): Promise<RawAnswer> {
  const socket = connect(port, "127.0.0.1");
  // Whoever waits for ever has found a fault.
  socket.setTimeout(10_000, () => socket.destroy());
  let received = "";
  const seen = { answer: false };
  const answered = new Promise<void>((resolve, reject) => {
    socket.on("data", (data) => {
      received += data.toString("latin1");
      if (isWhole(received)) resolve();
    });
    socket.on("close", () => resolve());
    // A connection that is cut behind the answer is no fault.
    socket.on("error", (error) =>
      received === "" ? reject(error) : resolve(),
    );
  }).finally(() => (seen.answer = true));
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  let sent = 0;
  for (const chunk of chunks) {
    if (seen.answer) break;
    sent += chunk.byteLength;
    if (!socket.write(chunk))
      await Promise.race([
        new Promise((resolve) => socket.once("drain", resolve)),
        answered,
      ]);
  }
  await answered;
  socket.destroy();
  return { ...parsed(received), sent };
}

/** A body in the chunks of Transfer-Encoding: chunked. */
export function* inChunks(body: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const part of body) {
    yield Buffer.from(`${part.byteLength.toString(16)}\r\n`);
    yield part;
    yield Buffer.from("\r\n");
  }
  yield Buffer.from("0\r\n\r\n");
}

const continuation = /^HTTP\/1\.1 100 Continue\r\n\r\n/u;

function partsOf(received: string) {
  const rest = received.replace(continuation, "");
  const cut = rest.indexOf("\r\n\r\n");
  return cut < 0
    ? null
    : { head: rest.slice(0, cut), body: rest.slice(cut + 4) };
}

function isWhole(received: string): boolean {
  const parts = partsOf(received);
  if (parts === null) return false;
  const length = /^content-length: (\d+)/imu.exec(parts.head)?.[1];
  if (length !== undefined) return parts.body.length >= Number(length);
  const isChunked = /^transfer-encoding: chunked/imu.test(parts.head);
  return isChunked && parts.body.endsWith("0\r\n\r\n");
}

function parsed(received: string): Omit<RawAnswer, "sent"> {
  const { head = "", body = "" } = partsOf(received) ?? {};
  const [first = "", ...lines] = head.split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const [name = "", ...value] = line.split(": ");
      return [name.toLowerCase(), value.join(": ")] as const;
    }),
  );
  const isChunked = headers.get("transfer-encoding") === "chunked";
  return {
    status: Number(first.split(" ")[1] ?? 0),
    headers,
    text: Buffer.from(isChunked ? joined(body) : body, "latin1").toString(),
    continued: continuation.test(received),
  };
}

function joined(chunked: string): string {
  let text = "";
  for (let at = 0; at < chunked.length;) {
    const end = chunked.indexOf("\r\n", at);
    const size = parseInt(chunked.slice(at, end), 16);
    if (!(size > 0)) break;
    text += chunked.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
  return text;
}
