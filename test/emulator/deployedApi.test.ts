import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Problem } from "../../functions/src/api/http/problem.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { create } from "../../functions/src/ports/store.ts";
import { aMember, aTenant, aTenantId, aUid } from "../support/builders.ts";
import {
  type DeployedApi,
  deployedApi,
  unsignedToken,
} from "../support/deployedApi.ts";
import { openDatabase } from "../support/emulator.ts";
import { exchange, inChunks, type RawAnswer } from "../support/rawHttp.ts";

const acme = aTenantId("acme");
const ada = aUid("ada");
const database = openDatabase();
const token = unsignedToken(database.projectId, ada, [acme]);
let api: DeployedApi;

beforeAll(async () => {
  const member = aMember({ uid: ada, role: "ADMIN" });
  const writes = [
    create(at.tenant(acme), aTenant()),
    create(at.member(acme, ada), member),
  ];
  await database.store.commit(writes, new Date());
  api = await deployedApi(database.projectId);
});
afterAll(async () => {
  await api.close();
  await database.close();
});

interface Ask {
  readonly line?: string;
  readonly headers?: readonly string[];
  readonly body?: Iterable<Uint8Array>;
}

const host = "Host: api.example";
const signedIn = `Authorization: Bearer ${token}`;
const json = "Content-Type: application/json";

function ask({
  line = "POST /api/v1/signals HTTP/1.1",
  headers = [],
  body = [],
}: Ask): Promise<RawAnswer> {
  return exchange(api.port, {
    head: [line, host, signedIn, ...headers],
    chunks: body,
  });
}

function sendText(text: string | Uint8Array, ...headers: readonly string[]) {
  const body = Buffer.from(text);
  const length = `Content-Length: ${body.byteLength}`;
  return ask({ headers: [length, ...headers], body: [body] });
}

function problemOf(answer: RawAnswer, ...statuses: readonly number[]): Problem {
  expect(statuses, answer.text).toContain(answer.status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const problem = Problem.parse(JSON.parse(answer.text));
  expect(problem.status).toBe(answer.status);
  return problem;
}

function* endless(): Generator<Uint8Array> {
  for (;;) yield Buffer.alloc(64 * 1024, " ");
}

const mb = 1_000_000;

describe("the function as it is deployed", () => {
  it("answers who is signed in", async () => {
    const answer = await ask({ line: "GET /api/v1/me HTTP/1.1" });
    expect([answer.status, answer.text]).toEqual([
      200,
      expect.stringContaining('"uid":"ada"'),
    ]);
  });

  it("reads a sound body", async () => {
    const answer = await sendText(
      '{"name":"Globex","domains":["globex.example"]}',
      json,
    );
    const problem = problemOf(answer, 400);
    expect(problem.errors?.map(({ field }) => field)).toContain("account_id");
  });

  it("refuses a long body by its announced length, before a byte of it is sent", async () => {
    const headers = [json, `Content-Length: ${20 * mb}`];
    const problem = problemOf(await ask({ headers }), 413);
    expect(problem.detail).toContain("256000 bytes");
  });

  it("refuses a compressed body before a byte of it is sent", async () => {
    const bomb = gzipSync(Buffer.alloc(60 * mb, " "));
    expect(bomb.byteLength).toBeLessThan(60_000);
    const headers = [
      json,
      "Content-Encoding: gzip",
      `Content-Length: ${bomb.byteLength}`,
    ];
    problemOf(await ask({ headers }), 415);
    problemOf(await ask({ headers, body: [bomb] }), 415);
  });

  it("stops reading a body without a length as soon as it is too long", async () => {
    const headers = [json, "Transfer-Encoding: chunked"];
    const answer = await ask({ headers, body: inChunks(endless()) });
    problemOf(answer, 413);
    // What the sockets of both ends hold comes on top of the limit.
    expect(answer.sent).toBeLessThan(15 * mb);
  });

  it("lets an import be longer, up to its own limit", async () => {
    const line = "POST /api/v1/accounts/import HTTP/1.1";
    const text = Buffer.from(`name\n${`${"x".repeat(5_000)}\n`.repeat(800)}`);
    const headers = [
      "Content-Type: text/csv",
      `Content-Length: ${text.byteLength}`,
    ];
    const answer = await ask({ line, headers, body: [text] });
    expect([answer.status, answer.text.slice(0, 200)]).toEqual([
      200,
      expect.stringContaining('"error":800'),
    ]);
    problemOf(
      await ask({
        line,
        headers: ["Content-Type: text/csv", `Content-Length: ${6 * mb}`],
      }),
      413,
    );
  });

  it("does not invite a body that it will not take", async () => {
    const expects = [json, "Expect: 100-continue"];
    const long = await ask({
      headers: [...expects, `Content-Length: ${20 * mb}`],
    });
    problemOf(long, 413);
    expect(long.continued).toBe(false);
    const short = await ask({
      headers: [...expects, "Content-Length: 2"],
      body: [Buffer.from("{}")],
    });
    problemOf(short, 400);
    expect(short.continued).toBe(true);
    problemOf(
      await ask({
        headers: [json, "Expect: the-unexpected", "Content-Length: 0"],
      }),
      417,
      400,
    );
  });

  it.each([
    [
      "a charset that there is not",
      ["Content-Type: application/json; charset=klingon"],
    ],
    ["UTF-16", ["Content-Type: application/json; charset=utf-16"]],
    ["no type", []],
    ["plain text", ["Content-Type: text/plain"]],
    ["a form", ["Content-Type: application/x-www-form-urlencoded"]],
    ["parts without an edge", ["Content-Type: multipart/form-data"]],
    ["parts with an edge", ["Content-Type: multipart/form-data; boundary=x"]],
    ["a type that is none", ["Content-Type: ;;;"]],
    ["a cloud event", ["Content-Type: application/cloudevents+json"]],
  ])("answers a body of %s with a problem", async (_, headers) => {
    const answer = await sendText("%zz=%&a[b]=1&--x", ...headers);
    expect(problemOf(answer, 400, 415).detail).not.toBe("");
  });

  it.each([
    ["a path that is not encoded", "GET /api/v1/%zz HTTP/1.1", [404]],
    [
      "a path that is not UTF-8",
      "GET /api/v1/accounts/%ff HTTP/1.1",
      [400, 404],
    ],
    ["a method that there is not", "FETCH /api/v1/me HTTP/1.1", [400]],
    ["a method that no route has", "PROPFIND /api/v1/me HTTP/1.1", [404]],
    ["TRACE", "TRACE /api/v1/me HTTP/1.1", [404]],
    ["a path of nothing", "GET // HTTP/1.1", [400, 404]],
    ["all of it", "OPTIONS * HTTP/1.1", [400, 404]],
    ["the icon", "GET /favicon.ico HTTP/1.1", [404]],
    ["the robots' rules", "GET /robots.txt HTTP/1.1", [404]],
    [
      "no upgrade",
      "GET /nowhere HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket",
      [404],
    ],
  ])("answers %s with a problem", async (_, line, statuses) => {
    const problem = problemOf(await ask({ line }), ...statuses);
    expect(problem.detail).not.toBe("");
  });

  it("answers HTTP/1.0, and nothing without a host", async () => {
    const old = ["GET /nowhere HTTP/1.0", host];
    const gone = problemOf(await exchange(api.port, { head: old }), 404);
    expect(gone.detail).toContain("/nowhere");
    const bare = ["GET /api/v1/me HTTP/1.1", signedIn];
    problemOf(await exchange(api.port, { head: bare }), 400);
    const odd = ["GET /api/v1/me HTTP/1.1", "Host: a b/c?", signedIn];
    problemOf(await exchange(api.port, { head: odd }), 400);
  });

  it("answers headers that are too long, or none, with a problem", async () => {
    const long = await ask({
      line: "GET /api/v1/me HTTP/1.1",
      headers: [`X-Long: ${"x".repeat(40_000)}`],
    });
    expect(problemOf(long, 431).detail).toContain("16 KiB");
    problemOf(await ask({ headers: ["No colon"] }), 400);
    problemOf(
      await ask({
        headers: ["Content-Length: 5", "Transfer-Encoding: chunked"],
      }),
      400,
    );
    problemOf(await ask({ headers: ["Content-Length: -5"] }), 400);
  });

  it("is still there, and has logged no failure", async () => {
    expect((await ask({ line: "GET /api/v1/me HTTP/1.1" })).status).toBe(200);
    expect(api.log()).not.toMatch(/"severity":"(?:ERROR|CRITICAL)"/u);
  });
});

describe("JSON that is none", () => {
  const folder = resolve(
    process.env["RECORDINGS_DIR"] ?? "../shared/data",
    "json",
  );
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => /^[ni]_.*\.json$/u.test(name))
    : [];
  if (files.length === 0)
    console.log(`malformed JSON is not tested: ${folder} is absent`);

  it("is answered with a problem, each of them", async () => {
    for (const name of files) {
      const answer = await sendText(readFileSync(join(folder, name)), json);
      expect([name, answer.status]).toEqual([name, 400]);
      problemOf(answer, 400);
    }
    for (const text of [
      "",
      "[".repeat(200_000),
      `{"a":`.repeat(40_000),
      "nul",
      "\u0000",
    ])
      problemOf(await sendText(text, json), 400);
  });
});
