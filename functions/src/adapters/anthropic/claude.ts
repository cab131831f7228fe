import type Anthropic from "@anthropic-ai/sdk";
import type { z } from "zod";
import type { Unstamped } from "../../domain/kernel/document.ts";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import { sha256 } from "../../domain/kernel/hash.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import type { ModelCall } from "../../domain/prompts/modelCall.ts";
import { toCostUsd, priceVersion } from "../../domain/prompts/prices.ts";
import type { Answers } from "../../ports/writing.ts";
import { type Given, text } from "../definition.ts";
import {
  toVendorError,
  badAnswerError,
  noAnswerError,
} from "../web/failures.ts";

/** What an operator sets for Claude, whoever asks it. */
export const claudeDefinition = {
  settings: {
    model: text("ANTHROPIC_MODEL", "claude-sonnet-5-5"),
    baseUrl: text("ANTHROPIC_BASE_URL", "https://api.anthropic.com"),
  },
  secrets: { apiKey: "ANTHROPIC_API_KEY" },
} as const;

/** Claude as an operator has set it up. Its key is asked for at the first question. */
export function claudeAsSet(
  {
    settings,
    secrets,
  }: Given<
    (typeof claudeDefinition)["settings"],
    (typeof claudeDefinition)["secrets"]
  >,
  { answers }: { readonly answers: Answers },
): ClaudeSettings {
  const { model, baseUrl } = settings;
  return { apiKey: secrets.apiKey, model, baseUrl, answers };
}

/** How Claude is reached, whatever it is asked. */
export interface ClaudeSettings {
  /** Asked for at the first question; blank counts as none. */
  readonly apiKey: () => string;
  readonly baseUrl?: string;
  readonly model: string;
  readonly answers: Answers;
  /** For one call. */
  readonly timeoutMs?: number;
  /** What the model may think and write, in tokens; a cut answer is asked for once more with twice as many. */
  readonly maxTokens?: number;
}

/** What one use of Claude is about. */
interface Use<T> extends ClaudeSettings {
  readonly schema: z.ZodType<T>;
  readonly promptVersion: string;
  readonly effort: "low" | "medium";
  readonly timeoutMs: number;
  readonly maxTokens: number;
  /** Whether the instructions are long enough for the vendor's cache, which begins at some 512 to 4,096 tokens by model. */
  readonly isCached: boolean;
  /** In the words of its errors. */
  readonly words: {
    /** “write this card” */
    readonly deed: string;
    /** “the writer” */
    readonly asker: string;
    /** “CARD_WRITER=extractive” */
    readonly instead: string;
  };
}

/** What is asked: what stays the same from question to question, to be cached block by block, and what does not. */
interface Asked {
  readonly system: readonly string[];
  readonly content: string;
}

/**
 * Asks Claude for an answer by a schema. Each is kept under the hash of what was asked before it is used, and is used
 * again instead of asking; one that does not fit its schema is not kept. An answer that was cut is kept as a paid call,
 * and asked for once more with twice the tokens. Retries nothing else by itself.
 */
export function claude<T>(use: Use<T>) {
  const { model, answers, promptVersion } = use;
  let client: Promise<Sdk> | undefined;
  return async (
    tenantId: TenantId,
    { system, content }: Asked,
    signal: AbortSignal,
  ): Promise<T> => {
    const asked = toRequest(use, system, content);
    const doubled = 2 * use.maxTokens;
    const first = await answerFor([promptVersion, asked], use.maxTokens);
    if (first !== cut) return first;
    const second = await answerFor([promptVersion, asked, doubled], doubled);
    if (second !== cut) return second;
    throw new PermanentError(
      "bad-answer",
      `The answer of ${model} was cut at max_tokens, ${use.maxTokens} and then ${doubled}: raise maxTokens of ${use.words.asker}, or choose a model that thinks less.`,
    );

    async function answerFor(identity: readonly unknown[], maxTokens: number) {
      const inputHash = sha256(JSON.stringify(identity));
      const kept = await answers.read(tenantId, inputHash);
      const known = kept === null ? null : parseResult(kept);
      if (known !== null) return known;
      client ??= connect(use).catch((cause: unknown) => {
        client = undefined;
        throw cause;
      });
      const call = await ask(
        asked,
        { ...use, maxTokens, signal },
        await client,
      );
      const standing = await answers.keep(tenantId, { ...call, inputHash });
      const answer = parseResult(standing) ?? parseResult(call);
      if (answer === null)
        throw badAnswerError("Claude", "an answer that was kept");
      return answer;
    }
  };

  function parseResult(call: Pick<ModelCall, "answer" | "stopReason">) {
    return call.stopReason === "max_tokens"
      ? cut
      : parseAnswer(call.answer, use);
  }
}

/** What stands for an answer that ended before it was whole. */
const cut = Symbol("cut");

interface Sdk {
  readonly client: Anthropic;
  readonly errors: typeof import("@anthropic-ai/sdk");
  readonly format: Anthropic.JSONOutputFormat;
}

async function connect<T>({
  apiKey,
  baseUrl,
  schema: answers,
  words,
}: Use<T>): Promise<Sdk> {
  const key = apiKey().trim();
  if (key === "")
    throw new PermanentError(
      "vendor-auth",
      `There is no key for Claude. Set the secret ANTHROPIC_API_KEY, or ${words.instead}.`,
    );
  const [errors, { zodOutputFormat }] = await Promise.all([
    import("@anthropic-ai/sdk"),
    import("@anthropic-ai/sdk/helpers/zod"),
  ]);
  const client = new errors.default({
    apiKey: key,
    // Delivery tries again, with everyone else's work in between.
    maxRetries: 0,
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
  });
  // Only the schema: what comes back is parsed here, so that a bad answer is not the library's error.
  const { type, schema } = zodOutputFormat(answers);
  return { client, errors, format: { type, schema } };
}

/** What is asked, without how much may be answered: equal evidence gives an equal request. */
function toRequest<T>(
  { model, isCached }: Use<T>,
  system: readonly string[],
  content: string,
) {
  const marked = { cache_control: { type: "ephemeral" as const } };
  return {
    model,
    system: system.map((text) => ({
      type: "text" as const,
      text,
      ...(isCached ? marked : {}),
    })),
    messages: [{ role: "user" as const, content }],
  };
}

async function ask<T>(
  asked: ReturnType<typeof toRequest>,
  use: Use<T> & { readonly signal: AbortSignal },
  { client, errors, format }: Sdk,
): Promise<Omit<Unstamped<ModelCall>, "inputHash">> {
  const { signal, timeoutMs, maxTokens, effort, promptVersion } = use;
  // The library's own time-out ends with the headers of the answer.
  const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let message: Anthropic.Message;
  try {
    message = await client.messages.create(
      {
        ...asked,
        max_tokens: maxTokens,
        output_config: { effort, format },
      },
      { signal: over, timeout: timeoutMs },
    );
  } catch (error) {
    throw translateError(error, over, errors);
  }
  const { usage } = message;
  const tokens = {
    input: usage.input_tokens,
    output: usage.output_tokens,
    cacheWrite: usage.cache_creation_input_tokens ?? 0,
    cacheRead: usage.cache_read_input_tokens ?? 0,
  };
  return {
    model: asked.model,
    promptVersion,
    answer: answerText(message, use),
    stopReason: message.stop_reason ?? "",
    tokens,
    costUsd: toCostUsd(asked.model, tokens),
    priceVersion,
  };
}

/** The answer's text, where it was cut, or ended of its own accord and fits its schema. */
function answerText<T>(message: Anthropic.Message, use: Use<T>): string {
  const { model, words } = use;
  const { stop_reason: reason, stop_details: details } = message;
  if (reason === "refusal")
    throw new PermanentError(
      "refused-by-vendor",
      `${model} refused to ${words.deed}: ${details?.explanation ?? details?.category ?? "it gave no reason"}.`,
    );
  if (reason === "model_context_window_exceeded")
    throw new PermanentError(
      "too-large",
      `The evidence is more than ${model} can read: lower evidenceTokens of ${words.asker}.`,
    );
  const text = message.content
    .map((block) => (block.type === "text" ? block.text : ""))
    .join("");
  // All of them may have gone into thinking.
  if (reason === "max_tokens") return text || "(nothing)";
  if (reason === "end_turn" && parseAnswer(text, use) !== null) return text;
  throw badAnswerError("Claude", `${reason}: ${text.slice(0, 200)}`);
}

function parseAnswer<T>(
  text: string,
  { schema }: Pick<Use<T>, "schema">,
): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function translateError(
  error: unknown,
  over: AbortSignal,
  { APIError, APIConnectionError }: Sdk["errors"],
): PermanentError | RetryableError {
  if (over.aborted)
    return new RetryableError("timed-out", "Claude did not answer in time.", {
      cause: error,
    });
  if (error instanceof APIConnectionError)
    return noAnswerError("Claude", error);
  if (!(error instanceof APIError) || typeof error.status !== "number")
    return badAnswerError("Claude", error);
  return toVendorError({
    vendor: "Claude",
    status: error.status,
    message: error.apiMessage ?? error.message,
    retryAfter:
      error.headers instanceof Headers
        ? error.headers.get("retry-after")
        : null,
    remedy: "Check the secret ANTHROPIC_API_KEY and what its workspace allows.",
    cause: error,
  });
}
