import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { hashedEmbedder } from "../../functions/src/adapters/embedders/hashed.ts";
import { localServer } from "./localServer.ts";

const path = "/v1beta/models/gemini-embedding-001:batchEmbedContents";

const Body = z.strictObject({
  requests: z
    .array(
      z.strictObject({
        model: z.literal("models/gemini-embedding-001"),
        content: z.strictObject({
          parts: z.tuple([z.strictObject({ text: z.string().min(1) })]),
        }),
        taskType: z.enum([
          "SEMANTIC_SIMILARITY",
          "RETRIEVAL_DOCUMENT",
          "RETRIEVAL_QUERY",
        ]),
        outputDimensionality: z.int().min(128).max(3072),
      }),
    )
    .min(1)
    .max(100),
});

/** What the server says in place of its answer; `cut` ends the connection, `hang` never answers. */
export type GeminiFault =
  | "cut"
  | "hang"
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: unknown;
    };

/**
 * The one route of the Gemini API that we use, strict about its request: hashed n-grams, five times
 * too long, as a vector that was cut is not of unit length either.
 */
export async function startGemini() {
  const batches: (readonly string[])[] = [];
  const faults: GeminiFault[] = [];
  const server = await localServer((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request)
      chunks.push(z.instanceof(Uint8Array).parse(chunk));
    const fault = faults.shift();
    if (fault === "hang") return;
    if (fault === "cut") {
      request.socket.destroy();
      return;
    }
    const say = (status: number, body: unknown, headers = {}) =>
      response
        .writeHead(status, { "content-type": "application/json", ...headers })
        .end(typeof body === "string" ? body : JSON.stringify(body));
    if (fault !== undefined) {
      say(fault.status, fault.body, fault.headers);
      return;
    }
    if (request.method !== "POST" || request.url !== path) {
      say(404, { error: { code: 404, message: `no ${request.url}` } });
      return;
    }
    if (request.headers["x-goog-api-key"] !== "right") {
      const message = "API key not valid. Please pass a valid API key.";
      say(400, { error: { code: 400, message, status: "INVALID_ARGUMENT" } });
      return;
    }
    const body = Body.safeParse(JSON.parse(Buffer.concat(chunks).toString()));
    if (!body.success) {
      const message = z.prettifyError(body.error);
      say(400, { error: { code: 400, message, status: "INVALID_ARGUMENT" } });
      return;
    }
    const { requests } = body.data;
    const texts = requests.map(({ content }) => content.parts[0].text);
    batches.push(texts);
    const dimension = requests[0]?.outputDimensionality ?? 0;
    const vectors = await hashedEmbedder({ dimension }).embed(
      texts,
      new AbortController().signal,
    );
    say(200, {
      embeddings: vectors.map((vector) => ({
        values: vector.map((value) => value * 5),
      })),
    });
  }

  return {
    url: server.url,
    close: server.close,
    /** The texts of each request that was answered. */
    batches,
    fail: (fault: GeminiFault) => void faults.push(fault),
  };
}
