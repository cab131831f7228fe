import { z } from "zod";
import {
  isRetryableStatus,
  PermanentError,
  RetryableError,
  retryAfterMs,
} from "../../domain/kernel/errors.ts";
import type { Embedder } from "../../ports/vectors.ts";
import { defineEmbedder, integer, isLocal, text } from "../definition.ts";

export const gemini = defineEmbedder({
  name: "gemini",
  settings: {
    model: text("EMBEDDINGS_MODEL"),
    dimension: integer("EMBEDDINGS_DIMENSION", 768),
    baseUrl: text(
      "EMBEDDINGS_BASE_URL",
      "https://generativelanguage.googleapis.com",
    ),
  },
  secrets: { apiKey: "EMBEDDINGS_API_KEY" },
  isSetUp: ({ model }) => model !== "",
  standIn: ({ baseUrl }) =>
    isLocal(baseUrl) ? "a local server that speaks the Gemini API" : null,
  build: ({ settings: { model, dimension, baseUrl }, secrets }) =>
    geminiEmbedder({ apiKey: secrets.apiKey, baseUrl, model, dimension }),
});

interface Settings {
  /** Asked for at the first text: only the functions that embed are given it. */
  readonly apiKey: () => string;
  /** `https://generativelanguage.googleapis.com`, or a stand-in. */
  readonly baseUrl: string;
  /** The vendor's name of the model, `gemini-embedding-001`. */
  readonly model: string;
  /** To how many numbers a vector is cut. */
  readonly dimension: number;
  /** How long one request may take. */
  readonly timeoutMs?: number;
}

/** The API takes 100 texts a request (Gemini API, Batch embeddings), and 2,048 tokens of each. */
const maxTexts = 100;
const maxCharacters = 60_000;
const maxTextCharacters = 6_000;

const Answer = z.object({
  embeddings: z.array(z.object({ values: z.array(z.number()) })),
});

const Refusal = z.object({
  error: z.object({
    message: z.string(),
    details: z.array(z.looseObject({})).optional(),
  }),
});
const RetryDelay = z.string().regex(/^\d+(?:\.\d+)?s$/);

/**
 * Google's hosted embeddings over their REST API (`models/{model}:batchEmbedContents`), cut to
 * `dimension` numbers and brought to unit length again. Throws RetryableError for 408, 429 and 5xx
 * (with the vendor's delay) and where no answer comes, else PermanentError in the vendor's words.
 */
export function geminiEmbedder(settings: Settings): Embedder {
  const { model, dimension } = settings;
  return {
    model: `${model}/${dimension}`,
    dimension,
    // It takes any two texts about one company to be close.
    alike: 0.93,
    reachesOut: true,
    embed: async (texts, signal) => {
      const vectors: (readonly number[])[] = [];
      for (const batch of batches(texts.map(shorten))) {
        const { embeddings } = await ask(batch, settings, signal);
        if (embeddings.length !== batch.length)
          throw new RetryableError(
            "bad-answer",
            `${model} gave ${embeddings.length} vectors for ${batch.length} texts`,
          );
        vectors.push(...embeddings.map(({ values }) => unit(values, settings)));
      }
      return vectors;
    },
  };
}

async function ask(
  texts: readonly string[],
  { apiKey, baseUrl, model, dimension, timeoutMs = 30_000 }: Settings,
  signal: AbortSignal,
): Promise<z.infer<typeof Answer>> {
  const requests = texts.map((text) => ({
    model: `models/${model}`,
    content: { parts: [{ text }] },
    taskType: "SEMANTIC_SIMILARITY",
    outputDimensionality: dimension,
  }));
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let response: Response;
  let text: string;
  try {
    response = await fetch(
      `${baseUrl}/v1beta/models/${model}:batchEmbedContents`,
      {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-goog-api-key": apiKey(),
        },
        body: JSON.stringify({ requests }),
        signal: inTime,
      },
    );
    text = await response.text();
  } catch (cause) {
    throw inTime.aborted
      ? new RetryableError("timed-out", `${model} did not answer in time`, {
          cause,
        })
      : new RetryableError("vendor-down", `${model} cannot be reached`, {
          cause,
        });
  }
  if (!response.ok) throw toRefusal(response, text, model);
  const answer = Answer.safeParse(parseJsonOrNull(text));
  if (answer.success) return answer.data;
  throw new RetryableError(
    "bad-answer",
    `${model} did not answer as its API says`,
    { cause: answer.error },
  );
}

function toRefusal(
  { status, headers }: Response,
  text: string,
  model: string,
): PermanentError | RetryableError {
  const body = Refusal.safeParse(parseJsonOrNull(text));
  const said = body.success ? body.data.error.message : text.slice(0, 300);
  const message = `${model} answered ${status}: ${said}`;
  if (isRetryableStatus(status)) {
    // Google names its delay in the body (google.rpc.RetryInfo) rather than in the header.
    const delay = (body.data?.error.details ?? [])
      .map((detail) => RetryDelay.safeParse(detail["retryDelay"]).data)
      .find((found) => found !== undefined);
    return new RetryableError(
      status >= 500 ? "vendor-down" : "vendor-busy",
      message,
      {
        retryAfterMs:
          retryAfterMs(headers.get("retry-after"), new Date()) ??
          (delay === undefined ? null : parseFloat(delay) * 1000),
      },
    );
  }
  const isKey = status === 401 || status === 403 || /api key/i.test(said);
  return new PermanentError(
    isKey ? "vendor-auth" : "refused-by-vendor",
    message,
  );
}

/** Texts in their order, as many at a time as one request takes. */
function* batches(texts: readonly string[]): Generator<readonly string[]> {
  let batch: string[] = [];
  let characters = 0;
  for (const text of texts) {
    const isFull =
      batch.length === maxTexts || characters + text.length > maxCharacters;
    if (isFull && batch.length > 0) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(text);
    characters += text.length;
  }
  if (batch.length > 0) yield batch;
}

/** What the API would cut off unseen is not sent; nothing at all it would refuse. */
function shorten(text: string): string {
  return text.trim() === "" ? "-" : text.slice(0, maxTextCharacters);
}

/** Cut vectors are not of unit length (Gemini API, Ensuring quality for smaller dimensions). */
function unit(
  values: readonly number[],
  { model, dimension }: Settings,
): readonly number[] {
  const length = Math.hypot(...values);
  if (values.length === dimension && length > 0)
    return values.map((value) => value / length);
  throw new PermanentError(
    "bad-answer",
    `${model} gave a vector of ${values.length} numbers and length ${length}, asked for ${dimension}`,
  );
}

function parseJsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
