import * as at from "../domain/collections.ts";
import { PermanentError } from "../domain/errors.ts";
import { accountFold } from "./commit.ts";
import type { Stage } from "./outcome.ts";
import { chunksToEmbed, signalPoints } from "./points.ts";
import { update } from "./ports.ts";
import { textOf } from "./snapshots.ts";

/** Puts a signal's chunks into the vector index, and lays the signal before its account's fold. */
export const embed: Stage<
  "signal-ingested",
  "store" | "clock" | "embedder" | "vectors"
> = {
  topic: "signal-ingested",
  run: async ({ tenantId, payload, signal: abort }, deps) => {
    const { signalId } = payload;
    // The model of today, whichever it was when this was asked for: nobody else will embed the signal.
    const { model } = deps.embedder;
    const signal = await deps.store.read(at.signal(tenantId, signalId));
    if (signal === null)
      throw new PermanentError(
        "not-found",
        `The signal ${signalId} does not exist.`,
      );
    if (signal.data.status !== "ingested")
      return { skipped: "it was embedded before" };

    const text = await textOf(tenantId, signal.data.snapshotId, deps);
    const chunks = chunksToEmbed(text);
    const vectors = await deps.embedder.embed(
      chunks.map((chunk) => chunk.text),
      abort,
    );
    // Whose run this is need not be asked: points are named and made by what they are of, so a late second run writes the same.
    await deps.vectors.upsert(
      tenantId,
      signalPoints(signal, chunks, { model, vectors }),
    );
    const now = deps.clock.now();
    return {
      writes: [
        update(signal, {
          status: "embedded",
          embeddedWith: model,
          unfoldedAt: now,
        }),
      ],
      folds: [accountFold(payload.accountId, now)],
    };
  },
};
