import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { RetryableError } from "../../functions/src/domain/kernel/errors.ts";
import { addMs, toDay } from "../../functions/src/domain/kernel/instant.ts";
import { newMessage } from "../../functions/src/domain/messages/message.ts";
import { create, put } from "../../functions/src/ports/store.ts";
import {
  acme,
  umbrella,
  aParked,
  bodyOf,
  globex,
  openApi,
  present,
  problemOf,
  sharedApi,
  type TestApi,
  webhookSecret,
} from "../support/api.ts";
import { aTip } from "../support/builders.ts";

const api = await sharedApi();

describe("parked work", () => {
  const Page = z.object({
    items: z.array(
      z.object({
        id: z.string(),
        topic: z.string(),
        traceId: z.string(),
        error: z.object({ message: z.string(), at: z.string() }).nullable(),
      }),
    ),
    nextCursor: z.string().nullable(),
  });
  let lone: TestApi;
  beforeAll(async () => {
    lone = await openApi();
    const now = lone.clock.now();
    // Five to a moment, so that only the id tells them apart.
    const parked = Array.from({ length: 23 }, (_, n) =>
      aParked(n, addMs(now, Math.floor(n / 5) * 1000)),
    );
    // Tried as often as their trace says.
    const retrying = [1, 2, 5].map((attempts) => {
      const from = { traceId: `${attempts}`, runId: null, causedBy: null };
      const again = newMessage(aTip(globex, `again-${attempts}`), from, now);
      return create(at.message(acme, again.id), { ...again.data, attempts });
    });
    const origin = { traceId: "open", runId: null, causedBy: null };
    const open = Array.from({ length: 9 }, (_, n) =>
      newMessage(aTip(globex, `open-${n}`), origin, now),
    );
    await lone.write([
      ...retrying,
      ...parked.map(({ write }) => write),
      ...open.map(({ id, data }) => create(at.message(acme, id), data)),
    ]);
  });
  afterAll(() => lone.close());

  async function walk(query: string) {
    const seen: z.infer<typeof Page>["items"] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const next: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const path = `/api/v1/messages?${query}${next}`;
      const page = bodyOf(await lone.as("otto", path), 200, Page);
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    return seen;
  }

  it.each([1, 3, 5, 100])(
    "pages by %i, the latest first, without a gap or a double",
    async (limit) => {
      const parked = await walk(`limit=${limit}`);
      expect(new Set(parked.map(({ id }) => id)).size).toBe(23);
      expect(parked).toHaveLength(23);
      const times = parked.map(({ error }) => error?.at ?? "");
      expect(times).toEqual([...times].sort().reverse());
      const open = await walk(
        `state=open&topic=signal-received&limit=${limit}`,
      );
      expect(new Set(open.map(({ id }) => id)).size).toBe(12);
      expect(open).toHaveLength(12);
      expect(await walk(`topic=crm-write&limit=${limit}`)).toEqual([]);
      const retrying = await walk(`state=retrying&limit=${limit}`);
      expect(retrying.map(({ traceId }) => traceId).toSorted()).toEqual([
        "1",
        "2",
        "5",
      ]);
      const ofGlobex = `account=globex&limit=${limit}`;
      expect(await walk(ofGlobex)).toHaveLength(23);
      expect(await walk(`topic=signal-received&${ofGlobex}`)).toHaveLength(23);
      expect(await walk(`account=initech&limit=${limit}`)).toEqual([]);
      expect(await walk(`state=retrying&${ofGlobex}`)).toHaveLength(3);
      expect(await walk(`state=open&topic=crm-write&${ofGlobex}`)).toEqual([]);
    },
  );

  it("shows its reason, its trace, and one by one its payload", async () => {
    const { id, write } = aParked("shown", api.clock.now());
    await api.write([write]);
    const Detail = z.object({
      error: z.object({ code: z.literal("bad-answer") }),
      traceId: z.literal("trace-shown"),
      payload: z.object({ accountId: z.literal("globex") }),
    });
    const answer = await api.as("otto", `/api/v1/messages/${id}`);
    expect(bodyOf(answer, 200, Detail).traceId).toBe("trace-shown");
    const none = await api.as("otto", "/api/v1/messages/none");
    expect(problemOf(none, 404).detail).toBe("There is no such message.");
  });

  it("is open again after a replay, audited and rung for, and cannot be replayed twice", async () => {
    const { id, write } = aParked("replayed", api.clock.now());
    await api.write([write]);
    api.rings.length = 0;
    const replay = () =>
      api.as("otto", `/api/v1/messages/${id}/replay`, {
        method: "POST",
        headers: { "X-Request-ID": "replay-1" },
      });
    const answers = await Promise.all([replay(), replay(), replay()]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      200, 409, 409,
    ]);
    const { data } = present(await api.deps.store.read(at.message(acme, id)));
    expect(data).toMatchObject({
      state: "open",
      starts: 0,
      attempts: 0,
      error: null,
    });
    expect(api.rings).toMatchObject([
      { messageId: id, topic: "signal-received" },
    ]);
    const entries = (await api.audit()).filter((e) => e.traceId === "replay-1");
    expect(entries).toMatchObject([{ actor: "otto", reason: "replayed" }]);
    expect(problemOf(await replay(), 409).current).toEqual({ state: "open" });
  });

  it("is replayed in bulk, with a result for each", async () => {
    const [first, second] = [
      aParked("bulk-1", api.clock.now()),
      aParked("bulk-2", api.clock.now()),
    ];
    const origin = { traceId: "open", runId: null, causedBy: null };
    const open = newMessage(aTip(globex, "bulk-open"), origin, api.clock.now());
    await api.write([
      first.write,
      second.write,
      create(at.message(acme, open.id), open.data),
    ]);
    const ids = [first.id, second.id, open.id, "none", first.id];
    const answer = await api.as("otto", "/api/v1/messages/replay", {
      body: { ids },
    });
    const Results = z.object({
      items: z.array(z.object({ id: z.string(), result: z.string() })),
    });
    expect(bodyOf(answer, 200, Results).items).toEqual([
      { id: first.id, result: "replayed" },
      { id: second.id, result: "replayed" },
      { id: open.id, result: "not-parked" },
      { id: "none", result: "not-found" },
    ]);
    const many = Array.from({ length: 101 }, (_, i) => `m${i}`);
    const over = await api.as("otto", "/api/v1/messages/replay", {
      body: { ids: many },
    });
    expect(problemOf(over, 400).errors?.[0]?.field).toBe("ids");
  });
});

describe("accounts", () => {
  const Page = z.object({
    items: z.array(z.object({ id: z.string(), name: z.string() })),
    nextCursor: z.string().nullable(),
  });

  it("are listed by name, page by page, to whom they belong", async () => {
    const first = bodyOf(
      await api.as("ada", "/api/v1/accounts?limit=1"),
      200,
      Page,
    );
    expect(first.items).toMatchObject([{ id: "globex", name: "Globex" }]);
    const next = `/api/v1/accounts?limit=1&cursor=${first.nextCursor}`;
    const second = bodyOf(await api.as("ada", next), 200, Page);
    expect(second).toMatchObject({
      items: [{ id: "initech" }],
      nextCursor: null,
    });
    const mine = bodyOf(await api.as("bob", "/api/v1/accounts"), 200, Page);
    expect(mine.items).toMatchObject([{ id: "initech" }]);
  });

  it("are shown with their intent, schedule and sources, but not with a source's address", async () => {
    const lone = await openApi();
    const now = lone.clock.now();
    const read = present(await lone.deps.store.read(at.account(acme, globex)));
    const source = {
      kind: "rss",
      key: "feed",
      url: "https://feeds.example/globex?key=feed-secret",
      publisher: "Feeds",
      reliability: 0.7,
      licence: "CC0",
    } as const;
    const audience = [...read.data.audience];
    await lone.write([
      put(at.account(acme, globex), { ...read.data, sources: [source] }),
      create(at.context(acme, globex), {
        accountId: globex,
        audience,
        parts: { news: { [String(toDay(now))]: 2000 } },
        categories: { legal: { [String(toDay(now))]: 2 } },
        intent: 42,
        intentDay: 0,
        signals: 1,
        lastSignalAt: now,
        holds: false,
        lastSignals: [
          {
            id: "s",
            title: "T",
            category: "other",
            occurredAt: now,
            url: null,
          },
        ],
      }),
      create(at.schedule(acme, globex), {
        accountId: globex,
        active: true,
        intervalMs: 3_600_000,
        dueAt: now,
      }),
      create(at.sourceState(acme, globex, "feed"), {
        accountId: globex,
        sourceKey: "feed",
        cursor: { last: "cursor-secret" },
        lastPolledAt: now,
        lastGoodAt: null,
        lastError: "It was down.",
        consecutiveFailures: 2,
        itemsFound: 0,
        droppedItems: 0,
        dropped: [],
        kind: null,
        lastItemAt: null,
        gapMs: null,
        silentAt: null,
      }),
    ]);
    const answer = await lone.as("anna", "/api/v1/accounts/globex");
    expect(answer.json).toMatchObject({
      id: "globex",
      view: { intent: 42, lastSignals: [{ occurredAt: now.toISOString() }] },
      health: {
        score: 69,
        reasons: [
          { code: "intent", effect: 15.8, detail: "63.2" },
          { code: "trend", effect: 15 },
          { code: "bad-news", effect: -12, detail: "legal" },
        ],
        flags: ["rising", "bad-news", "sources-failing"],
      },
      schedule: { active: true, dueAt: now.toISOString() },
      sources: [
        { kind: "rss", key: "feed", state: { lastError: "It was down." } },
      ],
    });
    const { trend } = z
      .object({ trend: z.array(z.object({ intent: z.number() })) })
      .parse(answer.json);
    expect(trend.map(({ intent }) => intent)).toEqual([
      ...Array.from({ length: 30 }, () => 0),
      63.2,
    ]);
    expect(answer.text).not.toMatch(/secret|audience/);
    await lone.close();
  });
});

describe("health", () => {
  const Health = z.object({
    status: z.enum(["ok", "attention", "degraded"]),
    reasons: z.array(z.string()),
    heartbeatAgeS: z.int().nullable(),
    oldestDueAgeS: z.int().nullable(),
    parked: z.int().nullable(),
  });
  const beat = (lone: TestApi) => {
    const tickedAt = lone.clock.now();
    const rest = { rung: 0, due: 0, readThrough: null };
    return lone.write([put(at.heartbeat, { tickedAt, ...rest })]);
  };

  it("is degraded until the clock ticks, when it stops, and when work lies too long", async () => {
    const lone = await openApi();
    const health = async (status: number) =>
      bodyOf(await lone.send("/health"), status, Health);
    expect(await health(503)).toEqual({
      status: "degraded",
      reasons: ["clock"],
      heartbeatAgeS: null,
      oldestDueAgeS: null,
      parked: 0,
    });
    await beat(lone);
    lone.clock.advance(6_000);
    expect(await health(200)).toMatchObject({
      status: "ok",
      reasons: [],
      heartbeatAgeS: 6,
    });
    lone.clock.advance(180_000);
    expect(await health(503)).toMatchObject({
      status: "degraded",
      reasons: ["clock"],
      heartbeatAgeS: 186,
    });

    const origin = { traceId: "t", runId: null, causedBy: null };
    const due = newMessage(aTip(globex, "due"), origin, lone.clock.now());
    const later = newMessage(
      aTip(globex, "later", { runAt: addMs(lone.clock.now(), 3_600_000) }),
      origin,
      lone.clock.now(),
    );
    await lone.write([
      create(at.message(acme, due.id), due.data),
      create(at.message(acme, later.id), later.data),
    ]);
    lone.clock.advance(301_000);
    await beat(lone);
    expect(await health(503)).toEqual({
      status: "degraded",
      reasons: ["overdue"],
      heartbeatAgeS: 0,
      oldestDueAgeS: 301,
      parked: 0,
    });
    await lone.close();
  });

  it("answers 200 and asks for attention where work is parked, each tenant told of its own", async () => {
    const lone = await openApi();
    await beat(lone);
    const origin = { traceId: "t", runId: null, causedBy: null };
    const now = lone.clock.now();
    const one = newMessage(aTip(globex, "parked"), origin, now);
    const error = { code: "unknown", message: "It failed.", at: now };
    const parked = { ...one.data, state: "parked" as const, error };
    await lone.write([create(at.message(acme, one.id), parked)]);
    expect(bodyOf(await lone.send("/health"), 200, Health)).toEqual({
      status: "attention",
      reasons: ["parked"],
      heartbeatAgeS: 0,
      oldestDueAgeS: null,
      parked: 1,
    });
    const Told = z.object({
      tenant: z.object({ parked: z.int(), unreadable: z.int() }),
    });
    const told = async (tenant: string) => {
      const answer = await lone.as("both", "/health/detailed", {
        headers: { "X-Tenant-ID": tenant },
      });
      return bodyOf(answer, 200, Told).tenant;
    };
    expect(await told(acme)).toEqual({ parked: 1, unreadable: 0 });
    expect(await told(umbrella)).toEqual({ parked: 0, unreadable: 0 });
    await lone.close();
  });

  it("costs the database nothing when it is asked again and again", async () => {
    const lone = await openApi();
    await lone.send("/health");
    const reads = lone.database.operations.read;
    await Promise.all(Array.from({ length: 50 }, () => lone.send("/health")));
    expect(lone.database.operations.read).toBe(reads);
    await lone.close();
  });

  it("says so within seconds when the database fails, or does not answer at all", async () => {
    const failing = await openApi();
    const query = () => Promise.reject(new RetryableError("store-busy", "No."));
    const broken = await openApi({ store: { ...failing.deps.store, query } });
    const answer = await broken.send("/health");
    expect(bodyOf(answer, 503, Health).status).toBe("degraded");
    const stuck = await openApi({
      store: {
        ...failing.deps.store,
        query: () => new Promise(() => undefined),
      },
    });
    const asked = stuck.send("/health");
    while (!stuck.clock.toNextTimeout()) await new Promise(setImmediate);
    expect((await asked).status).toBe(503);
    const busy = problemOf(await broken.as("ada", "/api/v1/inbox"), 503);
    expect(busy.detail).toBe("Please try again in a moment.");
    await Promise.all([failing, broken, stuck].map((one) => one.close()));
  });

  it("names each component and what stands in for what, to those who run the house", async () => {
    await beat(api);
    const Detailed = Health.extend({
      version: z.literal("1.2.3"),
      components: z.array(z.object({ name: z.string(), status: z.string() })),
      standIns: z.array(z.object({ need: z.string(), standIn: z.string() })),
    });
    const answer = await api.as("otto", "/health/detailed");
    const { components, standIns } = bodyOf(answer, 200, Detailed);
    expect(components).toMatchObject([
      { name: "firestore", status: "ok" },
      { name: "clock", status: "ok" },
      { name: "vectors", status: "ok" },
      { name: "writer", status: "not-probed" },
      { name: "crms", status: "not-probed" },
    ]);
    expect(standIns).toMatchObject([
      { need: "writer", standIn: "the extractive writer" },
    ]);
    expect(answer.text).not.toContain(webhookSecret);
    problemOf(await api.send("/health/detailed"), 401);

    const search = () => Promise.reject(new Error("no index"));
    const lame = await openApi({ vectors: { ...api.deps.vectors, search } });
    const { components: found } = bodyOf(
      await lame.as("otto", "/health/detailed"),
      200,
      Detailed,
    );
    expect(found[2]).toMatchObject({ name: "vectors", status: "down" });
    await lame.close();
  });
});
