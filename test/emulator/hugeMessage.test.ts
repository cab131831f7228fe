import { describe, expect, it, onTestFinished } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import { newMessage } from "../../functions/src/domain/messages/message.ts";
import { create } from "../../functions/src/ports/store.ts";
import { tick } from "../../functions/src/delivery/tick.ts";
import { acme, globex, openApi } from "../support/api.ts";
import { aTip } from "../support/builders.ts";

const old = new Date("2026-09-01T00:00:00Z");

async function fresh() {
  const api = await openApi();
  onTestFinished(() => api.close());
  /** A message that cannot be read, with so many bytes besides. */
  const huge = async (id: string, bytes: number, parts: object = {}) => {
    const document = api.database.db.doc(`tenants/acme/messages/${id}`);
    await document.set({
      state: "open",
      shard: 0,
      ringAt: old,
      runAt: old,
      updatedAt: old,
      topic: "of-the-next-release",
      ...parts,
      blob: Buffer.alloc(bytes),
    });
    return document;
  };
  const aGoodOne = async () => {
    const origin = { traceId: "t", runId: null, causedBy: null };
    const { id, data } = newMessage(
      aTip(globex, "good"),
      origin,
      api.clock.now(),
    );
    const due = { ...data, ringAt: api.clock.now() };
    await api.write([create(at.message(acme, id), due)]);
    return id;
  };
  const tickedAt = async (): Promise<unknown> =>
    (await api.database.store.read(at.heartbeat))?.data.tickedAt;
  return { api, huge, aGoodOne, tickedAt };
}

describe("a message that cannot be read and fills its document", () => {
  it("is parked in as few words as there is room for", async () => {
    const { api, huge, tickedAt } = await fresh();
    const document = await huge("huge", 1_048_300);
    const error = { code: "x", message: "y".repeat(50), at: old };
    const fuller = await huge("fuller", 1_048_200, { lease: null, error });
    await tick(api.deps);
    expect((await document.get()).get("state")).toBe("parked");
    expect((await fuller.get()).data()).toMatchObject({
      state: "parked",
      error: { code: "unreadable" },
    });
    expect(await tickedAt()).toEqual(api.clock.now());
  });

  it.each(["open", "st"])(
    "holds up nothing where it cannot be parked at all, as one of the state %s",
    async (state) => {
      const { api, huge, aGoodOne, tickedAt } = await fresh();
      const document = await huge("full", 1_048_000, { state });
      await fill(document);
      const small = await huge("small", 10, { state });
      const good = await aGoodOne();
      for (let n = 0; n < 2; n++) {
        await tick(api.deps);
        expect(await tickedAt()).toEqual(api.clock.now());
        api.clock.advance(61_000);
      }
      expect((await document.get()).get("state")).toBe(state);
      expect((await small.get()).get("state")).toBe("parked");
      expect(api.rings.map(({ messageId }) => messageId)).toContain(good);
    },
  );

  /** Makes a document as large as the database takes it. */
  async function fill(
    document: Awaited<ReturnType<Awaited<ReturnType<typeof fresh>>["huge"]>>,
  ) {
    let [least, most] = [1_048_000, 1_048_576];
    while (most - least > 1) {
      const middle = Math.floor((least + most) / 2);
      const isTaken = await document
        .update({ blob: Buffer.alloc(middle) })
        .then(
          () => true,
          () => false,
        );
      if (isTaken) least = middle;
      else most = middle;
    }
  }
});

describe("the place that a tick goes on from", () => {
  it.each([
    "abc",
    "",
    "a/b/c",
    "//",
    "tenants//messages/x",
    "tenants/acme/messages/__x__",
    "tenants/../messages/x",
    "x/".repeat(4_000),
    `x/${"x".repeat(2_000)}`,
  ])("counts as none where it is no document's (%.30s)", async (place) => {
    const { api, huge, tickedAt } = await fresh();
    const shardless = await huge("shardless", 10, { shard: null });
    await api.database.db.doc(at.heartbeat.path).set({
      tickedAt: old,
      rung: 0,
      due: 0,
      readThrough: place,
      schemaVersion: 1,
      createdAt: old,
      updatedAt: old,
    });
    await tick(api.deps);
    expect(await tickedAt()).toEqual(api.clock.now());
    expect((await shardless.get()).get("state")).toBe("parked");
  });
});
