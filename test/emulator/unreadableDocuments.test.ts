import { GeoPoint } from "firebase-admin/firestore";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import {
  MessageId,
  type TenantId,
} from "../../functions/src/domain/kernel/ids.ts";
import { minuteMs } from "../../functions/src/domain/kernel/instant.ts";
import {
  Message,
  newMessage,
} from "../../functions/src/domain/messages/message.ts";
import { stageFor } from "../../functions/src/pipeline/index.ts";
import { create } from "../../functions/src/ports/store.ts";
import { deliver } from "../../functions/src/delivery/deliver.ts";
import { tick } from "../../functions/src/delivery/tick.ts";
import { aCase, acme, globex, openApi, umbrella } from "../support/api.ts";
import { bodyOf, problemOf } from "../support/api.ts";
import { aTip } from "../support/builders.ts";
import { routesOf } from "../support/described.ts";
import { collectionsOf, type Kept, sampleOf } from "../support/samples.ts";

const Items = z.object({
  items: z.array(z.unknown()),
  nextCursor: z.string().nullable(),
});
const Health = z.object({ status: z.string(), parked: z.int() });

/** What a field may come to hold by another release, by hand, or by accident. */
const misfits = [
  undefined,
  null,
  "no-such-value",
  { unknown: true },
  new GeoPoint(1, 2),
] as const;

/** What parking writes, and the clock each time it rings. */
const touched = ["state", "lease", "error", "updatedAt", "ringAt"];

describe("documents that cannot be read, in every collection", () => {
  const collections = collectionsOf(acme, "case");
  let api: Awaited<ReturnType<typeof openApi>>;
  const good: { readonly tenantId: TenantId; readonly id: MessageId }[] = [];
  /** The bad messages as they were written, by their path. */
  const badMessages = new Map<string, Record<string, unknown>>();
  let before: ReadonlyMap<string, Answered>;
  let after: ReadonlyMap<string, Answered>;

  beforeAll(async () => {
    api = await openApi();
    await api.write(aCase("case", api.clock.now()).writes);
    const samples: { kept: Kept; sample: Record<string, unknown> }[] = [];
    for (const kept of collections)
      samples.push({ kept, sample: await sampleFor(kept) });
    for (const { kept, sample } of samples)
      await writeAll([[`${kept.path}/good`, sample]]);
    for (const tenantId of [acme, umbrella])
      good.push({ tenantId, id: await aMessage(tenantId, "good") });
    await tick(api.deps);
    before = await askAll();
    for (const { kept, sample } of samples) await corrupt(kept, sample);
    await tick(api.deps);
    api.clock.advance(6_000);
    after = await askAll();
  }, 300_000);
  afterAll(() => api.close());

  it("sweeps every collection", () => {
    expect(collections.map(({ path }) => path.split("/")[2])).toEqual(
      expect.arrayContaining(["accounts", "messages", "signals", "audit"]),
    );
    expect(collections.length).toBeGreaterThan(20);
  });

  it("leave every route's answer with all that can be read", () => {
    for (const [path, { status, items }] of before) {
      const now = after.get(path);
      expect([path, now?.status]).toEqual([path, status]);
      expect([path, now?.items]).toEqual([
        path,
        expect.arrayContaining([...(items ?? [])]),
      ]);
    }
    const lists = [...before.values()].filter(({ items }) => items !== null);
    expect(lists.length).toBeGreaterThan(9);
  });

  it("are refused by name where they themselves are asked for", async () => {
    let refused = 0;
    for (const path of paths("bad-0", ({ method }) => method === "GET")) {
      const answer = await api.as("ada", path);
      if (answer.status < 500) continue;
      const problem = problemOf(answer, 500);
      expect([path, problem.type]).toEqual([
        path,
        "urn:clientpulse:problem:unreadable",
      ]);
      expect(problem.detail).toMatch(/^tenants\/acme\/.* cannot be read: \w+/);
      refused++;
    }
    expect(refused).toBeGreaterThan(0);
  });

  it("do not keep the clock from ringing for the others, nor these from being done", async () => {
    const rung = api.rings.map(({ messageId }) => messageId);
    expect(rung).toEqual(expect.arrayContaining(good.map(({ id }) => id)));
    for (const { tenantId, id } of good)
      expect(
        await deliver({ tenantId, messageId: id }, { stageFor }, api.deps),
      ).toBe("done");
  });

  it("are no reason to say that the house does not work", async () => {
    api.clock.advance(6_000);
    const health = bodyOf(await api.send("/health"), 200, Health);
    expect(health.status).toMatch(/^(?:ok|attention)$/);
  });

  it("are parked where they are work, whatever does not fit, and are otherwise as they were", async () => {
    api.clock.advance(4 * minuteMs);
    for (let n = 0; n < 10; n++) await tick(api.deps);
    for (const [path, was] of badMessages) {
      // What has no state at all is in no index: it is met by its key alone.
      if (!("state" in was)) {
        const messageId = MessageId.parse(at.lastSegment(path));
        const wanted = { tenantId: acme, messageId };
        expect(await deliver(wanted, { stageFor }, api.deps)).toBe("parked");
      }
      const is = z.looseObject({}).parse(await stored(path));
      expect([path, is]).toMatchObject([
        path,
        { state: "parked", lease: null, error: { code: "unreadable" } },
      ]);
      for (const field of Object.keys(was))
        if (!touched.includes(field))
          expect([path, field, is[field]]).toEqual([path, field, was[field]]);
    }
    expect(badMessages.size).toBeGreaterThan(20);
    api.clock.advance(6_000);
    await tick(api.deps);
    const health = bodyOf(await api.send("/health"), 200, Health);
    expect(health.status).toBe("attention");
    expect(health.parked).toBeGreaterThanOrEqual(badMessages.size);
  });

  it("are listed as they are to those who keep the work going", async () => {
    const listed = await itemsOf("/api/v1/messages?state=unreadable");
    const Listed = z.object({ id: z.string() });
    const ids = listed?.map((item) => Listed.parse(item).id) ?? [];
    expect(ids.toSorted()).toEqual(
      [...badMessages.keys()].map((path) => at.lastSegment(path)).toSorted(),
    );
    const Detailed = z.object({
      tenant: z.object({
        unreadable: z.int(),
        documents: z.array(z.object({ path: z.string() })),
      }),
    });
    const answer = await api.as("otto", "/health/detailed");
    const { tenant } = bodyOf(answer, 200, Detailed);
    expect(tenant.unreadable).toBe(badMessages.size);
    expect(tenant.documents.length).toBeGreaterThan(0);
  });

  it("are replayed once they can be read, and not before", async () => {
    const path = [...badMessages.keys()].find(
      (one) => badMessages.get(one)?.["topic"] === "no-such-value",
    );
    if (path === undefined) throw new Error("No topic is unknown.");
    const replay = `/api/v1/messages/${at.lastSegment(path)}/replay`;
    const refused = await api.as("otto", replay, { method: "POST" });
    expect(problemOf(refused, 409).detail).toContain("topic");
    // The next release reads it.
    await api.database.db.doc(path).update({ topic: "signal-received" });
    const answer = await api.as("otto", replay, { method: "POST" });
    expect(answer.status).toBe(200);
    expect(await stored(path)).toMatchObject({
      state: "open",
      starts: 0,
      attempts: 0,
      error: null,
    });
  });

  interface Answered {
    readonly status: number;
    readonly items: readonly unknown[] | null;
  }

  /** The answers to every reading route, lists to their end. */
  async function askAll(): Promise<ReadonlyMap<string, Answered>> {
    const answers = new Map<string, Answered>();
    for (const path of paths("good", ({ method }) => method === "GET")) {
      const { status } = await api.as("ada", path);
      const items = status === 200 ? await itemsOf(path) : null;
      answers.set(path, { status, items });
    }
    return answers;
  }

  async function itemsOf(path: string): Promise<readonly unknown[] | null> {
    const items: unknown[] = [];
    let cursor = "";
    for (let n = 0; n < 100; n++) {
      const ask = `${path}${path.includes("?") ? "&" : "?"}limit=5${cursor}`;
      const { status, json } = await api.as("ada", ask);
      const page = Items.safeParse(json);
      if (status !== 200 || !page.success) return n === 0 ? null : items;
      items.push(...page.data.items);
      if (page.data.nextCursor === null) return items;
      cursor = `&cursor=${page.data.nextCursor}`;
    }
    throw new Error(`${path} does not end.`);
  }

  /** The paths of routes, with this id for whatever they are about but the card. */
  function paths(
    id: string,
    isWanted: (route: { readonly method: string }) => boolean,
  ): readonly string[] {
    return routesOf(api.app)
      .filter(isWanted)
      .map(({ path }) =>
        path
          .replace(/(?<=\/accounts\/)\{\w+\}/, id === "good" ? globex : id)
          .replace(/(?<=\/opportunities\/)\{\w+\}/, id === "good" ? "case" : id)
          .replaceAll(/\{\w+\}/g, id),
      );
  }

  /** A document that is there already, or else one made from the schema. */
  async function sampleFor({
    path,
    schema,
  }: Kept): Promise<Record<string, unknown>> {
    const now = api.clock.now();
    if (at.lastSegment(path) === "messages") {
      const origin = { traceId: "t", runId: null, causedBy: null };
      const { data } = newMessage(aTip(globex, "sample"), origin, now);
      return { ...data, schemaVersion: 1, createdAt: now, updatedAt: now };
    }
    const [real] = await api.database.store.query({
      collection: { path, schema: z.looseObject({}) },
      where: [],
      limit: 1,
    });
    return real?.data ?? z.looseObject({}).parse(sampleOf(schema, now));
  }

  /** Beside what is good, the same with each of its fields made unfit in each way. */
  async function corrupt(
    { path, schema }: Kept,
    sample: Record<string, unknown>,
  ): Promise<void> {
    const variants = [
      { ...sample, schemaVersion: 2 },
      ...Object.keys(sample).flatMap((field, i) =>
        misfitsFor(path, i).map((value) => {
          const { [field]: _, ...rest } = sample;
          return value === undefined ? rest : { ...rest, [field]: value };
        }),
      ),
    ].filter((variant) => !schema.safeParse(variant).success);
    const documents = variants.map(
      (variant, n) => [`${path}/bad-${n}`, variant] as const,
    );
    await writeAll(documents);
    if (at.lastSegment(path) === "messages")
      for (const [bad] of documents)
        badMessages.set(bad, z.looseObject({}).parse(await stored(bad)));
  }

  /** Of work each field in each way; elsewhere two ways a field, in turns, which is quicker. */
  function misfitsFor(path: string, field: number) {
    if (at.lastSegment(path) === "messages") return misfits;
    return misfits.filter((_, way) => [0, 2].includes((way + field) % 5));
  }

  async function writeAll(
    documents: readonly (readonly [string, object])[],
  ): Promise<void> {
    const { db } = api.database;
    for (let i = 0; i < documents.length; i += 200) {
      const batch = db.batch();
      for (const [path, data] of documents.slice(i, i + 200))
        batch.set(db.doc(path), data);
      await batch.commit();
    }
  }

  async function aMessage(tenantId: TenantId, n: string): Promise<MessageId> {
    const origin = { traceId: n, runId: null, causedBy: null };
    const emission = aTip(globex, n);
    const { id, data } = newMessage(emission, origin, api.clock.now());
    const due = { ...data, ringAt: api.clock.now() };
    await api.write([create(at.message(tenantId, id), due)]);
    return id;
  }

  async function stored(path: string): Promise<unknown> {
    return (await api.database.db.doc(path).get()).data();
  }
});

describe("one message that cannot be read", () => {
  it("says nothing of how the house is while functions of the next release may be about to work on it", async () => {
    const api = await openApi();
    await tick(api.deps);
    const origin = { traceId: "t", runId: null, causedBy: null };
    const { id, data } = newMessage(
      aTip(globex, "next"),
      origin,
      api.clock.now(),
    );
    const { ref } = await writeRaw({ ...data, topic: "of-the-next-release" });
    const wanted = { tenantId: acme, messageId: id };
    expect(await deliver(wanted, { stageFor }, api.deps)).toBe("early");
    api.clock.advance(2 * minuteMs);
    await tick(api.deps);
    expect((await ref.get()).data()).toMatchObject({ state: "open" });
    expect((await api.send("/health")).status).toBe(200);
    api.clock.advance(2 * minuteMs);
    await tick(api.deps);
    expect((await ref.get()).data()).toMatchObject({
      state: "parked",
      topic: "of-the-next-release",
      error: { code: "unreadable" },
    });
    expect(Message.shape.topic.safeParse("of-the-next-release").success).toBe(
      false,
    );
    await api.close();

    async function writeRaw(raw: object) {
      const document = api.database.db.doc(at.message(acme, id).path);
      const now = api.clock.now();
      const stamps = { schemaVersion: 1, createdAt: now, updatedAt: now };
      await document.set({ ...raw, ...stamps });
      return { ref: document };
    }
  });
});

describe("a query", () => {
  const Numbered = z.object({ n: z.number() });
  const collection = { path: "tenants/acme/numbered", schema: Numbered };

  it("gives full pages and comes to its end, however many in a row cannot be read", async () => {
    const { database } = await openApi();
    const { db, store } = database;
    const batch = db.batch();
    for (let n = 0; n < 300; n++) {
      const isGood = n % 100 < 3;
      const document = db.collection(collection.path).doc(`${1000 + n}`);
      batch.set(document, { n: isGood ? n : "no number", at: n });
    }
    await batch.commit();
    const found: number[] = [];
    let unreadable = 0;
    for (;;) {
      const page = await store.query({
        collection,
        where: [],
        orderBy: [["at", "asc"]],
        limit: 2,
        ...(found.length === 0 ? {} : { startAfter: [found.at(-1)] }),
      });
      found.push(...page.map(({ data }) => data.n));
      unreadable += page.unreadable?.length ?? 0;
      if (page.length < 2) break;
    }
    expect(found).toEqual([0, 1, 2, 100, 101, 102, 200, 201, 202]);
    expect(unreadable).toBeGreaterThanOrEqual(291);
    const all = { collection, where: [], limit: 10 } as const;
    await expect(
      store.query({ ...all, unreadable: "refuse" }),
    ).rejects.toMatchObject({ code: "unreadable" });
    await database.close();
  });
});

describe("a change of an account's owners", () => {
  it("reaches the documents that cannot be read, too", async () => {
    const api = await openApi();
    const card = aCase("case", api.clock.now());
    await api.write(card.writes);
    const path = "tenants/acme/opportunities/case";
    const document = api.database.db.doc(path);
    await document.update({ state: "of-the-next-release" });
    const message = newMessage(
      {
        topic: "audience-changed",
        payload: { accountId: globex, version: 1, round: 1, after: null },
      },
      { traceId: "t", runId: null, causedBy: null },
      api.clock.now(),
    );
    await api.database.db
      .doc("tenants/acme/accounts/globex")
      .update({ audience: ["u:bob"] });
    await api.write([create(at.message(acme, message.id), message.data)]);
    const wanted = { tenantId: acme, messageId: message.id };
    expect(await deliver(wanted, { stageFor }, api.deps)).toBe("done");
    expect((await document.get()).data()).toMatchObject({
      audience: ["u:bob"],
      state: "of-the-next-release",
    });
    await api.close();
  });
});
