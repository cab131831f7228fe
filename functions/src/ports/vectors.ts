import type { TenantId } from "../domain/kernel/ids.ts";

/**
 * Turns text into unit vectors of `dimension` numbers. `model` names what made them; vectors of two models are never
 * compared.
 */
export interface Embedder {
  readonly model: string;
  readonly dimension: number;
  /** From this cosine similarity, the beginnings of two texts may tell the same story; below it, they do not. */
  readonly alike: number;
  /** Whether `embed` asks another service, which costs money: a run takes its lease first. */
  readonly reachesOut: boolean;
  readonly embed: (
    texts: readonly string[],
    signal: AbortSignal,
  ) => Promise<readonly (readonly number[])[]>;
}

/** One chunk of a signal, or an asset, in the vector index. */
export interface Point {
  /** A UUID derived from what the point stands for, so that repeating an upsert changes nothing. */
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

/** A point found, with its cosine similarity; 1 means identical. */
export interface Hit {
  readonly of: string;
  readonly score: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The vector index of one embedding model. Every search stays inside one tenant and, where an account is named,
 * inside that account. A vector of another dimension than the model's is a PermanentError.
 */
export interface Vectors {
  readonly upsert: (
    tenantId: TenantId,
    points: readonly Point[],
  ) => Promise<void>;
  /** Gives every point of these things a new audience; does nothing for those without points. */
  readonly setAudience: (
    tenantId: TenantId,
    things: Things,
    audience: readonly string[],
  ) => Promise<void>;
  /** Removes every point of these things from the index. */
  readonly remove: (tenantId: TenantId, things: Things) => Promise<void>;
  readonly search: (
    tenantId: TenantId,
    wanted: {
      readonly kind: Point["kind"];
      readonly accountId: string | null;
      /** Only points that at least one of these may see; absent: no restriction by audience. */
      readonly audience?: readonly string[];
      readonly vector: readonly number[];
      readonly limit: number;
    },
  ) => Promise<readonly Hit[]>;
}
