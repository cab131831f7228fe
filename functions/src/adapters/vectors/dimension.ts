import { PermanentError } from "../../domain/kernel/errors.ts";
import type { Embedder } from "../../ports/vectors.ts";

/** What tells one vector index from another: vectors of two models are never compared. */
export type EmbeddedBy = Pick<Embedder, "model" | "dimension">;

/** Throws PermanentError where a vector is not of the model's dimension. */
export function assertDimension(
  { model, dimension }: EmbeddedBy,
  vectors: readonly (readonly number[])[],
): void {
  const odd = vectors.find((vector) => vector.length !== dimension);
  if (odd === undefined) return;
  throw new PermanentError(
    "bad-payload",
    `A vector of ${odd.length} numbers does not belong into the index of ${model}, whose vectors have ${dimension}.`,
  );
}
