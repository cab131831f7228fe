import type { VectorsDefinition } from "../definition.ts";
import { firestore } from "./firestore.ts";
import { qdrant } from "./qdrant.ts";

/** Every vector index; the first that is set up is used. The last is always set up. */
export const vectorIndexes: readonly VectorsDefinition[] = [qdrant, firestore];
