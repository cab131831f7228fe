import * as at from "../../domain/collections.ts";
import { RetryableError } from "../../domain/kernel/errors.ts";
import type { Stage } from "../../ports/stage.ts";
import { assetPoint, assetText } from "../embed/points.ts";

/** How often a run reindexes because the asset was edited meanwhile. */
const maxTries = 3;

/**
 * Puts an asset's current text into the vector index, as one point, so that cards find it by meaning; removes an
 * asset that was deleted.
 */
export const indexAsset: Stage<
  "asset-changed",
  "store" | "embedder" | "vectors"
> = {
  topic: "asset-changed",
  run: async (job, deps) => {
    const { tenantId, payload, abortSignal: abort, assertLease } = job;
    const { assetId } = payload;
    if (deps.embedder.reachesOut) await job.takeLease();
    const ref = at.asset(tenantId, assetId);
    let asset = await deps.store.read(ref);
    for (let n = 0; n < maxTries; n++) {
      if (asset === null) return { skipped: "there is no such asset" };
      const { version, active } = asset.data;
      if (active) {
        const { model } = deps.embedder;
        const text = assetText(asset.data);
        const [vector = []] = await deps.embedder.embed([text], abort);
        await assertLease();
        await deps.vectors.upsert(tenantId, [
          assetPoint(asset, { model, vector }),
        ]);
      } else {
        await assertLease();
        await deps.vectors.remove(tenantId, { kind: "asset", of: [assetId] });
      }
      // Whoever writes last checks last, so that an older text never replaces a newer one.
      asset = await deps.store.read(ref);
      if (asset?.data.version === version) return {};
    }
    throw new RetryableError(
      "store-busy",
      `The asset ${assetId} is edited faster than it can be indexed.`,
    );
  },
};
