import { splitChunks, type Span } from "../../domain/text/chunks.ts";
import { uuidFrom } from "../../domain/kernel/hash.ts";
import type { Asset } from "../../domain/cards/library.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import type { Point } from "../../ports/vectors.ts";
import type { Read } from "../../ports/store.ts";
import type { Archived } from "../snapshots.ts";

/** A stretch of a signal's text, as it is embedded. */
export interface Chunk extends Span {
  readonly text: string;
}

/** The stretches of an archived text that are embedded, in their order; none reaches from one of its sections into the next. */
export function chunksToEmbed({ text, sections }: Archived): readonly Chunk[] {
  return splitChunks(text, { sections }).map(({ start, end }) => ({
    start,
    end,
    text: text.slice(start, end),
  }));
}

/** A signal's points, one per chunk: for the same model the same ids, so that a second upsert is the same one. */
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

/** What of an asset is embedded. */
export function assetText({
  title,
  summary,
}: Pick<Asset, "title" | "summary">): string {
  return `${title}. ${summary}`;
}

/** The one point of an asset; assets are for everybody of the tenant. */
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
