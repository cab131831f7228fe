import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type QdrantStandIn, startQdrant } from "../../dev/standins/qdrant.ts";
import type { EmbeddedBy } from "../../functions/src/adapters/vectors/dimension.ts";
import {
  qdrantCollection,
  qdrantVectors,
} from "../../functions/src/adapters/vectors/qdrant.ts";
import { RetryableError } from "../../functions/src/domain/kernel/errors.ts";
import { aPoint, names, north, search } from "../support/points.ts";

const down = { status: { error: "Service internal error" }, time: 0 };

const Envelope = z.strictObject({
  status: z.strictObject({ error: z.string() }),
  time: z.number(),
});
const Index = z.object({ field_name: z.string() });
const Must = z.object({ must: z.array(z.unknown()) });
const Query = z.object({
  filter: Must,
  prefetch: z.array(z.object({ filter: Must })),
});

describe("Qdrant, on the wire", () => {
  let standIn: QdrantStandIn;
  const by: EmbeddedBy = { model: "hashed-ngrams-1/4", dimension: 4 };
  const collection = qdrantCollection(by);
  const point = aPoint("a", [1, 0, 0, 0]);

  beforeAll(async () => {
    standIn = await startQdrant({ port: 0, apiKey: "right" });
  });
  afterAll(() => standIn.close());
  afterEach(() =>
    fetch(`${standIn.url}/collections/${collection}`, {
      method: "DELETE",
      headers: { "api-key": "right" },
    }),
  );

  const at = ({ apiKey = "right", timeoutMs = 10_000 } = {}) =>
    qdrantVectors({ url: standIn.url, apiKey: () => apiKey, timeoutMs, ...by });

  test("every query names the tenant at its top and in each prefetch", async () => {
    const vectors = at();
    await vectors.upsert(north, [point]);
    const before = standIn.requests().length;
    await search(vectors, [1, 0, 0, 0]);
    await search(vectors, [1, 0, 0, 0], {
      accountId: "globex",
      audience: ["u:anna"],
    });
    const queries = standIn
      .requests()
      .slice(before)
      .map(({ body }) => Query.parse(body));
    expect(queries).toHaveLength(2);
    const tenant = { key: "tenantId", match: { value: "north" } };
    for (const { filter, prefetch } of queries) {
      expect(filter.must).toContainEqual(tenant);
      expect(prefetch).toHaveLength(1);
      for (const part of prefetch) expect(part.filter).toEqual(filter);
    }
    const all = { key: "audience", match: { any: ["u:anna"] } };
    expect(queries[1]?.filter.must).toContainEqual(all);
  });

  test("the collection carries its model's name, a graph per tenant and an index for each filter", async () => {
    expect(collection).toMatch(/^clientpulse_hashed-ngrams-1-4_[0-9a-f]{8}$/);
    expect(qdrantCollection({ ...by, model: "hashed-ngrams-1-4" })).not.toBe(
      collection,
    );
    await at().upsert(north, [point]);
    const answer = await fetch(`${standIn.url}/collections/${collection}`, {
      headers: { "api-key": "right" },
    });
    expect(await answer.json()).toMatchObject({
      result: {
        config: {
          params: { vectors: { dense: { size: 4, distance: "Cosine" } } },
          hnsw_config: { m: 0, payload_m: 16 },
        },
        payload_schema: {
          tenantId: { params: { type: "keyword", is_tenant: true } },
          accountId: { params: { type: "keyword" } },
          kind: { params: { type: "keyword" } },
          audience: { params: { type: "keyword" } },
        },
      },
    });
  });

  test("instances that begin at once make one collection, and lose no point", async () => {
    await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        at().upsert(north, [aPoint(`p${i}`, [1, 0, 0, 0])]),
      ),
    );
    expect(standIn.points(collection)).toBe(8);
  });

  test("an index that a dead instance left out is made by the next", async () => {
    const path = `/collections/${collection}`;
    await fetch(`${standIn.url}${path}`, {
      method: "PUT",
      headers: { "api-key": "right" },
      body: JSON.stringify({
        vectors: { dense: { size: 4, distance: "Cosine" } },
      }),
    });
    const made = async () => {
      const before = standIn.requests().length;
      await at().upsert(north, [point]);
      const asked = standIn.requests().slice(before);
      return asked
        .filter((request) => request.path === `${path}/index`)
        .map(({ body }) => Index.parse(body).field_name);
    };
    expect(await made()).toEqual([
      "tenantId",
      "accountId",
      "kind",
      "audience",
      "of",
    ]);
    expect(await made()).toEqual([]);
  });

  test.each([
    { fault: { status: 503, body: down }, code: "vendor-down" },
    { fault: { status: 500, body: "oops" }, code: "vendor-down" },
    { fault: { status: 429 }, code: "vendor-busy" },
    // The client hands on the first character of the header.
    {
      fault: { status: 429, retryAfter: "7" },
      code: "vendor-busy",
      ms: 79_000,
    },
    {
      fault: { status: 429, retryAfter: "79" },
      code: "vendor-busy",
      ms: 79_000,
    },
    {
      fault: { status: 429, retryAfter: "Sat, 21 Nov" },
      code: "vendor-busy",
      ms: 60_000,
    },
    { fault: {}, code: "timed-out" },
  ])(
    "$fault.status with Retry-After $fault.retryAfter is worth another try: $code",
    async ({ fault, code, ms = null }) => {
      const vectors = at({ timeoutMs: 300 });
      await vectors.upsert(north, [point]);
      standIn.fail(fault);
      const failed = await search(vectors, [1, 0, 0, 0]).catch(
        (error: unknown) => error,
      );
      expect(failed).toBeInstanceOf(RetryableError);
      expect(failed).toMatchObject({ code, retryAfterMs: ms });
      expect(await names(vectors)).toEqual(["a"]);
    },
  );

  test("the stand-in describes a collection with every part that the server's description requires", async () => {
    await at().upsert(north, [point]);
    const created = standIn
      .requests()
      .find(
        ({ method, path }) => method === "GET" && path.split("/").length === 3,
      );
    const headers = { "api-key": "right" };
    const answer = await fetch(`${standIn.url}${created?.path}`, { headers });
    expect(await answer.json()).toMatchObject({
      result: {
        config: {
          params: { vectors: { dense: { distance: "Cosine" } } },
          hnsw_config: { m: 0, ef_construct: 100, full_scan_threshold: 10_000 },
          optimizer_config: {
            default_segment_number: 0,
            flush_interval_sec: 5,
          },
        },
      },
    });
  });

  test("what the server refuses is permanent, in its own words", async () => {
    const vectors = at();
    await vectors.upsert(north, [point]);
    const said = "Wrong input: Index required but not found";
    standIn.fail({ status: 400, body: { status: { error: said }, time: 0 } });
    await expect(search(vectors, [1, 0, 0, 0])).rejects.toMatchObject({
      name: "PermanentError",
      code: "refused-by-vendor",
      message: `Qdrant answered 400: ${said}`,
    });
    await expect(
      at({ apiKey: "wrong" }).upsert(north, [point]),
    ).rejects.toMatchObject({ name: "PermanentError", code: "vendor-auth" });
  });

  test("a failed beginning is begun anew", async () => {
    const vectors = at();
    standIn.fail({ status: 503 });
    await expect(vectors.upsert(north, [point])).rejects.toThrow(
      RetryableError,
    );
    await vectors.upsert(north, [point]);
    expect(await names(vectors)).toEqual(["a"]);
  });
});

describe("the Qdrant stand-in refuses what the server refuses", () => {
  let standIn: QdrantStandIn;
  const id = randomUUID();
  const points = [{ id, vector: { dense: [1, 0] }, payload: {} }];
  const dense = { dense: { size: 2, distance: "Cosine" } };

  beforeAll(async () => {
    standIn = await startQdrant({ port: 0 });
    await ask("PUT", "/collections/c", { vectors: dense });
    await ask("PUT", "/collections/c/points?wait=true", { points });
  });
  afterAll(() => standIn.close());

  async function ask(method: string, path: string, body: object) {
    const answer = await fetch(`${standIn.url}${path}`, {
      method,
      body: JSON.stringify(body),
    });
    return { status: answer.status, text: await answer.text() };
  }

  test.each([
    ["PUT", "/collections/c", { vectors: dense }, 409, /already exists/],
    ["POST", "/collections/x/points/query", {}, 404, /`x` doesn't exist/],
    ["PUT", "/collections/d", { vektors: {} }, 400, /vektors/],
    [
      "PUT",
      "/collections/c/points",
      { points: [{ id: "no-uuid", vector: { dense: [1, 0] } }] },
      400,
      /not a valid point ID/,
    ],
    [
      "PUT",
      "/collections/c/points",
      { points: [{ id, vector: { dense: [1, 0, 0] } }] },
      400,
      /expected dim: 2, got 3/,
    ],
    [
      "POST",
      "/collections/c/points/query",
      { query: [1, 0], using: "sparse" },
      400,
      /Not existing vector name error: sparse/,
    ],
    [
      "POST",
      "/collections/c/points/query",
      { query: [1, 0], using: "dense", filters: {} },
      400,
      /filters/,
    ],
    [
      "POST",
      "/collections/c/points/query",
      { query: [1, 0, 0], using: "dense" },
      400,
      /expected dim: 2, got 3/,
    ],
  ])("%s %s %j with %i", async (method, path, body, status, says) => {
    const answer = await ask(method, path, body);
    expect(answer.status).toBe(status);
    const envelope = Envelope.parse(JSON.parse(answer.text));
    expect(envelope.status.error).toMatch(says);
  });

  test("and counts, scrolls and deletes by a filter", async () => {
    const of = (name: string) => ({
      filter: { must: [{ key: "of", match: { value: name } }] },
    });
    const added = ["p", "q"].map((name) => ({
      id: randomUUID(),
      vector: { dense: [1, 1] },
      payload: { of: name },
    }));
    await ask("PUT", "/collections/c/points?wait=true", { points: added });
    const count = async (name: string) =>
      (await ask("POST", "/collections/c/points/count", of(name))).text;
    expect(await count("p")).toContain('"count":1');
    const scrolled = await ask("POST", "/collections/c/points/scroll", of("q"));
    expect(scrolled.text).toContain(added[1]?.id);
    expect(scrolled.text).not.toContain(added[0]?.id);
    await ask("POST", "/collections/c/points/delete?wait=true", of("p"));
    expect(await count("p")).toContain('"count":0');
    expect(await count("q")).toContain('"count":1');
  });
});
