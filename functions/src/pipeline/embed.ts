import { chunksOf } from "../domain/chunks.ts";
import * as at from "../domain/collections.ts";
import { PermanentError } from "../domain/errors.ts";
import { uuidFrom } from "../domain/hash.ts";
import { accountFold } from "./commit.ts";
import type { Stage } from "./outcome.ts";
import { type Point, update } from "./ports.ts";
import { textOf } from "./snapshots.ts";

/** Puts a signal's chunks into the vector index, and lays the signal before its account's fold. */
export const embed: Stage<
  "signal-ingested",
  "store" | "clock" | "embedder" | "vectors"
> = {
  topic: "signal-ingested",
  run: async ({ tenantId, payload, signal: abort, stillMine }, deps) => {
    const { signalId, embeddingModel } = payload;
    if (embeddingModel !== deps.embedder.model)
      return { skipped: `the embedding model is ${deps.embedder.model} now` };
    const signal = await deps.store.read(at.signal(tenantId, signalId));
    if (signal === null)
      throw new PermanentError(
        "not-found",
        `The signal ${signalId} does not exist.`,
      );
    if (signal.data.status !== "ingested")
      return { skipped: "it was embedded before" };

    const text = await textOf(tenantId, signal.data.snapshotId, deps);
    const chunks = chunksOf(text);
    const vectors = await deps.embedder.embed(
      chunks.map(({ start, end }) => text.slice(start, end)),
      abort,
    );
    const points = chunks.map(({ start, end }, i): Point => {
      const { accountId, audience } = signal.data;
      const id = uuidFrom(signalId, embeddingModel, i);
      return {
        id,
        vector: vectors[i] ?? [],
        kind: "signal",
        of: signalId,
        accountId,
        audience,
        start,
        end,
      };
    });
    await stillMine();
    await deps.vectors.upsert(tenantId, points);
    const now = deps.clock.now();
    return {
      writes: [update(signal, { status: "embedded", unfoldedAt: now })],
      folds: [accountFold(payload.accountId, now)],
    };
  },
};
