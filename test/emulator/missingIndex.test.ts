import { Query } from "firebase-admin/firestore";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { firestoreVectors } from "../../functions/src/adapters/firestore/vectors.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { create, update } from "../../functions/src/ports/store.ts";
import { anAccount, anAccountId, aTenantId } from "../support/builders.ts";
import { openDatabase } from "../support/emulator.ts";
import { errorOf } from "../support/sources.ts";

const { db, store, close } = openDatabase();
const tenantId = aTenantId("north");
const collection = at.accounts(tenantId);
const link =
  "https://console.firebase.google.com/v1/r/project/p/firestore/indexes?create_composite=abc";
/** As the database says it; the emulator never does, since it needs no indexes. */
const said = `9 FAILED_PRECONDITION: The query requires an index. You can create it here: ${link}`;
const missing = {
  name: "PermanentError",
  code: "missing-index",
};
afterEach(() => vi.restoreAllMocks());
afterAll(close);

describe("a query that the database has no index for", () => {
  it("is permanent, and names the index", async () => {
    vi.spyOn(Query.prototype, "get").mockRejectedValue(refusal());
    const query = { collection, where: [], limit: 1 } as const;
    const failure = await errorOf(store.query(query));
    expect(failure).toMatchObject(missing);
    expect(String(failure)).toContain(link);
  });

  it("is permanent in the vector index as well", async () => {
    const by = { model: "m", dimension: 2 };
    const vectors = firestoreVectors(db, by);
    const nearest = db.collection("c").findNearest({
      vectorField: "embedding",
      queryVector: [1, 0],
      limit: 1,
      distanceMeasure: "COSINE",
    });
    vi.spyOn(Query.prototype, "findNearest").mockReturnValue(nearest);
    vi.spyOn(nearest, "get").mockRejectedValue(refusal());
    const wanted = { kind: "asset", accountId: null, limit: 1 } as const;
    const searched = errorOf(
      vectors.search(tenantId, { ...wanted, vector: [1, 0] }),
    );
    expect(await searched).toMatchObject(missing);
    expect(String(await searched)).toContain(link);
  });

  it("is a conflict, as before, where it is the precondition of a write", async () => {
    const ref = at.account(tenantId, anAccountId("globex"));
    const now = new Date();
    await store.commit([create(ref, anAccount())], now);
    const read = await store.read(ref);
    if (read === null) throw new Error("It was not written.");
    const renamed = update(read, { name: "Globex Corporation" });
    expect(await store.commit([renamed], now)).toMatchObject({
      kind: "committed",
    });
    expect(await store.commit([renamed], now)).toEqual({ kind: "conflict" });
  });

  const refusal = () => Object.assign(new Error(said), { code: 9 });
});
