import { createServer, type ServerResponse } from "node:http";
import { z } from "zod";
import { bodyText, json, listenOn } from "./server.ts";
import {
  type Collection,
  describeCollection,
  matches,
  type Point,
  pointFault,
  rankPoints,
  shownPoint,
} from "./qdrantCollection.ts";
import * as schema from "./qdrantRequests.ts";

/** A request that the stand-in was asked, oldest first. */
export interface QdrantRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** What the next request is answered with in place of its answer; without a status, nothing at all. */
export interface QdrantFault {
  readonly status?: number;
  readonly retryAfter?: string;
  readonly body?: unknown;
}

/** A running stand-in. */
export interface QdrantStandIn {
  readonly url: string;
  readonly requests: () => readonly QdrantRequest[];
  /** The points of a collection; 0 where there is no such collection. */
  readonly points: (collection: string) => number;
  readonly fail: (fault: QdrantFault) => void;
  readonly close: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** A write without `wait=true` is acknowledged before it can be found, as by the server itself. */
const settlesAfterMs = 100;

/**
 * The part of Qdrant's REST API that we use, in memory and with exact cosine: collections, payload
 * indexes, points and their payload, queries with prefetches, delete, count and scroll. Stricter than the server: a field
 * that it does not know is 400. Port 0 is any.
 */
export async function startQdrant({
  port,
  apiKey = "",
}: {
  readonly port: number;
  readonly apiKey?: string;
}): Promise<QdrantStandIn> {
  const collections = new Map<string, Collection>();
  const requests: QdrantRequest[] = [];
  const faults: QdrantFault[] = [];

  const server = createServer(async (request, response) => {
    const startedAt = performance.now();
    const body = json(await bodyText(request).catch(() => ""));
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://q");
    const path = decodeURIComponent(pathname);
    const method = request.method ?? "GET";
    requests.push({ method, path, body });
    const fault = faults.shift();
    if (fault !== undefined) return failAs(fault, response);
    if (apiKey !== "" && request.headers["api-key"] !== apiKey) {
      response.writeHead(401).end("Invalid API key or JWT");
      return;
    }
    const wait = searchParams.get("wait") === "true";
    const answer = answerTo(collections, { method, path, body, wait });
    const time = (performance.now() - startedAt) / 1000;
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(
      JSON.stringify(
        answer.error === undefined
          ? { result: answer.result, status: "ok", time }
          : { status: { error: answer.error }, time },
      ),
    );
  });
  return {
    ...(await listenOn(server, port)),
    requests: () => [...requests],
    points: (name) => collections.get(name)?.points.size ?? 0,
    fail: (fault) => void faults.push(fault),
  };
}

function failAs(
  { status, retryAfter, body = {} }: QdrantFault,
  response: ServerResponse,
): void {
  if (status === undefined) return;
  response.writeHead(status, {
    "content-type": "application/json",
    ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
  });
  response.end(JSON.stringify(body));
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly wait: boolean;
}

function answerTo(collections: Map<string, Collection>, asked: Asked): Answer {
  const route = /^\/collections\/([^/]+)(\/.*)?$/.exec(asked.path);
  const name = route?.[1];
  if (name === undefined) return { status: 404, error: "Not found" };
  const what = `${asked.method} ${route?.[2] ?? "/"}`;
  const collection = collections.get(name);
  if (what === "GET /exists") return ok({ exists: collection !== undefined });
  if (what === "PUT /") {
    if (collection !== undefined)
      return {
        status: 409,
        error: `Wrong input: Collection \`${name}\` already exists!`,
      };
    return parseThen(schema.CreateCollection, asked.body, (config) => {
      collections.set(name, { config, indexes: new Map(), points: new Map() });
      return ok(true);
    });
  }
  if (collection === undefined)
    return {
      status: 404,
      error: `Not found: Collection \`${name}\` doesn't exist!`,
    };
  if (what === "DELETE /") return ok(collections.delete(name));
  const operation = operations.get(what);
  if (operation === undefined)
    return { status: 404, error: `Not found: ${what}` };
  return operation(collection, asked.body, writing(asked));
}

/** Carries a write out, at once or later, and says so. */
type Written = (apply: () => void) => Answer;

function writing({ wait }: Asked): Written {
  return (apply) => {
    if (wait) apply();
    else setTimeout(apply, settlesAfterMs);
    const status = wait ? "completed" : "acknowledged";
    return ok({ operation_id: 0, status });
  };
}

function chosen(
  { points }: Collection,
  filter: schema.Filter | undefined,
): readonly Point[] {
  return [...points.values()].filter((point) => matches(point, filter));
}

/** What can be asked of a collection that is there. */
const operations: ReadonlyMap<
  string,
  (collection: Collection, body: unknown, written: Written) => Answer
> = new Map([
  ["GET /", (collection) => ok(describeCollection(collection))],
  [
    "PUT /index",
    ({ indexes }, body, written) =>
      parseThen(schema.CreateIndex, body, ({ field_name, field_schema }) =>
        written(() => indexes.set(field_name, field_schema)),
      ),
  ],
  ["PUT /points", upsert],
  [
    "POST /points/query",
    (collection, body) =>
      parseThen(schema.Query, body, (query) => {
        const found = rankPoints(collection, query);
        return "error" in found
          ? { status: 400, error: found.error }
          : ok({ points: found.points });
      }),
  ],
  ["POST /points/delete", deletePoints],
  ["POST /points/payload", setPayload],
  [
    "POST /points/count",
    (collection, body) =>
      parseThen(schema.Count, body, ({ filter }) =>
        ok({ count: chosen(collection, filter).length }),
      ),
  ],
  ["POST /points/scroll", scroll],
]);

function upsert(
  collection: Collection,
  body: unknown,
  written: Written,
): Answer {
  return parseThen(schema.Upsert, body, ({ points }) => {
    const fault = points
      .map((point) => pointFault(collection, point))
      .find((found) => found !== null);
    if (fault !== undefined) return { status: 400, error: fault };
    return written(() => {
      for (const point of points)
        collection.points.set(String(point.id), point);
    });
  });
}

function deletePoints(
  collection: Collection,
  body: unknown,
  written: Written,
): Answer {
  return parseThen(schema.Delete, body, (selector) =>
    written(() => {
      const ids =
        "points" in selector
          ? selector.points
          : chosen(collection, selector.filter).map(({ id }) => id);
      for (const id of ids) collection.points.delete(String(id));
    }),
  );
}

function setPayload(
  collection: Collection,
  body: unknown,
  written: Written,
): Answer {
  return parseThen(schema.SetPayload, body, ({ payload, filter }) =>
    written(() => {
      for (const point of chosen(collection, filter))
        collection.points.set(String(point.id), {
          ...point,
          payload: { ...point.payload, ...payload },
        });
    }),
  );
}

function scroll(collection: Collection, body: unknown): Answer {
  return parseThen(schema.Scroll, body, ({ filter, limit, offset }) => {
    const sorted = chosen(collection, filter)
      .toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1))
      .filter(({ id }) => offset == null || String(id) >= String(offset));
    return ok({
      points: sorted.slice(0, limit).map((point) => shownPoint(point)),
      next_page_offset: sorted[limit]?.id ?? null,
    });
  });
}

function ok(result: unknown): Answer {
  return { status: 200, result };
}

function parseThen<T>(
  of: z.ZodType<T>,
  body: unknown,
  then: (value: T) => Answer,
): Answer {
  const read = of.safeParse(body);
  if (read.success) return then(read.data);
  const why = z.prettifyError(read.error).replace(/\s+/g, " ");
  return { status: 400, error: `Format error in JSON body: ${why}` };
}
