import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import packageJson from "../../package.json" with { type: "json" };
import {
  jsonOf,
  throwForStatus,
} from "../../functions/src/adapters/web/answer.ts";
import {
  type Fetch,
  fetcher,
  productToken,
} from "../../functions/src/adapters/web/fetcher.ts";
import {
  PermanentError,
  RetryableError,
} from "../../functions/src/domain/errors.ts";
import { errorOf, serving } from "../support/sources.ts";

const signal = new AbortController().signal;
const now = new Date("2026-08-01T00:00:00Z");
const httpGet: Fetch = (url, options) =>
  fetcher({ allowed: [new URL(url).origin] })(url, options);

describe("the fetcher", () => {
  test("introduces itself by the version that is released", async () => {
    const agents: (string | undefined)[] = [];
    const url = await serving((request, response) => {
      agents.push(request.headers["user-agent"]);
      response.end();
    });
    await httpGet(url, { signal });
    expect(agents).toEqual([productToken]);
    expect(productToken).toBe(`ClientPulse/${packageJson.version}`);
  });

  test("stops a body that never ends at its limit", async () => {
    let closed = false;
    const url = await serving((request, response) => {
      request.socket.once("close", () => (closed = true));
      const more = () => {
        while (response.write("x".repeat(10_000)));
        response.once("drain", more);
      };
      more();
    });
    const error = await errorOf(httpGet(url, { signal, maxBytes: 100_000 }));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ code: "too-large" });
    await expect.poll(() => closed, { timeout: 5000 }).toBe(true);
  });

  test("counts the bytes of a compressed body after decompression", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const url = await serving((_request, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb),
    );
    expect(bomb.byteLength).toBeLessThan(100_000);
    expect(await errorOf(httpGet(url, { signal }))).toMatchObject({
      code: "too-large",
    });
  });

  test("follows five redirects and no more, and says where it ended", async () => {
    const url = await serving((request, response) => {
      const left = Number((request.url ?? "").slice(1));
      if (left === 0) response.end("arrived");
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    expect(await httpGet(`${url}/5`, { signal })).toMatchObject({
      status: 200,
      url: `${url}/0`,
    });
    expect(await errorOf(httpGet(`${url}/6`, { signal }))).toBeInstanceOf(
      PermanentError,
    );
  });

  test.each([
    "file:///etc/passwd",
    "ftp://example.com/",
    "javascript:alert(1)",
    "//",
    "http://[",
  ])("neither asks for %s nor is led there", async (target) => {
    expect(await errorOf(httpGet(target, { signal }))).toMatchObject({
      code: "bad-answer",
    });
    const url = await serving((_request, response) =>
      response.writeHead(301, { location: target }).end(),
    );
    expect(await errorOf(httpGet(url, { signal }))).toMatchObject({
      code: "bad-answer",
    });
  });

  test("is to be retried when the connection breaks in the middle of the body", async () => {
    const url = await serving((request, response) => {
      response
        .writeHead(200, { "content-length": "1000" })
        .write("half", () => request.socket.destroy());
    });
    const error = await errorOf(httpGet(url, { signal }));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: "vendor-down" });
  });

  test("stops in the middle of a body when its time is over", async () => {
    const url = await serving(
      (_request, response) => void response.writeHead(200).write("slow"),
    );
    const error = await errorOf(
      httpGet(url, { signal: AbortSignal.timeout(50) }),
    );
    expect(error).toMatchObject({ name: "RetryableError", code: "timed-out" });
  });
});

describe("a status", () => {
  const answered =
    (status: number, headers: Record<string, string> = {}) =>
    () =>
      throwForStatus(
        {
          status,
          headers: new Headers(headers),
          body: new Uint8Array(),
          url: "https://a.example/",
        },
        { source: "Example", now },
      );

  test.each([200, 204, 206])("of %i is no error", (status) => {
    expect(answered(status)).not.toThrow();
  });

  test.each([408, 423, 425, 429, 500, 502, 503, 504])(
    "of %i is to be retried",
    (status) => {
      expect(answered(status)).toThrow(RetryableError);
    },
  );

  test.each([304, 400, 401, 403, 404, 405, 422])("of %i is not", (status) => {
    expect(answered(status)).toThrow(PermanentError);
    expect(answered(status)).toThrow(`Example answered ${status}`);
  });

  test("with a date to retry after waits until then", () => {
    const at = "Sat, 01 Aug 2026 00:01:30 GMT";
    expect(answered(503, { "retry-after": at })).toThrow(
      expect.objectContaining({ retryAfterMs: 90_000 }),
    );
  });
});

test("a JSON answer that does not fit names its source and the field", () => {
  const got = {
    status: 200,
    headers: new Headers(),
    body: new TextEncoder().encode('{"a":{"b":"c"}}'),
    url: "https://a.example/",
  };
  expect(() =>
    jsonOf(got, "Example", z.object({ a: z.object({ b: z.int() }) })),
  ).toThrow(/^Example: .* a\.b /);
});
