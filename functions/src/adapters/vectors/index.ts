import type { Firestore } from "firebase-admin/firestore";
import type { Vectors } from "../../pipeline/ports.ts";
import { firestoreVectors } from "../firestore/vectors.ts";
import type { EmbeddedBy } from "./dimension.ts";
import { qdrantVectors } from "./qdrant.ts";

/** The vector index of an embedding model: in Qdrant where there is a URL, else in Firestore itself. */
export function vectors(
  db: Firestore,
  by: EmbeddedBy,
  qdrant: { readonly url: string; readonly apiKey: () => string },
): Vectors {
  const { model, dimension } = by;
  return qdrant.url === ""
    ? firestoreVectors(db, by)
    : qdrantVectors({ ...qdrant, model, dimension });
}
