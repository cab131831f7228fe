import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
} from "node:zlib";
import { describe, expect, test } from "vitest";
import { fetcher } from "../../functions/src/adapters/web/fetcher.ts";
import { PermanentError } from "../../functions/src/domain/kernel/errors.ts";
import { errorOf, never, serving } from "../support/sources.ts";

const signal = never;

const zeros = Buffer.alloc(200_000_000);
/** Compressed with the least effort: what comes out of them is what counts. */
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } };

/** Answers that hold 200 MB or never end, in few bytes. */
const bombs: Readonly<
  Record<string, readonly [string, (response: ServerResponse) => void]>
> = {
  gzip: ["gzip", sending(gzipSync(zeros))],
  "gzip of many members": ["gzip", endlessly(gzipSync(zeros.subarray(0, 2e6)))],
  "gzip of endless nothings": [
    "gzip",
    endlessly(Buffer.concat(Array<Buffer>(10_000).fill(gzipSync("")))),
  ],
  deflate: ["deflate", sending(deflateSync(zeros))],
  "deflate without its header": ["deflate", sending(deflateRawSync(zeros))],
  brotli: ["br", sending(brotliCompressSync(zeros, brotli))],
  "a body that never ends": ["identity", endlessly(Buffer.alloc(100_000))],
};

describe("a body", () => {
  test.each(Object.entries(bombs))(
    "of 20 MB is the most that is read of %s, within a second and 100 MB",
    async (_name, [coding, send]) => {
      let closed = false;
      let sent = 0;
      const url = await serving((request, response) => {
        request.socket.once("close", () => {
          closed = true;
          sent = request.socket.bytesWritten;
        });
        response.writeHead(200, { "content-encoding": coding });
        send(response);
      });
      const fetch = fetcher({ allowed: [url] });
      const before = process.memoryUsage();
      let most = 0;
      const watch = setInterval(() => {
        const { arrayBuffers, heapUsed } = process.memoryUsage();
        const grown =
          arrayBuffers - before.arrayBuffers + heapUsed - before.heapUsed;
        most = Math.max(most, grown);
      }, 2);
      // Of computing, so that a busy machine changes nothing.
      const worked = process.cpuUsage();
      const error = await errorOf(fetch(url, { signal }));
      const { user, system } = process.cpuUsage(worked);
      const tookMs = (user + system) / 1000;
      clearInterval(watch);
      expect(error).toBeInstanceOf(PermanentError);
      expect(error).toMatchObject({ code: "too-large" });
      expect(tookMs).toBeLessThan(1000);
      expect(most).toBeLessThan(100_000_000);
      await expect.poll(() => closed, { timeout: 5000 }).toBe(true);
      // What the system buffers between the two comes on top.
      expect(sent).toBeLessThan(40_000_000);
    },
  );

  const text = `${randomBytes(200_000).toString("base64")} Ångström`;
  test.each([
    ["", Buffer.from(text)],
    ["identity", Buffer.from(text)],
    ["gzip", gzipSync(text)],
    ["GZip", gzipSync(text)],
    ["x-gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["deflate", deflateRawSync(text)],
    ["br", brotliCompressSync(text)],
    [
      "gzip",
      Buffer.concat([gzipSync(text.slice(0, 999)), gzipSync(text.slice(999))]),
    ],
  ])(
    "encoded as '%s' is read whole, in however small parts",
    async (coding, bytes) => {
      const url = await serving((_request, response) => {
        response.writeHead(
          200,
          coding === "" ? {} : { "content-encoding": coding },
        );
        response.socket?.setNoDelay(true);
        for (const at of [0, 1, 2, 3, 5])
          response.write(
            bytes.subarray(at, at === 3 ? 5 : at === 5 ? undefined : at + 1),
          );
        response.end();
      });
      const got = await fetcher({ allowed: [url] })(url, { signal });
      expect(new TextDecoder().decode(got.body)).toBe(text);
    },
  );

  test("is asked for in the codings that are read", async () => {
    const url = await serving((request, response) =>
      response.end(request.headers["accept-encoding"]),
    );
    const got = await fetcher({ allowed: [url] })(url, {
      signal,
      headers: { "accept-encoding": "zstd" },
    });
    expect(new TextDecoder().decode(got.body)).toBe("gzip, deflate, br");
  });

  test.each(["gzip", "deflate", "br"])(
    "of nothing is nothing, even where it is said to be %s",
    async (coding) => {
      const url = await serving((_request, response) =>
        response.writeHead(200, { "content-encoding": coding }).end(),
      );
      const got = await fetcher({ allowed: [url] })(url, { signal });
      expect(got.body).toEqual(new Uint8Array());
    },
  );

  test.each([
    ["gzip", "not compressed at all"],
    ["deflate", "not compressed at all"],
    ["br", Buffer.from("\xff\xff\xff no", "latin1")],
    ["gzip", gzipSync("cut off").subarray(0, 15)],
    ["br", brotliCompressSync("cut off".repeat(99)).subarray(0, 6)],
    ["zstd", "of a coding that was not asked for"],
    ["gzip, gzip", gzipSync(gzipSync("compressed twice"))],
    ["__proto__", "of no coding"],
    ["constructor", "of no coding"],
  ])(
    "said to be '%s' that cannot be read as such is refused",
    async (coding, body) => {
      const url = await serving((_request, response) =>
        response.writeHead(200, { "content-encoding": coding }).end(body),
      );
      expect(
        await errorOf(fetcher({ allowed: [url] })(url, { signal })),
      ).toMatchObject({ name: "PermanentError", code: "bad-answer" });
    },
  );

  test("of exactly the limit is read, and of one byte more is not", async () => {
    const url = await serving((_request, response) => response.end("12345"));
    const fetch = fetcher({ allowed: [url] });
    expect(await fetch(url, { signal, maxBytes: 5 })).toMatchObject({
      body: new TextEncoder().encode("12345"),
    });
    expect(await errorOf(fetch(url, { signal, maxBytes: 4 }))).toMatchObject({
      code: "too-large",
    });
  });

  test("of a redirect is not read", async () => {
    const url = await serving((request, response) => {
      if (request.url === "/there") return response.end("there");
      response.writeHead(302, { location: "/there" });
      endlessly(Buffer.alloc(100_000))(response);
    });
    const got = await fetcher({ allowed: [url] })(url, { signal });
    expect(got.url).toBe(`${url}/there`);
  });
});

function sending(bytes: Buffer) {
  return (response: ServerResponse) => void response.end(bytes);
}

function endlessly(part: Buffer) {
  return (response: ServerResponse) => {
    const more = () => {
      while (response.write(part));
      response.once("drain", more);
    };
    more();
  };
}
