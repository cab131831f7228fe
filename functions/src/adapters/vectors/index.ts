import type { Firestore } from "firebase-admin/firestore";
import { PermanentError } from "../../domain/kernel/errors.ts";
import type { Vectors } from "../../ports/vectors.ts";
import { firestoreVectors } from "../firestore/vectors.ts";
import type { EmbeddedBy } from "./dimension.ts";
import { qdrantVectors } from "./qdrant.ts";

/** The lengths of vectors that firestore.indexes.json has indexes for. */
const indexedDimensions: readonly number[] = [512, 768];

/** The vector index of an embedding model: in Qdrant where there is a URL, else in Firestore itself. Throws where Firestore has no index for its vectors. */
export function vectors(
  db: Firestore,
  by: EmbeddedBy,
  qdrant: { readonly url: string; readonly apiKey: () => string },
): Vectors {
  const { model, dimension } = by;
  if (qdrant.url !== "") return qdrantVectors({ ...qdrant, model, dimension });
  if (!indexedDimensions.includes(dimension))
    throw new PermanentError(
      "bad-setting",
      `EMBEDDINGS_DIMENSION is ${dimension}, but Firestore has vector indexes for ${indexedDimensions.join(" and ")} only (firestore.indexes.json): every search would fail. Set it to ${indexedDimensions.join(" or ")}, or keep the vectors in Qdrant by QDRANT_URL.`,
    );
  return firestoreVectors(db, by);
}
