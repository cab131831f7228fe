import { describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import type { Fetch } from "../../functions/src/adapters/web/fetch.ts";
import {
  fetcher,
  productToken,
} from "../../functions/src/adapters/web/fetcher.ts";
import {
  PermanentError,
  RetryableError,
} from "../../functions/src/domain/kernel/errors.ts";
import { publicWeb } from "../support/publicWeb.ts";
import { errorOf, never, serving } from "../support/sources.ts";

const signal = never;
const httpGet: Fetch = (url, options) =>
  fetcher({
    allowed: URL.canParse(url) ? [new URL(url).origin] : [],
  })(url, options);

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

  test("gives up a connection that has fallen silent, before an answer and in the middle of one", async () => {
    const url = await serving((request, response) => {
      if (request.url === "/body") response.writeHead(200).write("slow");
    });
    const fetch = fetcher({ allowed: [url], idleMs: 50 });
    for (const path of ["/", "/body"]) {
      expect(await errorOf(fetch(url + path, { signal }))).toMatchObject({
        name: "RetryableError",
        code: "timed-out",
      });
    }
  });

  test("stops before it begins, and while a name is looked up", async () => {
    const asked: string[] = [];
    const url = await serving((request, response) => {
      asked.push(request.url ?? "");
      response.end();
    });
    const over = AbortSignal.abort();
    expect(await errorOf(httpGet(url, { signal: over }))).toMatchObject({
      code: "timed-out",
    });
    const fetch = fetcher({
      allowed: [],
      resolve: () => new Promise(() => undefined),
    });
    for (const ended of [over, AbortSignal.timeout(50)]) {
      expect(
        await errorOf(fetch("http://slow.example/", { signal: ended })),
      ).toMatchObject({ name: "RetryableError", code: "timed-out" });
    }
    expect(asked).toEqual([]);
  });

  test.each([
    ["a name without an address", "http://nowhere.invalid/?key=s3cret"],
    ["a port where nobody listens", "http://127.0.0.1:9/?key=s3cret"],
    ["one where nobody speaks TLS", "https://127.0.0.1:9/?key=s3cret"],
  ])("is to be retried at %s, and its error has no query", async (_, url) => {
    const fetch = fetcher({
      allowed: [new URL(url).origin],
      resolve: () => Promise.reject(new Error("ENOTFOUND")),
    });
    const error = await errorOf(fetch(url, { signal }));
    expect(error).toMatchObject({
      name: "RetryableError",
      code: "vendor-down",
    });
    expect(String(error)).not.toContain("s3cret");
  });

  test("is to be retried where an answer is no HTTP", async () => {
    const url = await serving((request) =>
      request.socket.end("SSH-2.0-OpenSSH_9.9\r\n"),
    );
    expect(await errorOf(httpGet(url, { signal }))).toMatchObject({
      name: "RetryableError",
      code: "vendor-down",
    });
  });

  test("takes no more than 64 KiB of headers", async () => {
    const url = await serving((_request, response) =>
      response.writeHead(200, { "x-long": "x".repeat(100_000) }).end(),
    );
    expect(await errorOf(httpGet(url, { signal }))).toMatchObject({
      name: "PermanentError",
      code: "too-large",
    });
  });

  test("sends no header that would be two", async () => {
    const asked: unknown[] = [];
    const url = await serving((request, response) => {
      asked.push(request.headers);
      response.end();
    });
    for (const options of [
      { headers: { "x-key": "a\r\nhost: b" } },
      { since: { etag: '"a"\r\nx-b: c' } },
    ]) {
      expect(await errorOf(httpGet(url, { signal, ...options }))).toMatchObject(
        { name: "PermanentError", code: "bad-payload" },
      );
    }
    await httpGet(`${url}/a\r\nhost:%0d%0ab`, { signal });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ host: new URL(url).host });
  });

  test("gives every header of the answer, and its status whatever it is", async () => {
    const url = await serving((_request, response) =>
      response
        .writeHead(418, { "x-a": "b", "set-cookie": ["c=d", "e=f"] })
        .end("teapot"),
    );
    const got = await httpGet(url, { signal });
    expect(got.status).toBe(418);
    expect(got.headers.get("x-a")).toBe("b");
    expect(got.headers.getSetCookie()).toEqual(["c=d", "e=f"]);
    expect(new TextDecoder().decode(got.body)).toBe("teapot");
  });
});

describe("a document that has not changed since the last look", () => {
  const etag = '"v1"';
  const lastModified = "Sat, 01 Aug 2026 00:00:00 GMT";

  test.each([
    ["if-none-match", { etag }],
    ["if-modified-since", { lastModified }],
  ])("is 304 without a body, by %s", async (name, since) => {
    const url = await serving((request, response) => {
      const known = Object.values(since)[0];
      if (request.headers[name] === known) response.writeHead(304).end();
      else if (request.headers[name] === "") response.writeHead(400).end();
      else response.writeHead(200, { etag }).end("news");
    });
    const first = await httpGet(url, { signal });
    expect(first).toMatchObject({ status: 200 });
    expect(first.headers.get("etag")).toBe(etag);
    const second = await httpGet(url, { signal, since });
    expect(second).toMatchObject({ status: 304, body: new Uint8Array() });
    const empty = { etag: "", lastModified: undefined };
    expect(await httpGet(url, { signal, since: empty })).toMatchObject({
      status: 200,
    });
  });
});

describe("a redirect", () => {
  test.each([
    ["of the same site keeps", "http://a.example/2", "k3y"],
    ["to another site drops", "http://b.example/2", undefined],
    ["to another port drops", "http://a.example:8080/2", undefined],
  ])("%s what may be a key", async (_, location, kept) => {
    const seen: Record<string, string | string[] | undefined>[] = [];
    const site: Parameters<typeof serving>[0] = (request, response) => {
      seen.push(request.headers);
      if (request.url === "/1") response.writeHead(302, { location }).end();
      else response.end();
    };
    const web = await publicWeb({ "a.example": site, "b.example": site });
    await web.fetch("http://a.example/1", {
      signal,
      since: { etag: '"v1"' },
      headers: {
        Authorization: "k3y",
        "X-Api-Key": "k3y",
        "x-whatever": "k3y",
        "User-Agent": `${productToken} ops@example.com`,
      },
    });
    expect(seen).toHaveLength(2);
    expect(seen[0]).toMatchObject({ authorization: "k3y" });
    const {
      authorization,
      "x-api-key": key,
      "x-whatever": other,
    } = seen[1] ?? {};
    expect([authorization, key, other]).toEqual([kept, kept, kept]);
    expect(seen[1]).toMatchObject({
      "user-agent": `${productToken} ops@example.com`,
      "if-none-match": '"v1"',
    });
  });

  test.each([
    [302, "/2", "GET", ""],
    [303, "/2", "GET", ""],
    [307, "/2", "POST", '{"q":"k3y"}'],
    [308, "/2", "POST", '{"q":"k3y"}'],
    [303, "http://b.example/2", "GET", ""],
  ])(
    "of a POST by %i to %s is a %s",
    async (status, location, method, body) => {
      const bodies: string[] = [];
      const site: Parameters<typeof serving>[0] = (request, response) => {
        let text = "";
        request
          .on("data", (part: Buffer) => (text += part.toString()))
          .on("end", () => {
            bodies.push(text);
            if (request.url === "/1")
              response.writeHead(status, { location }).end();
            else response.end();
          });
      };
      const web = await publicWeb({ "a.example": site, "b.example": site });
      const got = await web.fetch("http://a.example/1", {
        signal,
        json: { q: "k3y" },
      });
      expect(got).toMatchObject({ status: 200 });
      const { host } = new URL(location, "http://a.example");
      expect(web.asked()).toEqual(["POST a.example/1", `${method} ${host}/2`]);
      expect(bodies).toEqual(['{"q":"k3y"}', body]);
    },
  );

  test.each([307, 308])(
    "of a POST by %i to another site is not followed",
    async (status) => {
      const web = await publicWeb({
        "a.example": (_request, response) =>
          response
            .writeHead(status, { location: "http://b.example/?key=s3cret" })
            .end(),
        "b.example": (_request, response) => response.end(),
      });
      const error = await errorOf(
        web.fetch("http://a.example/", { signal, json: {} }),
      );
      expect(error).toMatchObject({
        name: "PermanentError",
        code: "refused-by-vendor",
      });
      expect(String(error)).not.toContain("s3cret");
      expect(web.asked()).toEqual(["POST a.example/"]);
    },
  );

  test("is read as UTF-8, as sites write it", async () => {
    const location = Buffer.from("/новини").toString("latin1");
    const url = await serving((request, response) => {
      if (request.url === "/") response.writeHead(302, { location }).end();
      else response.end();
    });
    expect(await httpGet(`${url}/`, { signal })).toMatchObject({
      url: new URL("/новини", url).href,
    });
  });

  test("without a place to go is an answer", async () => {
    const url = await serving((_request, response) =>
      response.writeHead(302).end("where?"),
    );
    expect(await httpGet(url, { signal })).toMatchObject({ status: 302 });
  });
});
