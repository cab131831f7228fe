import type {
  DocumentReference,
  Firestore,
  WriteBatch,
} from "firebase-admin/firestore";
import { z } from "zod";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import type { Things, Vectors } from "../../ports/vectors.ts";
import { codeOf, failedPrecondition } from "./store.ts";
import { assertDimension, type EmbeddedBy } from "../vectors/dimension.ts";

/** What a point's document holds besides its vector. */
const Payload = z.object({
  of: z.string(),
  start: z.number(),
  end: z.number(),
  distance: z.number(),
});

/** Points a batch; Firestore vectors of 2,048 numbers, the most that it takes, keep it under 3 MB. */
const batchSize = 100;

/** What a Firestore query takes in an `in`; a signal has 40 points at most. */
const namesPerQuery = 30;

/** A vector index in Firestore itself (`tenants/{t}/vectors`, exact nearest neighbours by cosine): for development and for small tenants. */
export function firestoreVectors(
  db: Firestore,
  by: EmbeddedBy,
  { timeoutMs = 20_000 }: { readonly timeoutMs?: number } = {},
): Vectors {
  const { model } = by;
  const translated = <T>(call: Promise<T>) => inTime(call, timeoutMs);
  return {
    upsert: async (tenantId, points) => {
      assertDimension(
        by,
        points.map(({ vector }) => vector),
      );
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

    setAudience: (tenantId, things, audience) =>
      eachOf(tenantId, things, (batch, point) =>
        batch.update(point, { audience: [...audience] }),
      ),

    remove: (tenantId, things) =>
      eachOf(tenantId, things, (batch, point) => batch.delete(point)),

    search: async (tenantId, wanted) => {
      const { kind, accountId, audience, vector, limit } = wanted;
      assertDimension(by, [vector]);
      // Firestore refuses to ask for any of nothing.
      if (audience?.length === 0) return [];
      const ofKind = db
        .collection(`tenants/${tenantId}/vectors`)
        .where("model", "==", model)
        .where("kind", "==", kind);
      const ofAccount =
        accountId === null
          ? ofKind
          : ofKind.where("accountId", "==", accountId);
      const allowed =
        audience === undefined
          ? ofAccount
          : ofAccount.where("audience", "array-contains-any", [...audience]);
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

  /** Changes all points of these things; what a cut leaves out, the next try finds. */
  async function eachOf(
    tenantId: TenantId,
    { kind, of }: Things,
    change: (batch: WriteBatch, point: DocumentReference) => unknown,
  ): Promise<void> {
    const points = db.collection(`tenants/${tenantId}/vectors`);
    for (let i = 0; i < of.length; i += namesPerQuery) {
      const found = await translated(
        points
          .where("model", "==", model)
          .where("kind", "==", kind)
          .where("of", "in", of.slice(i, i + namesPerQuery))
          .select()
          .get(),
      );
      for (let n = 0; n < found.docs.length; n += batchSize) {
        const batch = db.batch();
        for (const { ref } of found.docs.slice(n, n + batchSize))
          change(batch, ref);
        await translated(batch.commit());
      }
    }
  }
}

async function inTime<T>(call: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  // The client library would go on for minutes.
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`nothing within ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([call, deadline]);
  } catch (error) {
    if (codeOf(error) === failedPrecondition)
      throw new PermanentError(
        "missing-index",
        `The vector index lacks an index of the database: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    throw new RetryableError(
      "store-busy",
      `The vector index did not answer: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
  }
}
