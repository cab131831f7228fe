import type { Firestore } from "firebase-admin/firestore";
import { z } from "zod";
import { RetryableError } from "../../domain/errors.ts";
import type { Vectors } from "../../pipeline/ports.ts";

/** What a point's document holds besides its vector. */
const Payload = z.object({
  of: z.string(),
  start: z.number(),
  end: z.number(),
  distance: z.number(),
});

/** Points a batch; Firestore vectors of 512 numbers keep it well under 3 MB. */
const batchSize = 100;

/** A vector index in Firestore itself (`tenants/{t}/vectors`, exact nearest neighbours by cosine): for development and for small tenants. */
export function firestoreVectors(db: Firestore, model: string): Vectors {
  return {
    upsert: async (tenantId, points) => {
      const { FieldValue } = await import("firebase-admin/firestore");
      for (let i = 0; i < points.length; i += batchSize) {
        const batch = db.batch();
        for (const { id, vector, ...payload } of points.slice(
          i,
          i + batchSize,
        )) {
          batch.set(db.doc(`tenants/${tenantId}/vectors/${id}`), {
            ...payload,
            model,
            embedding: FieldValue.vector([...vector]),
          });
        }
        await translated(batch.commit());
      }
    },

    search: async (tenantId, { kind, accountId, vector, limit }) => {
      const ofKind = db
        .collection(`tenants/${tenantId}/vectors`)
        .where("model", "==", model)
        .where("kind", "==", kind);
      const allowed =
        accountId === null
          ? ofKind
          : ofKind.where("accountId", "==", accountId);
      const nearest = allowed.findNearest({
        vectorField: "embedding",
        queryVector: [...vector],
        limit,
        distanceMeasure: "COSINE",
        distanceResultField: "distance",
      });
      const found = await translated(nearest.get());
      return found.docs.map((document) => {
        const { of, start, end, distance } = Payload.parse(document.data());
        return { of, start, end, score: 1 - distance };
      });
    },
  };
}

async function translated<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw new RetryableError(
      "store-busy",
      `The vector index did not answer: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
