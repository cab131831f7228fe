import type Anthropic from "@anthropic-ai/sdk";
import { PermanentError, RetryableError } from "../../domain/errors.ts";
import { sha256 } from "../../domain/hash.ts";
import { outreachFrom } from "../../domain/library.ts";
import { withoutLinks } from "../../domain/links.ts";
import { CardAnswer, vet } from "../../domain/modelAnswer.ts";
import type { ModelCall } from "../../domain/modelCall.ts";
import type { Unstamped } from "../../domain/document.ts";
import { costUsdOf, priceVersion } from "../../domain/prices.ts";
import { type Prompt, promptFor, promptVersion } from "../../domain/prompts.ts";
import type { Answers, Brief, Draft, Writer } from "../../pipeline/ports.ts";
import { failureOf, misread, unreached } from "../crms/failures.ts";

interface Settings {
  /** Asked for at the first draft; blank counts as none. */
  readonly apiKey: () => string;
  readonly baseUrl?: string;
  readonly model: string;
  readonly answers: Answers;
  /** For one call. A draft and its repair fit into the stage's time, which is 300 s. */
  readonly timeoutMs?: number;
  /** What the model may think and write, in tokens. */
  readonly maxTokens?: number;
  /** How much of the documents is shown to it, in tokens. */
  readonly evidenceTokens?: number;
}

/** How long the model thinks: a card is a matter of care in copying, not of long thought. */
const effort = "medium";

/**
 * Cards by Claude. Each answer is kept under the hash of what was asked before it is used, and is used again
 * instead of asking; one that does not fit its schema is not kept. Retries nothing by itself.
 */
export function anthropicWriter(settings: Settings): Writer {
  const { model, answers } = settings;
  let client: Promise<Sdk> | undefined;
  return {
    name: "claude",
    model,
    draft: async (brief, signal) => {
      if (brief.signals.length === 0) throw noSignal();
      const prompt = promptFor(brief, settings.evidenceTokens ?? 30_000);
      const asked = requestOf(prompt, model);
      const inputHash = sha256(JSON.stringify([promptVersion, asked]));
      const kept = await answers.read(brief.tenantId, inputHash);
      const known = answerIn(kept?.answer ?? "");
      if (known !== null) return draftOf(known, brief, prompt);
      client ??= connect(settings).catch((cause: unknown) => {
        client = undefined;
        throw cause;
      });
      const call = await ask(asked, { ...settings, signal }, await client);
      const standing = await answers.keep(brief.tenantId, {
        ...call,
        inputHash,
      });
      const answer = answerIn(standing.answer) ?? answerIn(call.answer);
      if (answer === null) throw misread("Claude", "an answer that was kept");
      return draftOf(answer, brief, prompt);
    },
  };
}

interface Sdk {
  readonly client: Anthropic;
  readonly errors: typeof import("@anthropic-ai/sdk");
  readonly format: Anthropic.JSONOutputFormat;
}
async function connect({ apiKey, baseUrl }: Settings): Promise<Sdk> {
  const key = apiKey().trim();
  if (key === "")
    throw new PermanentError(
      "vendor-auth",
      "There is no key for Claude. Set the secret ANTHROPIC_API_KEY, or CARD_WRITER=extractive.",
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
  const { type, schema } = zodOutputFormat(CardAnswer);
  return { client, errors, format: { type, schema } };
}

/** What is asked, without how much may be answered: equal evidence gives an equal request. */
function requestOf({ stable, ofPlaybook, ofCard }: Prompt, model: string) {
  const cached = (text: string) => ({
    type: "text" as const,
    text,
    cache_control: { type: "ephemeral" as const },
  });
  return {
    model,
    system: [cached(stable), cached(ofPlaybook)],
    messages: [{ role: "user" as const, content: ofCard }],
  };
}

async function ask(
  asked: ReturnType<typeof requestOf>,
  {
    signal,
    timeoutMs = 120_000,
    maxTokens = 8_000,
  }: Settings & { readonly signal: AbortSignal },
  { client, errors, format }: Sdk,
): Promise<Omit<Unstamped<ModelCall>, "inputHash">> {
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
    throw translated(error, over, errors);
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
    answer: textOf(message, asked.model, maxTokens),
    stopReason: message.stop_reason ?? "",
    tokens,
    costUsd: costUsdOf(asked.model, tokens),
    priceVersion,
  };
}

/** The answer's text, where it ended of its own accord and fits its schema. */
function textOf(
  message: Anthropic.Message,
  model: string,
  maxTokens: number,
): string {
  const { stop_reason: reason, stop_details: details } = message;
  if (reason === "refusal")
    throw new PermanentError(
      "refused-by-vendor",
      `${model} refused to write this card: ${details?.explanation ?? details?.category ?? "it gave no reason"}.`,
    );
  if (reason === "max_tokens")
    throw new PermanentError(
      "bad-answer",
      `The answer of ${model} was cut at max_tokens, which are ${maxTokens}: raise maxTokens of the writer, or choose a model that thinks less.`,
    );
  if (reason === "model_context_window_exceeded")
    throw new PermanentError(
      "too-large",
      `The evidence is more than ${model} can read: lower evidenceTokens of the writer.`,
    );
  const text = message.content
    .map((block) => (block.type === "text" ? block.text : ""))
    .join("");
  if (reason === "end_turn" && answerIn(text) !== null) return text;
  throw misread("Claude", `${reason}: ${text.slice(0, 200)}`);
}

function noSignal(): PermanentError {
  return new PermanentError("bad-card", "A card needs at least one signal.");
}

function answerIn(text: string): CardAnswer | null {
  try {
    return CardAnswer.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function draftOf(answer: CardAnswer, brief: Brief, prompt: Prompt): Draft {
  const { account, signals, playbook, assets } = brief;
  const [main] = signals;
  if (main === undefined) throw noSignal();
  const templates = playbook?.data.outreach ?? [];
  const urls = [
    ...signals.flatMap(({ data }) => data.url ?? []),
    ...assets.map(({ data }) => data.url),
  ];
  const { title, claims, quotes, outreach } = vet(answer, {
    documents: signals.map(({ id, data }, i) => ({
      id,
      title: data.title,
      text: prompt.shown[i] ?? "",
    })),
    known: [
      account.name,
      ...account.aliases,
      ...(playbook === null ? [] : [playbook.data.title, playbook.data.action]),
      ...templates.flatMap(({ subject, body }) => [subject, body]),
      ...assets.flatMap(({ data }) => [data.title, data.summary]),
    ],
    urls,
  });
  // A stranger wrote this one, too.
  const event =
    withoutLinks(main.data.title, urls).slice(0, 300) || account.name;
  return {
    title: title ?? event,
    claims,
    quotes,
    outreach:
      outreach.length > 0 || playbook === null
        ? outreach
        : outreachFrom(playbook.data, account.name, event),
  };
}

function translated(
  error: unknown,
  over: AbortSignal,
  { APIError, APIConnectionError }: Sdk["errors"],
): PermanentError | RetryableError {
  if (over.aborted)
    return new RetryableError("timed-out", "Claude did not answer in time.", {
      cause: error,
    });
  if (error instanceof APIConnectionError) return unreached("Claude", error);
  if (!(error instanceof APIError) || typeof error.status !== "number")
    return misread("Claude", error);
  return failureOf({
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
