import { PermanentError } from "../../domain/kernel/errors.ts";
import { defineVectors } from "../definition.ts";
import { firestoreVectors } from "../firestore/vectors.ts";

/** The lengths of vectors that firestore.indexes.json has indexes for. */
const indexedDimensions: readonly number[] = [512, 768];

export const firestore = defineVectors({
  name: "firestore",
  settings: {},
  secrets: {},
  isSetUp: () => true,
  standIn: () => "Firestore vector search",
  build: (_given, { db, by }) => {
    assertIndexed(by.dimension);
    return firestoreVectors(db, by);
  },
});

function assertIndexed(dimension: number): void {
  if (indexedDimensions.includes(dimension)) return;
  throw new PermanentError(
    "bad-setting",
    `EMBEDDINGS_DIMENSION is ${dimension}, but Firestore has vector indexes for ${indexedDimensions.join(" and ")} only (firestore.indexes.json): every search would fail. Set it to ${indexedDimensions.join(" or ")}, or keep the vectors in Qdrant by QDRANT_URL.`,
  );
}
