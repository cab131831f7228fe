import { minConfidence } from "../../domain/signals/classifying.ts";
import * as at from "../../domain/collections.ts";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import { relevanceMoved } from "../../domain/weighing/relevance.ts";
import type { Message } from "../../domain/messages/message.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import { mostThemes } from "../../domain/signals/themes.ts";
import type { Job } from "../../ports/stage.ts";
import type { Classifier } from "../../ports/reading.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Read } from "../../ports/store.ts";

/** Failed runs that are waited for: a document of no category is worth less than one that comes late. */
const maxWaits = 1;

type Run = Pick<Job<"signal-ingested">, "tenantId" | "signal"> & {
  readonly message: Pick<Message, "attempts" | "traceId">;
};

/**
 * What a model makes of a signal that the rules could not place: its category, its themes and the relevance that
 * follows. Nothing where the rules placed it, where there is no model, or where the model does not know. A model that
 * does not answer is waited for once, and never keeps a signal.
 */
export async function placed(
  { tenantId, message, signal: abort }: Run,
  {
    signal,
    text,
  }: {
    readonly signal: Pick<Read<Signal>, "id" | "data">;
    readonly text: string;
  },
  deps: Pick<Deps, "classifier" | "log"> & {
    readonly store: Pick<Deps["store"], "read">;
  },
): Promise<Partial<Pick<Signal, "category" | "themes" | "relevance">>> {
  const { category: was, title, themes, relevance } = signal.data;
  if (deps.classifier === null || was !== "other") return {};
  let said: Awaited<ReturnType<Classifier["classify"]>>;
  try {
    said = await deps.classifier.classify({ tenantId, title, text }, abort);
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
  const { category, confidence } = said;
  if (category === "other" || confidence < minConfidence) return {};
  const tenant = await deps.store.read(at.tenant(tenantId));
  if (tenant === null)
    throw new PermanentError(
      "not-found",
      `The tenant ${tenantId} does not exist.`,
    );
  return {
    category,
    themes: [...new Set([...said.themes, ...themes])].slice(0, mostThemes),
    relevance: relevanceMoved(tenant.data.categoryWeights, relevance, {
      from: was,
      to: category,
    }),
  };
}
