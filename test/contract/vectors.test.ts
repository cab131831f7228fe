import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Firestore } from "firebase-admin/firestore";
import { startQdrant } from "../../dev/standins/qdrant.ts";
import { hashedEmbedder } from "../../functions/src/adapters/embedders/hashed.ts";
import { firestoreVectors } from "../../functions/src/adapters/firestore/vectors.ts";
import type { EmbeddedBy } from "../../functions/src/adapters/vectors/dimension.ts";
import {
  qdrantCollection,
  qdrantVectors,
} from "../../functions/src/adapters/vectors/qdrant.ts";
import {
  PermanentError,
  RetryableError,
} from "../../functions/src/domain/kernel/errors.ts";
import type { Vectors } from "../../functions/src/ports/vectors.ts";
import { aTenantId } from "../support/builders.ts";
import { type Database, openDatabase } from "../support/emulator.ts";
import { aPoint, names, near, north, search } from "../support/points.ts";

interface Adapter {
  readonly name: string;
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
  readonly index: (by: EmbeddedBy) => Vectors;
  /** An index whose server is away. */
  readonly away: (by: EmbeddedBy) => Promise<Vectors>;
}

const real = process.env["QDRANT_URL"] ?? "";
const realKey = process.env["QDRANT_API_KEY"] ?? "";
if (real === "")
  console.log("QDRANT_URL is not set: Qdrant is tried as the stand-in alone.");

const adapters: readonly Adapter[] = [
  firestoreAdapter(),
  qdrantAdapter("the Qdrant stand-in", async () => {
    const standIn = await startQdrant({ port: 0 });
    return { url: standIn.url, apiKey: "", close: standIn.close };
  }),
  ...(real === ""
    ? []
    : [
        qdrantAdapter("Qdrant", () =>
          Promise.resolve({
            url: real,
            apiKey: realKey,
            close: () => Promise.resolve(),
          }),
        ),
      ]),
];

const south = aTenantId("south");

describe.each(adapters)("the vector index in $name", (adapter) => {
  let by: EmbeddedBy;
  let vectors: Vectors;

  beforeAll(() => adapter.open());
  afterAll(() => adapter.close());

  /** A model of its own, so that no test sees another's points. */
  function fresh(dimension = 4): Vectors {
    by = { model: `test/${randomUUID()}`, dimension };
    vectors = adapter.index(by);
    return vectors;
  }

  test("holds a point once, however often it is upserted, as it was last", async () => {
    fresh();
    await vectors.upsert(north, [aPoint("a", [1, 0, 0, 0])]);
    await vectors.upsert(north, [
      { ...aPoint("a", [0, 1, 0, 0]), start: 7, end: 9 },
    ]);
    const found = await search(vectors, [0, 1, 0, 0]);
    expect(found).toEqual([{ of: "a", score: near(1), start: 7, end: 9 }]);
  });

  test("finds the nearest first, scored by their cosine, and no more than the limit", async () => {
    fresh();
    await vectors.upsert(north, [
      aPoint("behind", [-1, 0, 0, 0]),
      aPoint("same", [2, 0, 0, 0]),
      aPoint("across", [0, 1, 0, 0]),
      aPoint("slant", [0.6, 0.8, 0, 0]),
    ]);
    const found = await search(vectors, [1, 0, 0, 0], { limit: 3 });
    expect(found.map(({ of, score }) => [of, score])).toEqual([
      ["same", near(1)],
      ["slant", near(0.6)],
      ["across", near(0)],
    ]);
  });

  test("shows a tenant its own points alone, even where two name one alike", async () => {
    fresh();
    await vectors.upsert(north, [aPoint("a", [1, 0, 0, 0])]);
    await vectors.upsert(south, [
      { ...aPoint("a", [1, 0, 0, 0]), start: 500, end: 600 },
      aPoint("b", [1, 0, 0, 0]),
    ]);
    expect(await search(vectors, [1, 0, 0, 0])).toEqual([
      { of: "a", score: near(1), start: 0, end: 10 },
    ]);
    expect(await names(vectors, { tenant: south })).toEqual(["a", "b"]);
    expect(await names(vectors, { tenant: aTenantId("west") })).toEqual([]);
  });

  test("looks among the asked kind, and inside the account where one is named", async () => {
    fresh();
    await vectors.upsert(north, [
      { ...aPoint("s1", [1, 0, 0, 0]), accountId: "globex" },
      { ...aPoint("s2", [1, 0, 0, 0]), accountId: "initech" },
      { ...aPoint("deck", [1, 0, 0, 0]), kind: "asset", accountId: null },
    ]);
    expect(await names(vectors)).toEqual(["s1", "s2"]);
    expect(await names(vectors, { accountId: "globex" })).toEqual(["s1"]);
    expect(await names(vectors, { accountId: "hooli" })).toEqual([]);
    expect(await names(vectors, { kind: "asset" })).toEqual(["deck"]);
  });

  test("shows what one of the audience may see, nothing to nobody, and all where nobody is named", async () => {
    fresh();
    await vectors.upsert(north, [
      { ...aPoint("hers", [1, 0, 0, 0]), audience: ["u:anna", "t:north"] },
      { ...aPoint("his", [1, 0, 0, 0]), audience: ["u:ben"] },
      { ...aPoint("nobody's", [1, 0, 0, 0]), audience: [] },
    ]);
    expect(await names(vectors, { audience: ["u:anna"] })).toEqual(["hers"]);
    expect(await names(vectors, { audience: ["t:north", "u:ben"] })).toEqual([
      "hers",
      "his",
    ]);
    expect(
      await names(vectors, { audience: ["u:ben"], accountId: "globex" }),
    ).toEqual(["his"]);
    expect(await names(vectors, { audience: ["u:carl"] })).toEqual([]);
    expect(await names(vectors, { audience: [] })).toEqual([]);
    expect(await names(vectors)).toEqual(["hers", "his", "nobody's"]);
  });

  test("gives every point of the things named another audience, and no other point", async () => {
    fresh();
    const chunks = Array.from({ length: 130 }, (_, n) => ({
      ...aPoint(`chunk ${n}`, [1, 0, 0, 0]),
      of: n < 40 ? "long" : `s${n}`,
    }));
    await vectors.upsert(north, [
      ...chunks,
      { ...aPoint("an asset", [1, 0, 0, 0]), kind: "asset", of: "long" },
    ]);
    await vectors.upsert(south, [{ ...aPoint("x", [1, 0, 0, 0]), of: "long" }]);
    const of = ["long", ...chunks.slice(41).map((chunk) => chunk.of)];
    const signals = { kind: "signal", of } as const;
    await vectors.setAudience(north, signals, ["u:ben"]);
    await vectors.setAudience(north, { kind: "signal", of: [] }, ["u:carl"]);

    const bens = { audience: ["u:ben"], limit: 200 };
    expect(await names(vectors, bens)).toHaveLength(129);
    const annas = { audience: ["u:anna"] };
    expect(await names(vectors, annas)).toEqual(["s40"]);
    expect(await names(vectors, { ...annas, kind: "asset" })).toEqual(["long"]);
    expect(await names(vectors, { ...annas, tenant: south })).toEqual(["long"]);
    expect(await names(vectors, { audience: ["u:carl"] })).toEqual([]);
  });

  test("takes every point of the things named out, and no other point", async () => {
    fresh();
    await vectors.upsert(north, [
      aPoint("kept", [1, 0, 0, 0]),
      aPoint("gone", [1, 0, 0, 0]),
      { ...aPoint("gone 2", [1, 0, 0, 0]), of: "gone" },
      { ...aPoint("asset", [1, 0, 0, 0]), kind: "asset", of: "gone" },
    ]);
    await vectors.upsert(south, [aPoint("gone", [1, 0, 0, 0])]);
    await vectors.remove(north, { kind: "signal", of: ["gone", "never was"] });
    await vectors.remove(north, { kind: "signal", of: [] });
    expect(await names(vectors)).toEqual(["kept"]);
    expect(await names(vectors, { kind: "asset" })).toEqual(["gone"]);
    expect(await names(vectors, { tenant: south })).toEqual(["gone"]);
  });

  test("never mixes the points of two models", async () => {
    const one = fresh();
    const other = fresh();
    const wide = fresh(8);
    await one.upsert(north, [aPoint("a", [1, 0, 0, 0])]);
    await wide.upsert(north, [aPoint("w", [1, 0, 0, 0, 0, 0, 0, 0])]);
    expect(await names(one)).toEqual(["a"]);
    expect(await names(other)).toEqual([]);
    expect(await search(wide, [1, 0, 0, 0, 0, 0, 0, 0])).toHaveLength(1);
  });

  test("finds nothing where nothing was ever put", async () => {
    expect(await search(fresh(), [1, 0, 0, 0])).toEqual([]);
    await vectors.upsert(north, []);
    expect(await search(vectors, [1, 0, 0, 0])).toEqual([]);
  });

  test("refuses a vector of another dimension for good", async () => {
    fresh();
    const three = vectors.upsert(north, [
      aPoint("a", [1, 0, 0, 0]),
      aPoint("b", [1, 0, 0]),
    ]);
    await expect(three).rejects.toThrow(PermanentError);
    await expect(three).rejects.toThrow(/3 numbers .* have 4/);
    await expect(search(vectors, [1])).rejects.toThrow(PermanentError);
    expect(await search(vectors, [1, 0, 0, 0])).toEqual([]);
  });

  test("takes more points than fit one request, of a real model's size", async () => {
    const embedder = hashedEmbedder();
    const signal = new AbortController().signal;
    const texts = Array.from({ length: 250 }, (_, i) => `topic ${i} of many`);
    const embedded = await embedder.embed(texts, signal);
    by = { model: `test/${randomUUID()}`, dimension: embedder.dimension };
    vectors = adapter.index(by);
    await vectors.upsert(
      north,
      embedded.map((vector, i) => aPoint(`t${i}`, vector)),
    );
    const found = await search(vectors, embedded[137] ?? []);
    expect(found[0]).toMatchObject({ of: "t137", score: near(1) });
  });

  test("asks to be tried again while its server is away", async () => {
    const gone = await adapter.away({ model: "test/away", dimension: 4 });
    const point = aPoint("a", [1, 0, 0, 0]);
    await expect(gone.upsert(north, [point])).rejects.toThrow(RetryableError);
    await expect(search(gone, [1, 0, 0, 0])).rejects.toThrow(RetryableError);
  });
});

function firestoreAdapter(): Adapter {
  let database: Database;
  return {
    name: "Firestore",
    open: async () => {
      database = openDatabase();
      return Promise.resolve();
    },
    close: () => database.close(),
    index: (by) => firestoreVectors(database.db, by),
    away: (by) => {
      vi.stubEnv("FIRESTORE_EMULATOR_HOST", "127.0.0.1:1");
      const db = new Firestore({ projectId: "demo-away" });
      // It reads where it leads to when it is made.
      vi.unstubAllEnvs();
      return Promise.resolve(firestoreVectors(db, by, { timeoutMs: 300 }));
    },
  };
}

function qdrantAdapter(
  name: string,
  start: () => Promise<{
    readonly url: string;
    readonly apiKey: string;
    readonly close: () => Promise<void>;
  }>,
): Adapter {
  const used: string[] = [];
  let server: Awaited<ReturnType<typeof start>>;
  return {
    name,
    open: async () => {
      server = await start();
    },
    close: async () => {
      for (const collection of used)
        await fetch(`${server.url}/collections/${collection}`, {
          method: "DELETE",
          headers: server.apiKey === "" ? {} : { "api-key": server.apiKey },
        });
      await server.close();
    },
    index: (by) => {
      used.push(qdrantCollection(by));
      const { url, apiKey } = server;
      return qdrantVectors({ url, apiKey: () => apiKey, ...by });
    },
    away: async (by) => {
      const gone = await startQdrant({ port: 0 });
      await gone.close();
      return qdrantVectors({ url: gone.url, apiKey: () => "", ...by });
    },
  };
}
