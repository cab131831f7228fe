import { afterAll, beforeAll, expect, test } from "vitest";
import { hashedEmbedder } from "../../functions/src/adapters/embedders/hashed.ts";
import { firestoreVectors } from "../../functions/src/adapters/firestore/vectors.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { sha256 } from "../../functions/src/domain/kernel/hash.ts";
import { SignalId, SnapshotId } from "../../functions/src/domain/kernel/ids.ts";
import { create, type Write } from "../../functions/src/ports/store.ts";
import { startReembedding } from "../../functions/src/pipeline/upkeep/reembed.ts";
import { archive } from "../../functions/src/pipeline/snapshots.ts";
import { aSource } from "../support/briefs.ts";
import {
  anAccount,
  anAccountId,
  anAsset,
  aTenantId,
  aTenantWith,
} from "../support/builders.ts";
import { all, parked } from "../support/stories.ts";
import { type Crms, fair, openWorld, startCrms } from "../support/world.ts";

const tenantId = aTenantId("north");
const before = hashedEmbedder();
const today = hashedEmbedder({ dimension: 64 });
const count = 120;

let crms: Crms;
beforeAll(async () => void (crms = await startCrms()));
afterAll(() => crms.close());

/** A tenant whose signals were embedded with the model before, in a world whose model is another. */
async function aWorld() {
  const calls: (readonly string[])[] = [];
  const logged: string[] = [];
  const world = openWorld(7, crms, {
    embedder: {
      ...today,
      embed: (texts, signal) => (calls.push(texts), today.embed(texts, signal)),
    },
    vectors: {
      upsert: (...asked) => index().upsert(...asked),
      setAudience: (...asked) => index().setAudience(...asked),
      remove: (...asked) => index().remove(...asked),
      search: (...asked) => index().search(...asked),
    },
    log: { write: (_severity, message) => void logged.push(message) },
  });
  const index = () => firestoreVectors(world.database.db, today);
  await world.write(
    aTenantWith(tenantId, [[anAccountId("globex"), anAccount()]]),
  );
  await world.write(Array.from({ length: count }, (_, i) => aSignal(i)).flat());
  await world.write([create(at.asset(tenantId, "deck"), anAsset())]);
  return { world, calls, logged, index: index() };
}

function textOf(i: number): string {
  return `Globex opens plant number ${i}. ${"It will make turbines for ships. ".repeat(60)}`;
}

function idOf(i: number) {
  return SignalId.parse(`globex_${String(i).padStart(3, "0")}`);
}

function aSignal(i: number): readonly Write[] {
  const origin = { url: null, licence: "CC0", fetchedAt: new Date(0) };
  const archived = archive(tenantId, { text: textOf(i), sections: [] }, origin);
  const snapshotId = archived?.id ?? SnapshotId.parse(sha256(""));
  return [
    ...(archived?.writes ?? []),
    create(
      at.signal(tenantId, idOf(i)),
      aSource(textOf(i), { embeddedWith: before.model, snapshotId }).data,
    ),
  ];
}

test("a job that dies between and within its pages ends with every signal and asset found by the new model", async () => {
  const { world, calls, index } = await aWorld();
  let kills = 0;
  // Once behind the effect on the index, once behind the commit and before the ring for the next page.
  const places = ["vectors.upsert#1:after", "doorbell.ring#1:before"];
  world.watch((topic, point) => {
    if (topic !== "signals-reembed" || point !== places[kills]) return null;
    kills++;
    return "kill";
  });
  await world.emit(tenantId, startReembedding(today.model, "by hand"));
  await world.settle(fair);

  expect(kills).toBe(2);
  const signals = await all(world, at.signals(tenantId));
  expect(signals).toHaveLength(count);
  expect(new Set(signals.map(({ data }) => data.embeddedWith))).toEqual(
    new Set([today.model]),
  );
  const points = await world.database.db
    .collection(`tenants/${tenantId}/vectors`)
    .where("model", "==", today.model)
    .get();
  const found = new Set(points.docs.map((point): unknown => point.get("of")));
  expect(found.size).toBe(count + 2);
  const [vector = []] = await today.embed(
    [textOf(77).slice(0, 1200)],
    new AbortController().signal,
  );
  const wanted = { kind: "signal", accountId: null, vector, limit: 3 } as const;
  const hits = await index.search(tenantId, wanted);
  expect(hits[0]?.of).toBe(idOf(77));
  expect(hits[0]?.score).toBeCloseTo(1, 1);

  // Two chunks each: pages of fifty signals, of which the killed one was embedded twice.
  const sizes = calls.map(({ length }) => length);
  expect(sizes).toEqual([100, 100, 100, 40, 2]);
  const pages = (await world.messages()).filter(
    ({ data }) => data.topic === "signals-reembed",
  );
  expect(pages.map(({ data }) => data.state)).toEqual(
    Array.from({ length: 4 }, () => "done"),
  );
  await world.close();
});

test("what has its vectors costs nothing when it is asked for again, and one occasion is one job", async () => {
  const { world, calls } = await aWorld();
  await world.emit(tenantId, startReembedding(today.model, "release 2"));
  await world.settle(fair);
  const paid = calls.flat().length;
  await world.emit(tenantId, startReembedding(today.model, "release 2"));
  await world.settle(fair);
  expect(calls.flat()).toHaveLength(paid);
  await world.emit(tenantId, startReembedding(today.model, "by hand"));
  await world.settle(fair);
  // The two assets, whose text is all there is to compare.
  expect(calls.flat()).toHaveLength(paid + 2);
  await world.close();
});

test("a page's reads and writes are bounded, however many signals there are and however long", async () => {
  const { world, calls } = await aWorld();
  const long = Array.from({ length: 12 }, (_, i) => {
    const text = `Report ${i}. ${"Globex sold another turbine to a shipyard. ".repeat(1_500)}`;
    const archived = archive(
      tenantId,
      { text, sections: [] },
      {
        url: null,
        licence: "CC0",
        fetchedAt: new Date(0),
      },
    );
    const snapshotId = archived?.id ?? SnapshotId.parse(sha256(""));
    return [
      ...(archived?.writes ?? []),
      create(
        at.signal(tenantId, SignalId.parse(`globex_00_long${i}`)),
        aSource(text, { snapshotId }).data,
      ),
    ];
  });
  await world.write(long.flat());
  const { operations } = world.database;
  const operated: number[] = [];
  let last = { ...operations };
  world.watch((topic, point) => {
    if (topic === "signals-reembed" && point === "doorbell.ring#1:before") {
      operated.push(
        operations.read - last.read + operations.write - last.write,
      );
      last = { ...operations };
    }
    return null;
  });
  last = { ...operations };
  await world.emit(tenantId, startReembedding(today.model, "by hand"));
  await world.settle(fair);
  expect(Math.max(...calls.map(({ length }) => length))).toBeLessThan(440);
  // Without a bound on their length it would be three pages.
  expect(operated).toHaveLength(4);
  // Fifty signals read, their texts, fifty written, and a few for the message itself.
  expect(Math.max(...operated)).toBeLessThanOrEqual(170);
  await world.close();
});

test("a signal whose text is gone keeps none of the others from being found", async () => {
  const { world, logged } = await aWorld();
  const gone = SnapshotId.parse(sha256(textOf(3)));
  await world.database.db.doc(at.snapshot(tenantId, gone).path).delete();
  await world.emit(tenantId, startReembedding(today.model, "by hand"));
  await world.settle(fair);
  const signals = await all(world, at.signals(tenantId));
  const left = signals.filter(({ data }) => data.embeddedWith !== today.model);
  expect(left.map(({ id }) => id)).toEqual([idOf(3)]);
  expect(logged).toContain("a signal could not be re-embedded");
  expect(await parked(world)).toEqual([]);
  await world.close();
});

test("a job for a model that these functions do not have waits, and is then a person's to look at", async () => {
  const { world, calls } = await aWorld();
  await world.emit(tenantId, startReembedding("unheard-of/3", "by hand"));
  await world.settle(fair);
  expect(await parked(world)).toEqual(["signals-reembed bad-payload"]);
  expect(calls).toEqual([]);
  await world.close();
});
