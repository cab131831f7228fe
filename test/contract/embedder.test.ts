import { afterAll, describe, expect, test } from "vitest";
import { geminiEmbedder } from "../../functions/src/adapters/embedders/gemini.ts";
import { hashedEmbedder } from "../../functions/src/adapters/embedders/hashed.ts";
import type { Embedder } from "../../functions/src/ports/vectors.ts";
import { startGemini } from "../support/gemini.ts";

const gemini = await startGemini();
afterAll(() => gemini.close());
const hosted = geminiEmbedder({
  apiKey: () => "right",
  baseUrl: gemini.url,
  model: "gemini-embedding-001",
  dimension: 768,
});

const signal = new AbortController().signal;

async function vectorsOf(embedder: Embedder, ...texts: readonly string[]) {
  return embedder.embed(texts, signal);
}

function cosine(
  a: readonly number[] | undefined,
  b: readonly number[] | undefined,
): number {
  return (a ?? []).reduce(
    (sum, value, index) => sum + value * (b?.[index] ?? 0),
    0,
  );
}

describe.each([hashedEmbedder(), hashedEmbedder({ dimension: 64 }), hosted])(
  "the embedder $model",
  (embedder) => {
    test("gives each text a vector of its dimension and of unit length, in their order", async () => {
      const texts = [
        "The company appointed a director.",
        "",
        "…",
        "株式会社",
        "a".repeat(100_000),
      ];
      const vectors = await vectorsOf(embedder, ...texts);
      expect(vectors).toHaveLength(texts.length);
      for (const vector of vectors) {
        expect(vector).toHaveLength(embedder.dimension);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 9);
      }
      expect(await vectorsOf(embedder, texts[0] ?? "")).toEqual([vectors[0]]);
    });

    test("finds a paraphrase nearer than what is about something else", async () => {
      const [said, again, other] = await vectorsOf(
        embedder,
        "Meta's director will resign from the board of directors, effective immediately.",
        "The director resigned from Meta's board with immediate effect.",
        "New firmware brings faster charging to the company's electric scooters.",
      );
      expect(cosine(said, again)).toBeGreaterThan(cosine(said, other) + 0.2);
    });

    test("knows no difference of case, width or punctuation", async () => {
      const [a, b] = await vectorsOf(
        embedder,
        "Board of Directors",
        "BOARD, of Ｄｉｒｅｃｔｏｒｓ!",
      );
      expect(cosine(a, b)).toBeCloseTo(1, 9);
    });

    test("embeds nothing once its time is over", async () => {
      const late = async () => embedder.embed(["x"], AbortSignal.abort());
      await expect(late()).rejects.toThrow(/aborted|in time/);
    });
  },
);

test("the hashed embedder names its method and dimension, and keeps to them from release to release", async () => {
  const embedder = hashedEmbedder();
  expect(embedder.model).toBe("hashed-ngrams-1/512");
  const [vector] = await vectorsOf(embedder, "resign");
  const filled = (vector ?? []).flatMap((value, index) =>
    value === 0 ? [] : [`${index}:${value.toFixed(4)}`],
  );
  expect(filled).toMatchInlineSnapshot(`
    [
      "50:0.2981",
      "61:-0.7454",
      "177:-0.2981",
      "251:-0.2981",
      "265:0.2981",
      "367:-0.2981",
    ]
  `);
});
