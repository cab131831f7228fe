import { afterEach, beforeEach, expect, test } from "vitest";
import { geminiEmbedder } from "../../functions/src/adapters/embedders/gemini.ts";
import {
  PermanentError,
  RetryableError,
} from "../../functions/src/domain/kernel/errors.ts";
import { type GeminiFault, startGemini } from "../support/gemini.ts";

const signal = new AbortController().signal;
let gemini: Awaited<ReturnType<typeof startGemini>>;

beforeEach(async () => {
  gemini = await startGemini();
});
afterEach(() => gemini.close());

function embedder(changes: { readonly apiKey?: string } = {}) {
  return geminiEmbedder({
    apiKey: () => changes.apiKey ?? "right",
    baseUrl: gemini.url,
    model: "gemini-embedding-001",
    dimension: 256,
    timeoutMs: 500,
  });
}

test("the hosted model is named together with the dimension that its vectors are cut to", () => {
  expect(embedder()).toMatchObject({
    model: "gemini-embedding-001/256",
    dimension: 256,
  });
});

test("texts go in bounded batches and come back in their order", async () => {
  const texts = Array.from({ length: 230 }, (_, i) => `signal number ${i}`);
  const vectors = await embedder().embed(texts, signal);
  expect(gemini.batches.map(({ length }) => length)).toEqual([100, 100, 30]);
  expect(gemini.batches.flat()).toEqual(texts);
  const [last] = await embedder().embed(texts.slice(-1), signal);
  expect(vectors.at(-1)).toEqual(last);
  expect(await embedder().embed([], signal)).toEqual([]);
  expect(gemini.batches).toHaveLength(4);
});

test("no request carries more text than fits, nor a text longer than the model reads", async () => {
  const long = Array.from({ length: 25 }, () => "word ".repeat(4_000));
  const vectors = await embedder().embed([...long, " "], signal);
  expect(vectors).toHaveLength(26);
  for (const batch of gemini.batches) {
    expect(batch.join("").length).toBeLessThanOrEqual(60_000);
    for (const text of batch) expect(text.length).toBeLessThanOrEqual(6_000);
  }
});

const quota = {
  error: {
    code: 429,
    message: "You exceeded your current quota",
    status: "RESOURCE_EXHAUSTED",
    details: [
      { "@type": "type.googleapis.com/google.rpc.Help", links: [] },
      {
        "@type": "type.googleapis.com/google.rpc.RetryInfo",
        retryDelay: "37.5s",
      },
    ],
  },
};
const short = { embeddings: [{ values: [1, 0] }] };

test.each<{
  readonly why: string;
  readonly fault: GeminiFault;
  readonly error: object;
}>([
  {
    why: "429 with a Retry-After",
    fault: { status: 429, headers: { "retry-after": "12" }, body: quota },
    error: { code: "vendor-busy", retryAfterMs: 12_000 },
  },
  {
    why: "429 with a delay in its body",
    fault: { status: 429, body: quota },
    error: { code: "vendor-busy", retryAfterMs: 37_500 },
  },
  {
    why: "503",
    fault: { status: 503, body: "<html>" },
    error: { code: "vendor-down", retryAfterMs: null },
  },
  { why: "a cut connection", fault: "cut", error: { code: "vendor-down" } },
  { why: "no answer", fault: "hang", error: { code: "timed-out" } },
  {
    why: "an answer that is not one",
    fault: { status: 200, body: "{}" },
    error: { code: "bad-answer" },
  },
  {
    why: "fewer vectors than texts",
    fault: { status: 200, body: { embeddings: [] } },
    error: { code: "bad-answer" },
  },
])("$why is worth another try", async ({ fault, error }) => {
  gemini.fail(fault);
  const failed: unknown = await embedder()
    .embed(["x"], signal)
    .catch((thrown: unknown) => thrown);
  expect(failed).toBeInstanceOf(RetryableError);
  expect(failed).toMatchObject(error);
  expect(await embedder().embed(["x"], signal)).toHaveLength(1);
});

test("what the vendor refuses is permanent, in its own words", async () => {
  const refused = embedder({ apiKey: "wrong" }).embed(["x"], signal);
  await expect(refused).rejects.toMatchObject({
    name: "PermanentError",
    code: "vendor-auth",
    message: matching(/400: API key not valid/),
  });
  gemini.fail({
    status: 404,
    body: { error: { code: 404, message: "models/x is not found" } },
  });
  await expect(embedder().embed(["x"], signal)).rejects.toMatchObject({
    name: "PermanentError",
    code: "refused-by-vendor",
    message: matching(/404: models\/x is not found/),
  });
});

function matching(words: RegExp): unknown {
  return expect.stringMatching(words);
}

test("a vector of another dimension than was asked for is never passed on", async () => {
  gemini.fail({ status: 200, body: short });
  await expect(embedder().embed(["x"], signal)).rejects.toThrow(PermanentError);
});
