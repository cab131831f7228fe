import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addToCategories,
  type CategoryCounts,
  Health,
  toHealth,
} from "../../../../functions/src/domain/weighing/health.ts";
import {
  addMs,
  dayMs,
  toDay,
} from "../../../../functions/src/domain/kernel/instant.ts";
import { addToIntent } from "../../../../functions/src/domain/weighing/intent.ts";
import {
  Category,
  type Signal,
} from "../../../../functions/src/domain/signals/signal.ts";
import { SignalType } from "../../../../functions/src/domain/sources/source.ts";
import { tenantDefaults } from "../../../../functions/src/domain/tenants/tenant.ts";
import { now } from "../cards/aCard.ts";

type Of = Pick<
  Signal,
  | "type"
  | "category"
  | "relevance"
  | "reliability"
  | "occurredAt"
  | "receivedAt"
>;

const at = { tenant: tenantDefaults, now };
const watched = { sources: 1, failingSources: 0 };
const daysAgo = (days: number) => addMs(now, -days * dayMs);
const bad = [
  "restructuring",
  "legal",
  "security_incident",
  "governance",
] as const;

const signal: fc.Arbitrary<Of> = fc.record({
  type: fc.constantFrom(...SignalType.options),
  category: fc.constantFrom(...Category.options),
  relevance: fc.constantFrom(0.2, 0.5, 0.9),
  reliability: fc.constantFrom(0.6, 1),
  occurredAt: fc.integer({ min: -1, max: 500 }).map(daysAgo),
  receivedAt: fc.constant(now),
});
const signals = fc.array(signal, { maxLength: 40 });

/** The context that these signals fold to, one fold for each group. */
function contextOf(groups: readonly (readonly Of[])[]) {
  let parts = {};
  let categories: CategoryCounts = {};
  for (const group of groups) {
    parts = addToIntent(parts, group, at);
    categories = addToCategories(categories, group, at);
  }
  const times = groups.flat().map(({ occurredAt }) => occurredAt.getTime());
  const lastSignalAt = times.length === 0 ? null : new Date(Math.max(...times));
  return { parts, categories, lastSignalAt };
}

const quiet = { parts: {}, categories: {}, lastSignalAt: now };
const newsOf = (category: Category, count: number, age = 0) => ({
  ...quiet,
  categories: { [category]: { [toDay(now) - age]: count } },
});
const scoreOf = (context: Parameters<typeof toHealth>[0]) =>
  toHealth(context, watched, at).score;

describe("the counts of categories", () => {
  it("are the same in whatever order and grouping the signals came", () => {
    const cases = signals.chain((all) =>
      fc.record({
        all: fc.constant(all),
        turned: fc.shuffledSubarray(all, { minLength: all.length }),
        cut: fc.nat(all.length),
      }),
    );
    fc.assert(
      fc.property(cases, ({ all, turned, cut }) => {
        const once = contextOf([all]);
        const twice = contextOf([turned.slice(0, cut), turned.slice(cut)]);
        expect(JSON.stringify(twice)).toBe(JSON.stringify(once));
        expect(toHealth(twice, watched, at)).toEqual(
          toHealth(once, watched, at),
        );
      }),
    );
  });

  it("leave out what is not relevant, and let go what is older than a year", () => {
    const legal = (relevance: number, days: number) =>
      ({
        category: "legal",
        relevance,
        occurredAt: daysAgo(days),
        receivedAt: now,
      }) as const;
    const counts = addToCategories(
      { funding: { [toDay(now) - 400]: 1 } },
      [legal(0.9, 0), legal(0.5, 0), legal(0.49, 0), legal(1, 366)],
      at,
    );
    expect(counts).toEqual({ legal: { [toDay(now)]: 2 } });
  });
});

describe("an account's health", () => {
  it("is a score of 0 to 100 with at most three reasons, whatever happened", () => {
    fc.assert(
      fc.property(
        signals,
        fc.record({ sources: fc.nat(5), failingSources: fc.nat(5) }),
        (all, facts) => {
          const health = toHealth(contextOf([all]), facts, at);
          expect(Health.parse(health)).toEqual(health);
          const { score, level } = health;
          const expected =
            score >= 65 ? "good" : score >= 40 ? "watch" : "risk";
          expect(level).toBe(expected);
        },
      ),
    );
  });

  it("is never better for a bad signal more, and the worse the more recent it is", () => {
    const cases = fc.record({
      all: signals,
      category: fc.constantFrom(...bad),
      age: fc.nat(120),
      count: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(cases, ({ all, category, age, count }) => {
        const context = contextOf([all]);
        const withNews = (days: number) => {
          const occurredAt = daysAgo(days);
          const news = { category, relevance: 1, occurredAt, receivedAt: now };
          const more = Array.from({ length: count }, () => news);
          const categories = addToCategories(context.categories, more, at);
          return scoreOf({ ...context, categories });
        };
        expect(withNews(age)).toBeLessThanOrEqual(scoreOf(context));
        expect(withNews(0)).toBeLessThanOrEqual(withNews(age));
      }),
    );
  });

  it("begins at 50 and says what moved it, the strongest first", () => {
    expect(toHealth(quiet, watched, at)).toEqual({
      score: 50,
      level: "watch",
      reasons: [],
      flags: [],
    });
    const parts = addToIntent(
      {},
      [
        {
          type: "filing",
          relevance: 1,
          reliability: 1,
          occurredAt: now,
          receivedAt: now,
        },
      ],
      at,
    );
    const context = { ...newsOf("legal", 1), parts };
    expect(toHealth(context, watched, at)).toEqual({
      score: 69,
      level: "good",
      reasons: [
        { code: "trend", effect: 15, detail: "39.3" },
        { code: "intent", effect: 9.8, detail: "39.3" },
        { code: "bad-news", effect: -6, detail: "legal" },
      ],
      flags: ["rising", "bad-news"],
    });
  });

  it("fades with silence, which alone makes nobody a risk", () => {
    const after = (days: number) =>
      toHealth({ ...quiet, lastSignalAt: daysAgo(days) }, watched, at);
    expect(after(14).score).toBe(50);
    expect(after(34).score).toBe(45);
    expect(after(400)).toMatchObject({
      score: 40,
      level: "watch",
      reasons: [{ code: "silence", effect: -10, detail: "400" }],
      flags: ["quiet"],
    });
    expect(toHealth(null, { sources: 0, failingSources: 2 }, at)).toMatchObject(
      {
        score: 40,
        reasons: [{ code: "silence", detail: "never" }],
        flags: ["never-heard-of", "sources-failing", "unwatched"],
      },
    );
  });

  it("counts news for 90 days, many reports of a kind as two, and good news to 20 in all", () => {
    expect(scoreOf(newsOf("security_incident", 2))).toBe(35);
    expect(scoreOf(newsOf("security_incident", 200))).toBe(35);
    expect(scoreOf(newsOf("security_incident", 2, 45))).toBe(43);
    expect(scoreOf(newsOf("security_incident", 2, 90))).toBe(50);
    expect(scoreOf(newsOf("funding", 2))).toBe(56);
    expect(scoreOf(newsOf("other", 50))).toBe(50);
    const all = Object.fromEntries(
      ["funding", "expansion", "partnership", "product_launch", "hiring"].map(
        (category) => [category, { [toDay(now)]: 9 }],
      ),
    );
    expect(scoreOf({ ...quiet, categories: all })).toBe(70);
  });
});
