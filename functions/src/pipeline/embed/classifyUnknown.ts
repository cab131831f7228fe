import { minConfidence } from "../../domain/signals/classifying.ts";
import * as at from "../../domain/collections.ts";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import { shiftRelevance } from "../../domain/weighing/relevance.ts";
import type { Message } from "../../domain/messages/message.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import { mostThemes } from "../../domain/signals/themes.ts";
import type { Job } from "../../ports/stage.ts";
import type { Classifier } from "../../ports/reading.ts";
import type { Deps } from "../../ports/deps.ts";
import { need, type Read } from "../../ports/store.ts";

/** How many failed runs to wait for the model; beyond that, a late document is worse than one without a category. */
const maxWaits = 1;

type Run = Pick<
  Job<"signal-ingested">,
  "tenantId" | "abortSignal" | "takeLease"
> & {
  readonly message: Pick<Message, "attempts" | "traceId">;
};

/**
 * The model's classification of a signal that the rules could not classify: its category, themes and the resulting
 * relevance. Empty where the rules classified it, where there is no model, or where the model does not know. A model
 * that does not answer is waited for once and never holds a signal up for good.
 */
export async function classifyUnknown(
  { tenantId, message, abortSignal, takeLease }: Run,
  {
    signal,
    text,
  }: {
    readonly signal: Pick<Read<Signal>, "id" | "data">;
    readonly text: string;
  },
  deps: Pick<Deps, "classifier" | "log"> & {
    readonly recent: Pick<Deps["recent"], "read">;
  },
): Promise<Partial<Pick<Signal, "category" | "themes" | "relevance">>> {
  const { category: was, title, themes, relevance } = signal.data;
  if (deps.classifier === null || was !== "other") return {};
  await takeLease();
  let answer: Awaited<ReturnType<Classifier["classify"]>>;
  try {
    answer = await deps.classifier.classify(
      { tenantId, title, text },
      abortSignal,
    );
  } catch (error) {
    const isKnown =
      error instanceof PermanentError || error instanceof RetryableError;
    const isWaitedFor =
      error instanceof RetryableError && message.attempts < maxWaits;
    if (!isKnown || isWaitedFor) throw error;
    deps.log.write("WARNING", "a signal goes on without a category", {
      tenantId,
      signalId: signal.id,
      traceId: message.traceId,
      error: error.message,
    });
    return {};
  }
  const { category, confidence } = answer;
  if (category === "other" || confidence < minConfidence) return {};
  const tenant = await need(at.tenant(tenantId), deps.recent);
  return {
    category,
    themes: [...new Set([...answer.themes, ...themes])].slice(0, mostThemes),
    relevance: shiftRelevance(tenant.data.categoryWeights, relevance, {
      from: was,
      to: category,
    }),
  };
}
