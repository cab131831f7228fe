import type { TenantId } from "../domain/kernel/ids.ts";

/** Text to vectors of `dimension` numbers, unit length. `model` names what made them; vectors of two models are never compared. */
export interface Embedder {
  readonly model: string;
  readonly dimension: number;
  /** From this cosine similarity on, the beginnings of two texts may be those of one story; below, none are. */
  readonly alike: number;
  readonly embed: (
    texts: readonly string[],
    signal: AbortSignal,
  ) => Promise<readonly (readonly number[])[]>;
}

/** One chunk of a signal, or an asset, in the vector index. */
export interface Point {
  /** A UUID made from what the point is of, so that a second upsert is the same one. */
  readonly id: string;
  readonly vector: readonly number[];
  readonly kind: "signal" | "asset";
  /** The signal's or asset's id. */
  readonly of: string;
  readonly accountId: string | null;
  readonly audience: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** Signals or assets, by their ids: at most 100. */
export interface Things {
  readonly kind: Point["kind"];
  readonly of: readonly string[];
}

/** A point found, with its cosine similarity, 1 the same. */
export interface Hit {
  readonly of: string;
  readonly score: number;
  readonly start: number;
  readonly end: number;
}

/** The vector index of one embedding model. Every search is inside one tenant, and where an account is named, inside that account. A vector of another dimension than the model's is a PermanentError. */
export interface Vectors {
  readonly upsert: (
    tenantId: TenantId,
    points: readonly Point[],
  ) => Promise<void>;
  /** Gives every point of these things another audience; of what has no points, nothing. */
  readonly setAudience: (
    tenantId: TenantId,
    things: Things,
    audience: readonly string[],
  ) => Promise<void>;
  /** Takes every point of these things out of the index. */
  readonly remove: (tenantId: TenantId, things: Things) => Promise<void>;
  readonly search: (
    tenantId: TenantId,
    wanted: {
      readonly kind: Point["kind"];
      readonly accountId: string | null;
      /** Only what at least one of these may see; absent: whoever may see it. */
      readonly audience?: readonly string[];
      readonly vector: readonly number[];
      readonly limit: number;
    },
  ) => Promise<readonly Hit[]>;
}
