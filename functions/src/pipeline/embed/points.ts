import { splitChunks, type Span } from "../../domain/text/chunks.ts";
import { uuidFrom } from "../../domain/kernel/hash.ts";
import type { Asset } from "../../domain/cards/library.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import type { Point } from "../../ports/vectors.ts";
import type { Read } from "../../ports/store.ts";
import type { Archived } from "../snapshots.ts";

/** A span of a signal's text to be embedded. */
export interface Chunk extends Span {
  readonly text: string;
}

/** The spans of an archived text to embed, in order; none crosses the border between two sections. */
export function chunksToEmbed({ text, sections }: Archived): readonly Chunk[] {
  return splitChunks(text, { sections }).map(({ start, end }) => ({
    start,
    end,
    text: text.slice(start, end),
  }));
}

/**
 * A signal's points, one per chunk. The same model gives the same ids, so that repeating the upsert changes nothing.
 */
export function signalPoints(
  signal: Read<Signal>,
  chunks: readonly Span[],
  by: {
    readonly model: string;
    /** One per chunk. */
    readonly vectors: readonly (readonly number[])[];
  },
): readonly Point[] {
  const { accountId, audience } = signal.data;
  return chunks.map(({ start, end }, i) => ({
    id: uuidFrom(signal.id, by.model, i),
    vector: by.vectors[i] ?? [],
    kind: "signal",
    of: signal.id,
    accountId,
    audience,
    start,
    end,
  }));
}

/** The text of an asset that is embedded. */
export function assetText({
  title,
  summary,
}: Pick<Asset, "title" | "summary">): string {
  return `${title}. ${summary}`;
}

/** An asset's only point; everybody in the tenant may see assets. */
export function assetPoint(
  asset: Read<Asset>,
  by: { readonly model: string; readonly vector: readonly number[] },
): Point {
  return {
    id: uuidFrom(asset.id, by.model, 0),
    vector: by.vector,
    kind: "asset",
    of: asset.id,
    accountId: null,
    audience: [],
    start: 0,
    end: assetText(asset.data).length,
  };
}
