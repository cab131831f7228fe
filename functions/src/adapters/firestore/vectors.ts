import type {
  DocumentReference,
  Firestore,
  WriteBatch,
} from "firebase-admin/firestore";
import { z } from "zod";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import { toBatches } from "../../domain/kernel/lists.ts";
import type { Hit, Things, Vectors } from "../../ports/vectors.ts";
import { grpcCode, failedPrecondition } from "./store.ts";
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
  const index: Index = { db, by, inTime: (call) => inTime(call, timeoutMs) };
  return {
    upsert: (tenantId, points) => upsert(index, tenantId, points),

    setAudience: (tenantId, things, audience) =>
      changeEach(index, tenantId, {
        things,
        change: (batch, point) =>
          batch.update(point, { audience: [...audience] }),
      }),

    remove: (tenantId, things) =>
      changeEach(index, tenantId, {
        things,
        change: (batch, point) => batch.delete(point),
      }),

    search: (tenantId, query) => search(index, tenantId, query),
  };
}

interface Index {
  readonly db: Firestore;
  readonly by: EmbeddedBy;
  readonly inTime: <T>(call: Promise<T>) => Promise<T>;
}

async function upsert(
  { db, by, inTime }: Index,
  tenantId: TenantId,
  points: Parameters<Vectors["upsert"]>[1],
): Promise<void> {
  assertDimension(
    by,
    points.map(({ vector }) => vector),
  );
  const { FieldValue } = await import("firebase-admin/firestore");
  for (const some of toBatches(points, batchSize)) {
    const batch = db.batch();
    for (const { id, vector, ...payload } of some)
      batch.set(db.doc(`tenants/${tenantId}/vectors/${id}`), {
        ...payload,
        model: by.model,
        embedding: FieldValue.vector([...vector]),
      });
    await inTime(batch.commit());
  }
}

/** Changes all points of these things; what a cut leaves out, the next try finds. */
async function changeEach(
  { db, by, inTime }: Index,
  tenantId: TenantId,
  {
    things: { kind, of },
    change,
  }: {
    readonly things: Things;
    readonly change: (batch: WriteBatch, point: DocumentReference) => unknown;
  },
): Promise<void> {
  const points = db.collection(`tenants/${tenantId}/vectors`);
  for (const names of toBatches(of, namesPerQuery)) {
    const found = await inTime(
      points
        .where("model", "==", by.model)
        .where("kind", "==", kind)
        .where("of", "in", names)
        .select()
        .get(),
    );
    for (const some of toBatches(found.docs, batchSize)) {
      const batch = db.batch();
      for (const { ref } of some) change(batch, ref);
      await inTime(batch.commit());
    }
  }
}

async function search(
  { db, by, inTime }: Index,
  tenantId: TenantId,
  query: Parameters<Vectors["search"]>[1],
): Promise<readonly Hit[]> {
  const { kind, accountId, audience, vector, limit } = query;
  assertDimension(by, [vector]);
  // Firestore refuses to ask for any of nothing.
  if (audience?.length === 0) return [];
  const ofKind = db
    .collection(`tenants/${tenantId}/vectors`)
    .where("model", "==", by.model)
    .where("kind", "==", kind);
  const ofAccount =
    accountId === null ? ofKind : ofKind.where("accountId", "==", accountId);
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
  const found = await inTime(nearest.get());
  return found.docs.map((document) => {
    const { of, start, end, distance } = Payload.parse(document.data());
    return { of, start, end, score: 1 - distance };
  });
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
    if (grpcCode(error) === failedPrecondition)
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
