import { readFile } from "node:fs/promises";
import { getApps, initializeApp } from "firebase-admin/app";
import { getFirestore } from "firebase-admin/firestore";
import { expect, it } from "vitest";
import { z } from "zod";
import { firestore } from "../../functions/src/adapters/vectors/firestore.ts";
import { qdrant } from "../../functions/src/adapters/vectors/qdrant.ts";

const db = getFirestore(
  getApps()[0] ?? initializeApp({ projectId: "demo-dimension" }),
);
const into = (dimension: number) => ({
  db,
  by: { model: "gemini-embedding-001", dimension },
});
const open = (dimension: number) =>
  firestore.build({ settings: {}, secrets: {} }, into(dimension));

const Indexes = z.object({
  indexes: z.array(
    z.object({
      fields: z.array(
        z.object({
          vectorConfig: z.object({ dimension: z.int() }).optional(),
        }),
      ),
    }),
  ),
});

it("vectors of a length that Firestore has no index for are refused at the start, by the setting's name", async () => {
  const text = await readFile("firestore.indexes.json", "utf8");
  const indexed = Indexes.parse(JSON.parse(text)).indexes.flatMap(
    ({ fields }) =>
      fields.flatMap(({ vectorConfig }) => vectorConfig?.dimension ?? []),
  );
  expect(new Set(indexed)).toEqual(new Set([512, 768]));
  for (const dimension of indexed) expect(() => open(dimension)).not.toThrow();
  for (const dimension of [0, 1, 511, 1_024, 1_536, 3_072])
    expect(() => open(dimension)).toThrow(
      `EMBEDDINGS_DIMENSION is ${dimension}, but Firestore has vector indexes for 512 and 768 only`,
    );
  const given = {
    settings: { url: "http://127.0.0.1:9" },
    secrets: { apiKey: () => "" },
  };
  expect(() => qdrant.build(given, into(3_072))).not.toThrow();
});
