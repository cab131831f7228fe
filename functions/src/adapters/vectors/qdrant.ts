import type { QdrantClient } from "@qdrant/js-client-rest";
import { z } from "zod";
import { idFrom, uuidFrom } from "../../domain/kernel/hash.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import type { Things, Vectors } from "../../ports/vectors.ts";
import { defineVectors, isLocal, text } from "../definition.ts";
import { assertDimension, type EmbeddedBy } from "./dimension.ts";
import { translateErrors } from "./qdrantErrors.ts";

export const qdrant = defineVectors({
  name: "qdrant",
  settings: { url: text("QDRANT_URL") },
  secrets: { apiKey: "QDRANT_API_KEY" },
  isSetUp: ({ url }) => url !== "",
  standIn: ({ url }) => (isLocal(url) ? "a Qdrant on this machine" : null),
  build: ({ settings, secrets }, { by: { model, dimension } }) =>
    qdrantVectors({
      url: settings.url,
      apiKey: secrets.apiKey,
      model,
      dimension,
    }),
});

interface Settings extends EmbeddedBy {
  /** The port is the URL's own, 443 or 80 where it names none; a path is kept as a prefix. */
  readonly url: string;
  /** "" where the server asks for none; asked for at the first use. */
  readonly apiKey: () => string;
  /** How long one request may take. */
  readonly timeoutMs?: number;
}

/** Points a request: of 3,072 numbers each they stay far under the 32 MB that Qdrant takes. */
const batchSize = 100;
/** How many times more points are taken from the graph than the exact ranking leaves. */
const oversampling = 3;

const indexes = {
  tenantId: { type: "keyword", is_tenant: true },
  accountId: { type: "keyword" },
  kind: { type: "keyword" },
  audience: { type: "keyword" },
  of: { type: "keyword" },
} as const;

const Payload = z.object({ of: z.string(), start: z.int(), end: z.int() });

/** The collection of an embedding model: its name in safe characters, and a hash of what was lost by that. */
export function qdrantCollection({ model, dimension }: EmbeddedBy): string {
  const safe = model.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, 100);
  return `clientpulse_${safe}_${idFrom(model, dimension).slice(0, 8)}`;
}

/**
 * A vector index in Qdrant: one collection per embedding model, made at the first use, its graph built
 * per tenant (Qdrant, Multitenancy). Throws RetryableError while the server is busy or away.
 */
export function qdrantVectors(settings: Settings): Vectors {
  const server = reachServer(settings);
  return {
    upsert: async (tenantId, points) => {
      assertDimension(
        settings,
        points.map(({ vector }) => vector),
      );
      for (let i = 0; i < points.length; i += batchSize)
        await upsertBatch(tenantId, points.slice(i, i + batchSize), server);
    },

    setAudience: async (tenantId, things, audience) => {
      if (things.of.length === 0) return;
      const qdrant = await server.prepared();
      await translateErrors(() =>
        qdrant.setPayload(server.collection, {
          wait: true,
          payload: { audience: [...audience] },
          filter: { must: ofThings(tenantId, things) },
        }),
      );
    },

    remove: async (tenantId, things) => {
      if (things.of.length === 0) return;
      const qdrant = await server.prepared();
      await translateErrors(() =>
        qdrant.delete(server.collection, {
          wait: true,
          filter: { must: ofThings(tenantId, things) },
        }),
      );
    },

    search: async (tenantId, wanted) => {
      assertDimension(settings, [wanted.vector]);
      const qdrant = await server.connect();
      const query = toQuery(tenantId, wanted);
      const { points } = await translateErrors(
        () => qdrant.query(server.collection, query),
        { ifMissing: { points: [] } },
      );
      return points.map(({ score, payload }) => ({
        ...Payload.parse(payload),
        score,
      }));
    },
  };
}

/** The collection, and the client that asks for it. */
interface Server {
  readonly collection: string;
  readonly connect: () => Promise<QdrantClient>;
  /** The same, once the collection is there with its indexes. */
  readonly prepared: () => Promise<QdrantClient>;
}

function reachServer(settings: Settings): Server {
  const collection = qdrantCollection(settings);
  let client: Promise<QdrantClient> | undefined;
  let ready: Promise<void> | undefined;
  const connect = () => (client ??= connectClient(settings));
  const prepare = async () => {
    ready ??= prepareCollection(
      await connect(),
      collection,
      settings.dimension,
    );
    try {
      await ready;
    } catch (error) {
      ready = undefined;
      throw error;
    }
  };
  return {
    collection,
    connect,
    prepared: async () => {
      await translateErrors(prepare);
      return connect();
    },
  };
}

async function upsertBatch(
  tenantId: TenantId,
  batch: Parameters<Vectors["upsert"]>[1],
  { collection, prepared }: Server,
): Promise<void> {
  const qdrant = await prepared();
  const points = batch.map(({ id, vector, ...payload }) => ({
    // All tenants share the collection: two of them may well name a point alike.
    id: uuidFrom(tenantId, id),
    vector: { dense: [...vector] },
    payload: { ...payload, audience: [...payload.audience], tenantId },
  }));
  await translateErrors(() =>
    qdrant.upsert(collection, { wait: true, points }),
  );
}

function toQuery(
  tenantId: TenantId,
  wanted: Parameters<Vectors["search"]>[1],
): Parameters<QdrantClient["query"]>[1] {
  const query = [...wanted.vector];
  const filter = { must: conditions(tenantId, wanted) };
  const limit = wanted.limit * oversampling;
  return {
    prefetch: [{ query, using: "dense", filter, limit }],
    query,
    using: "dense",
    filter,
    limit: wanted.limit,
    with_payload: ["of", "start", "end"],
  };
}

type Condition =
  | { readonly key: string; readonly match: { readonly value: string } }
  | { readonly key: string; readonly match: { readonly any: string[] } };

function conditions(
  tenantId: TenantId,
  {
    kind,
    accountId,
    audience,
  }: Omit<Parameters<Vectors["search"]>[1], "vector" | "limit">,
): Condition[] {
  return [
    is("tenantId", tenantId),
    is("kind", kind),
    ...(accountId === null ? [] : [is("accountId", accountId)]),
    ...(audience === undefined
      ? []
      : [{ key: "audience", match: { any: [...audience] } }]),
  ];
}

function ofThings(tenantId: TenantId, { kind, of }: Things): Condition[] {
  return [
    is("tenantId", tenantId),
    is("kind", kind),
    { key: "of", match: { any: [...of] } },
  ];
}

function is(key: string, value: string): Condition {
  return { key, match: { value } };
}

async function connectClient(settings: Settings): Promise<QdrantClient> {
  const { QdrantClient } = await import("@qdrant/js-client-rest");
  const { origin, pathname } = new URL(settings.url);
  const apiKey = settings.apiKey();
  return new QdrantClient({
    url: origin,
    prefix: pathname.replace(/(?<!\/)\/+$/, ""),
    // Else a URL without a port would mean 6333, and the path of one would be dropped.
    port: null,
    // As `apiKey` it would be warned of wherever the server is this machine's own.
    headers: apiKey === "" ? {} : { "api-key": apiKey },
    timeout: settings.timeoutMs ?? 10_000,
    checkCompatibility: false,
  });
}

/** Makes the collection where it is missing, and each index that it lacks: whoever began before may have died halfway. */
async function prepareCollection(
  qdrant: QdrantClient,
  collection: string,
  size: number,
): Promise<void> {
  const { exists } = await qdrant.collectionExists(collection);
  if (!exists) {
    try {
      await qdrant.createCollection(collection, {
        vectors: { dense: { size, distance: "Cosine" } },
        hnsw_config: { m: 0, payload_m: 16 },
      });
    } catch (error) {
      // A rival may have been faster; what else is wrong the server says again.
      const { exists: now } = await qdrant.collectionExists(collection);
      if (!now) throw error;
    }
  }
  const { payload_schema: indexed } = await qdrant.getCollection(collection);
  for (const [field_name, field_schema] of Object.entries(indexes)) {
    if (field_name in indexed) continue;
    await qdrant.createPayloadIndex(collection, {
      field_name,
      field_schema,
      wait: true,
    });
  }
}
