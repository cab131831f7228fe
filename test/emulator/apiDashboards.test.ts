import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { MessageId } from "../../functions/src/domain/kernel/ids.ts";
import {
  addMs,
  toDateText,
  dayMs,
  toDay,
  hourMs,
  minuteMs,
} from "../../functions/src/domain/kernel/instant.ts";
import { newMessage } from "../../functions/src/domain/messages/message.ts";
import { stageFor } from "../../functions/src/pipeline/index.ts";
import { create, update } from "../../functions/src/ports/store.ts";
import { deliver } from "../../functions/src/delivery/deliver.ts";
import {
  aCase,
  acme,
  bodyOf,
  globex,
  initech,
  openApi,
  present,
  problemOf,
  type TestApi,
} from "../support/api.ts";
import { anAccountId, aTip, aUid } from "../support/builders.ts";

const Overview = z.object({
  asOf: z.string().nullable(),
  accountsWatched: z.int(),
  cards: z.int(),
  byStatus: z.record(z.string(), z.int()),
  bySource: z.record(z.string(), z.int()),
  days: z.array(z.object({ day: z.string(), cards: z.int() })),
  targets: z.array(
    z.object({
      id: z.string(),
      value: z.number().nullable(),
      met: z.boolean().nullable(),
    }),
  ),
});

const refresh = (api: TestApi, person = "vera") =>
  api.as(person, "/api/v1/dashboards/refresh", { method: "POST" });
const overview = async (api: TestApi, weeks = 8) =>
  bodyOf(
    await api.as("bob", `/api/v1/dashboards/overview?weeks=${weeks}`),
    200,
    Overview,
  );
const messages = async (api: TestApi, topic: string) => {
  const reads = await api.deps.store.query({
    collection: at.messages(acme),
    where: [],
    limit: 1_000,
  });
  return reads.filter(({ data }) => data.topic === topic);
};

/** Works on the dashboard's messages until none is open. */
async function settle(api: TestApi): Promise<void> {
  for (const topic of ["dashboard-due", "dashboard-day"])
    for (const { id, data } of await messages(api, topic)) {
      if (data.state !== "open") continue;
      const messageId = MessageId.parse(id);
      const wanted = { tenantId: acme, messageId };
      expect(await deliver(wanted, { stageFor }, api.deps)).toBe("done");
    }
}

const dayAt = async (api: TestApi, moment: Date) =>
  present(
    await api.deps.store.read(at.dashboardDay(acme, toDateText(toDay(moment)))),
  ).data;

async function presented(api: TestApi, id: string, changes = {}) {
  const now = api.clock.now();
  const one = aCase(id, now, { opportunity: changes });
  await api.write(one.writes);
  return one;
}

describe("the dashboard", () => {
  it("is counted once a minute, however many look, and only while somebody does", async () => {
    const api = await openApi();
    await presented(api, "one");
    expect((await overview(api)).asOf).toBeNull();
    const answers = await Promise.all([
      refresh(api),
      refresh(api, "bob"),
      refresh(api, "otto"),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(await messages(api, "dashboard-due")).toHaveLength(1);
    await settle(api);
    expect((await refresh(api)).status).toBe(202);
    expect(await messages(api, "dashboard-due")).toHaveLength(1);
    api.clock.advance(minuteMs);
    await refresh(api);
    expect(await messages(api, "dashboard-due")).toHaveLength(2);
    await api.close();
  });

  it("shows each card on the day on which it was presented, with what became of it since", async () => {
    const api = await openApi();
    const watched = [
      [globex, true],
      [initech, true],
      [anAccountId("left"), false],
    ] as const;
    const dueAt = api.clock.now();
    await api.write(
      watched.map(([accountId, active]) =>
        create(at.schedule(acme, accountId), {
          accountId,
          active,
          intervalMs: hourMs,
          dueAt,
        }),
      ),
    );
    const first = api.clock.now();
    const one = await presented(api, "one");
    await presented(api, "two", { sources: ["rss", "sec"] });
    api.clock.advance(dayMs);
    await presented(api, "three", { accountId: initech });
    await refresh(api);
    await settle(api);
    expect(await dayAt(api, first)).toMatchObject({
      cards: 2,
      byStatus: { open: 2, rejected: 0 },
      byAccount: { globex: 2 },
      complete: true,
    });

    // Past what is looked at twice in case that it came late.
    api.clock.advance(16 * minuteMs);
    await refresh(api);
    await settle(api);

    // Changed two days later: its own day shows it, and the other is left as it is.
    api.clock.advance(dayMs);
    const untouched = await dayAt(api, addMs(first, dayMs));
    const read = present(await api.deps.store.read(one.ref));
    const now = api.clock.now();
    await api.write([
      update(read, {
        state: {
          status: "rejected",
          by: aUid("anna"),
          at: now,
          reason: "old_news",
          note: "",
        },
      }),
    ]);
    await refresh(api);
    await settle(api);
    expect(await dayAt(api, first)).toMatchObject({
      cards: 2,
      byStatus: { open: 1, rejected: 1 },
      rejectedFor: { old_news: 1 },
    });
    expect(await dayAt(api, addMs(first, dayMs))).toEqual(untouched);

    const shown = await overview(api);
    expect(shown).toMatchObject({
      accountsWatched: 2,
      cards: 3,
      byStatus: { open: 2, rejected: 1 },
      bySource: { manual: 2, rss: 1, sec: 1 },
    });
    expect(shown.days.map(({ cards }) => cards)).toEqual([2, 1]);
    expect(shown.targets.map(({ id, value }) => [id, value])).toEqual([
      ["KPI-01", 3 / 16],
      ["KPI-02", 0],
      ["KPI-03", null],
      ["KPI-04", expect.any(Number)],
      ["KPI-05", null],
      ["KPI-06", 0],
      ["KPI-07", 0],
    ]);
    await api.close();
  });

  it("finds a change whose commit came late, and counts nothing twice when it is folded anew", async () => {
    const api = await openApi();
    await presented(api, "early");
    await refresh(api);
    await settle(api);
    const before = await dayAt(api, api.clock.now());
    // Stamped ten minutes ago, and visible only now.
    const now = api.clock.now();
    api.clock.advance(10 * minuteMs);
    const late = aCase("late", now);
    await api.deps.store.commit(late.writes, now);
    await refresh(api);
    await settle(api);
    const after = await dayAt(api, now);
    expect([before.cards, after.cards]).toEqual([1, 2]);
    await api.close();
  });

  it("does not let a recount that began earlier take the place of a later one", async () => {
    const api = await openApi();
    await presented(api, "one");
    await refresh(api);
    await settle(api);
    api.clock.advance(minuteMs);
    await refresh(api);
    const [fold] = (await messages(api, "dashboard-due")).filter(
      ({ data }) => data.state === "open",
    );
    const due = MessageId.parse(fold?.id);
    await deliver({ tenantId: acme, messageId: due }, { stageFor }, api.deps);
    const open = (await messages(api, "dashboard-day")).filter(
      ({ data }) => data.state === "open",
    );
    const messageId = MessageId.parse(open[0]?.id);
    let struck = false;
    const slow: TestApi["deps"] = {
      ...api.deps,
      store: {
        ...api.deps.store,
        query: async (query) => {
          const reads = await api.deps.store.query(query);
          if (query.slim !== true || struck) return reads;
          // Between the reading of the cards and the commit, a card comes and is counted.
          struck = true;
          await presented(api, "two");
          const day = present(
            await api.deps.store.read(
              at.dashboardDay(acme, toDateText(toDay(api.clock.now()))),
            ),
          );
          await api.write([update(day, { cards: 2 })]);
          return reads;
        },
      },
    };
    const done = await deliver(
      { tenantId: acme, messageId },
      { stageFor },
      slow,
    );
    expect(done).toBe("done");
    expect(struck).toBe(true);
    expect(await dayAt(api, api.clock.now())).toMatchObject({
      cards: 2,
      byStatus: { open: 2 },
    });
    await api.close();
  });

  it("says that something is stuck once work has lain for an hour", async () => {
    const api = await openApi();
    const origin = { traceId: "t", runId: null, causedBy: null };
    const { id, data } = newMessage(aTip(globex, 1), origin, api.clock.now());
    await api.write([create(at.message(acme, id), data)]);
    const stuck = async () =>
      (await overview(api)).targets.find(({ id }) => id === "KPI-06")?.met;
    expect(await stuck()).toBe(true);
    api.clock.advance(hourMs + 1);
    expect(await stuck()).toBe(false);
    await api.close();
  });

  it("is of at most 26 weeks", async () => {
    const api = await openApi();
    const answer = await api.as("ada", "/api/v1/dashboards/overview?weeks=27");
    expect(problemOf(answer, 400).errors?.[0]?.field).toBe("weeks");
    await api.close();
  });
});
