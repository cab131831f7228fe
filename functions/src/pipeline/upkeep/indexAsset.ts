import * as at from "../../domain/collections.ts";
import { RetryableError } from "../../domain/kernel/errors.ts";
import type { Stage } from "../../ports/stage.ts";
import { assetPoint, assetText } from "../embed/points.ts";

/** How often a run indexes anew because the asset was edited meanwhile. */
const maxTries = 3;

/** Puts an asset into the vector index as it stands now, one point each, so that cards find it by meaning; one that was taken away leaves it. */
export const indexAsset: Stage<
  "asset-changed",
  "store" | "embedder" | "vectors"
> = {
  topic: "asset-changed",
  run: async ({ tenantId, payload, abortSignal: abort, assertLease }, deps) => {
    const { assetId } = payload;
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
      // Whoever writes last looks last: an older text never stays in the place of a newer one.
      asset = await deps.store.read(ref);
      if (asset?.data.version === version) return {};
    }
    throw new RetryableError(
      "store-busy",
      `The asset ${assetId} keeps being edited.`,
    );
  },
};
