import { createServer, request } from "node:http";
import { gzipSync } from "node:zlib";
import { getRequestListener } from "@hono/node-server";
import { afterAll, expect, it } from "vitest";
import { Problem } from "../../functions/src/api/http/problem.ts";
import { acme, sharedApi } from "../support/api.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { all } from "../support/stories.ts";
import { webhookPaths } from "../support/webhooks.ts";

const limit = 256_000;
const api = await sharedApi();
const server = createServer(getRequestListener(api.app.fetch));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
afterAll(() => server.close());

interface Sent {
  readonly headers: Readonly<Record<string, string | number>>;
  readonly chunks: Iterable<Uint8Array>;
  /** The body is never ended: whoever waits for its end waits for ever. */
  readonly open?: boolean;
}

/** Sends a body over a socket; the answer, and how many bytes had been handed over by then. */
async function send({ headers, chunks, open = false }: Sent) {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("none");
  const outgoing = request({
    port: address.port,
    host: "127.0.0.1",
    path: "/api/v1/signals",
    method: "POST",
    headers: {
      Authorization: "Bearer token-anna",
      "Content-Type": "application/json",
      ...headers,
    },
  });
  let sent = 0;
  const seen = { answer: false };
  const answer = new Promise<{ status: number; text: string }>(
    (resolve, reject) => {
      outgoing.on("response", (response) => {
        seen.answer = true;
        let text = "";
        response.on("data", (chunk) => (text += String(chunk)));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text }),
        );
      });
      // A connection that is cut behind the answer is no fault.
      outgoing.on("error", (error) => seen.answer || reject(error));
    },
  );
  outgoing.flushHeaders();
  for (const chunk of chunks) {
    if (seen.answer) break;
    sent += chunk.byteLength;
    if (!outgoing.write(chunk))
      await Promise.race([
        new Promise((resolve) => outgoing.once("drain", resolve)),
        answer,
      ]);
  }
  if (!open) outgoing.end();
  const { status, text } = await answer;
  outgoing.destroy();
  return { status, sent, problem: Problem.parse(JSON.parse(text)) };
}

function* endless(): Generator<Uint8Array> {
  for (;;) yield Buffer.alloc(64 * 1024, "x");
}

it("is refused by the length that it announces, before a byte of it is sent", async () => {
  const headers = { "Content-Length": limit + 1 };
  const answer = await send({ headers, chunks: [], open: true });
  expect(answer.status).toBe(413);
  expect(answer.problem.detail).toContain(`${limit} bytes`);
});

it("is refused as soon as it is too long, where it comes in chunks without a length and without an end", async () => {
  const headers = { "Transfer-Encoding": "chunked" };
  const answer = await send({ headers, chunks: endless(), open: true });
  expect(answer.status).toBe(413);
  expect(answer.sent).toBeGreaterThan(limit);
});

it("is read up to its last byte where it is just not too long", async () => {
  const headers = { "Transfer-Encoding": "chunked" };
  const answer = await send({ headers, chunks: [Buffer.alloc(limit, "x")] });
  expect(answer.status).toBe(400);
  expect(answer.problem.detail).toContain("Malformed JSON");
});

it("is refused compressed: a few bytes may hold a great many", async () => {
  const bomb = gzipSync(Buffer.alloc(4 * limit, "x"));
  const headers = {
    "Content-Encoding": "gzip",
    "Content-Length": bomb.byteLength,
  };
  const answer = await send({ headers, chunks: [bomb] });
  expect(answer.status).toBe(415);
  expect(answer.problem.detail).toContain("uncompressed");
  expect(await all(api, at.messages(acme))).toEqual([]);
});

it("raises no alarm where its sender cuts it", async () => {
  const before = api.lines.length;
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("none");
  const outgoing = request({
    port: address.port,
    host: "127.0.0.1",
    path: webhookPaths.salesforce,
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "Content-Length": 1_000,
    },
  });
  outgoing.on("error", () => undefined);
  outgoing.write('{"title":', () => setTimeout(() => outgoing.destroy(), 100));
  await expect
    .poll(() => api.lines.slice(before))
    .toMatchObject([{ severity: "INFO", facts: { status: 400 } }]);
});
