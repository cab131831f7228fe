import type { z } from "zod";
import type {
  Asked,
  Condition,
  CreateCollection,
  Filter,
  KeywordIndex,
  Query,
  Upsert,
} from "./qdrantRequests.ts";

export type Point = z.infer<typeof Upsert>["points"][number];

/** A collection of the Qdrant stand-in, in memory. */
export interface Collection {
  readonly config: CreateCollection;
  readonly indexes: Map<string, KeywordIndex>;
  readonly points: Map<string, Point>;
}

interface Scored {
  readonly point: Point;
  readonly score: number;
}

/** Whether a point's payload meets every condition; of an array, one element is enough (Qdrant, Filtering). */
export function matches(point: Point, filter: Filter | undefined): boolean {
  return (filter?.must ?? []).every((condition) => meets(point, condition));
}

function meets({ payload }: Point, { key, match }: Condition): boolean {
  const found = payload?.[key];
  const values: readonly unknown[] = Array.isArray(found) ? found : [found];
  const wanted: readonly unknown[] = "any" in match ? match.any : [match.value];
  return values.some((value) => wanted.includes(value));
}

/** The points that a query asks for, best first: among those of its prefetches where it has some; or what is wrong with it. */
export function rankPoints(
  collection: Collection,
  { prefetch, with_payload, ...query }: Query,
): { readonly error: string } | { readonly points: readonly object[] } {
  const error = [...(prefetch ?? []), query]
    .map((asked) => findFault(collection, asked))
    .find((found) => found !== null);
  if (error !== undefined) return { error };
  const all = [...collection.points.values()];
  const among =
    prefetch === undefined || prefetch.length === 0
      ? all
      : new Set(
          prefetch.flatMap((asked) =>
            nearest(all, asked).map(({ point }) => point),
          ),
        );
  const best = nearest([...among], query);
  return {
    points: best.map(({ point, score }) =>
      shownPoint(point, with_payload, score),
    ),
  };
}

/** A point as an answer shows it: with the payload, or the fields of it, that were asked for. */
export function shownPoint(
  { id, payload }: Point,
  wanted: boolean | readonly string[] = true,
  score?: number,
): object {
  const shown =
    wanted === false
      ? null
      : Object.fromEntries(
          Object.entries(payload ?? {}).filter(
            ([key]) => wanted === true || wanted.includes(key),
          ),
        );
  return {
    id,
    version: 0,
    ...(score === undefined ? {} : { score }),
    ...(shown === null ? {} : { payload: shown }),
  };
}

function nearest(points: readonly Point[], asked: Asked): readonly Scored[] {
  const { query = [], using = "", filter, limit } = asked;
  const scored = points
    .filter((point) => matches(point, filter))
    .flatMap((point) => {
      const vector = point.vector[using];
      return vector === undefined
        ? []
        : [{ point, score: cosine(query, vector) }];
    });
  return scored
    .filter(({ score }) => score >= (asked.score_threshold ?? -Infinity))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
}

function findFault({ config }: Collection, asked: Asked): string | null {
  const size = config.vectors[asked.using ?? ""]?.size;
  if (size === undefined)
    return `Wrong input: Not existing vector name error: ${asked.using ?? ""}`;
  const got = asked.query?.length ?? size;
  return got === size
    ? null
    : `Wrong input: Vector dimension error: expected dim: ${size}, got ${got}`;
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b) || 1);
}

/** The server's own settings, where a collection was made without (Qdrant, Configuration). */
const defaultHnsw = {
  m: 16,
  ef_construct: 100,
  full_scan_threshold: 10_000,
} as const;
const defaultOptimizer = {
  deleted_threshold: 0.2,
  vacuum_min_vector_number: 1_000,
  default_segment_number: 0,
  flush_interval_sec: 5,
} as const;

/** A collection as `GET /collections/{name}` shows it. */
export function describeCollection({ config, indexes, points }: Collection) {
  return {
    status: "green",
    optimizer_status: "ok",
    points_count: points.size,
    indexed_vectors_count: 0,
    segments_count: 1,
    config: {
      params: { vectors: config.vectors },
      hnsw_config: {
        ...defaultHnsw,
        m: config.hnsw_config?.m ?? defaultHnsw.m,
        payload_m: config.hnsw_config?.payload_m ?? null,
      },
      optimizer_config: defaultOptimizer,
    },
    payload_schema: Object.fromEntries(
      [...indexes].map(([field, params]) => [
        field,
        { data_type: params.type, params, points: points.size },
      ]),
    ),
  };
}

/** What is wrong with a point's vectors, in the server's words. */
export function pointFault(
  { config }: Collection,
  { vector }: Point,
): string | null {
  for (const [name, values] of Object.entries(vector)) {
    const size = config.vectors[name]?.size;
    if (size === undefined)
      return `Wrong input: Not existing vector name error: ${name}`;
    if (size !== values.length)
      return `Wrong input: Vector dimension error: expected dim: ${size}, got ${values.length}`;
  }
  return null;
}
