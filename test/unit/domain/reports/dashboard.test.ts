import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CountedCard,
  DashboardDay,
  toDashboardDay,
  timeToCardBoundsMs,
  timeToCardTargetMs,
} from "../../../../functions/src/domain/reports/dashboard.ts";
import {
  mergeDays,
  toTargets,
} from "../../../../functions/src/domain/reports/dashboardSum.ts";
import { AccountId, Uid } from "../../../../functions/src/domain/kernel/ids.ts";
import {
  addMs,
  toDay,
  minuteMs,
} from "../../../../functions/src/domain/kernel/instant.ts";
import { Category } from "../../../../functions/src/domain/signals/signal.ts";
import { SourceKind } from "../../../../functions/src/domain/sources/source.ts";
import { aCard, now } from "../cards/aCard.ts";

const today = toDay(now);
const by = Uid.parse("ann");
const approval = { by, at: now, version: 1, contentHash: "h" };
const states = {
  draft: { status: "draft", by, at: now, note: "", waiting: null },
  in_review: { status: "in_review", dueAt: now, escalatedAt: null },
  approved: { status: "approved", ...approval, undoUntil: now },
  activating: { status: "activating", ...approval },
  activated: { status: "activated", ...approval, settledAt: now },
  partially: { status: "partially_activated", ...approval, settledAt: now },
  failed: { status: "activation_failed", ...approval, settledAt: now },
  unconnected: { status: "not_connected", ...approval, settledAt: now },
  rejected: { status: "rejected", by, at: now, reason: "old_news", note: "" },
  snoozed: { status: "snoozed", by, at: now, until: now, reason: "" },
  expired: { status: "expired", at: now },
} as const satisfies Record<string, CountedCard["state"]>;

function aCounted(changes: Partial<CountedCard> = {}): CountedCard {
  return {
    accountId: AccountId.parse("meta"),
    category: "funding",
    sources: ["rss"],
    state: states.in_review,
    receivedAt: addMs(now, -1_000),
    createdAt: now,
    card: aCard(),
    ...changes,
  };
}

const cards = fc.array(
  fc
    .record({
      accountId: fc
        .constantFrom("a", "b", "c", "__proto__x")
        .map((id) => AccountId.parse(id)),
      category: fc.constantFrom(...Category.options),
      sources: fc.uniqueArray(fc.constantFrom(...SourceKind.options), {
        minLength: 1,
      }),
      state: fc.constantFrom(...Object.values(states)),
      receivedAt: fc
        .integer({ min: -5_000, max: 2_000_000_000 })
        .map((ms) => addMs(now, -ms)),
    })
    .map(aCounted),
  { maxLength: 40 },
);
const whole = { complete: true };
const dayOfCards = (all: readonly CountedCard[], day = today) =>
  toDashboardDay(day, all, whole);
const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, n) => total + n, 0);

describe("a day of the dashboard", () => {
  it("is the same in whatever order its cards come, and counts each once", () => {
    const cases = cards.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length }),
      ),
    );
    fc.assert(
      fc.property(cases, ([all, turned]) => {
        const day = dayOfCards(all);
        expect(JSON.stringify(dayOfCards(turned))).toBe(JSON.stringify(day));
        const stamped = {
          ...day,
          schemaVersion: 1,
          createdAt: now,
          updatedAt: now,
        };
        expect(DashboardDay.parse(stamped)).toEqual(stamped);
        expect(sum(day.byStatus)).toBe(all.length);
        expect(sum(day.byCategory)).toBe(all.length);
        expect(sum(day.byAccount)).toBe(all.length);
        expect(day.timeToCard.reduce((a, b) => a + b, 0)).toBe(all.length);
      }),
    );
  });

  it("says what became of its cards, as far as their status tells", () => {
    const day = dayOfCards(
      Object.values(states).map((state) => aCounted({ state })),
    );
    expect(day.day).toBe("2026-11-20");
    expect(day.byStatus).toEqual({
      open: 2,
      accepted: 6,
      rejected: 1,
      snoozed: 1,
      expired: 1,
    });
    expect(day.rejectedFor).toEqual({ old_news: 1 });
    expect(day.activations.hubspot).toEqual({ done: 1, failed: 1, unclear: 1 });
    expect(day.activations.salesforce).toEqual(day.activations.hubspot);
  });

  it("counts nothing of a CRM that a card was not for", () => {
    const state = { ...states.activated, crms: ["salesforce" as const] };
    const { activations } = dayOfCards([aCounted({ state })]);
    expect(activations).toMatchObject({
      salesforce: { done: 1, failed: 0, unclear: 0 },
      hubspot: { done: 0, failed: 0, unclear: 0 },
    });
  });

  it("counts a card of two sources for each, and one that is not explained as none", () => {
    const card = aCard();
    const bare = { ...card, assets: [], playbook: null };
    const day = dayOfCards([
      aCounted({ sources: ["rss", "sec"] }),
      aCounted({ card: bare }),
      aCounted({ card: { ...card, assets: [] } }),
      aCounted({ card: { ...card, evidence: [] } }),
      aCounted({
        card: { ...card, score: { factors: card.score.factors.slice(1) } },
      }),
    ]);
    expect(day.bySource).toEqual({ rss: 5, sec: 1 });
    expect(day.explained).toBe(3);
    expect(day.equipped).toBe(2);
  });

  it("names the 2,000 accounts with the most cards", () => {
    const many = Array.from({ length: 2_001 }, (_, i) =>
      aCounted({ accountId: AccountId.parse(`a${i}`) }),
    );
    const { byAccount } = dayOfCards([...many, aCounted()]);
    expect(Object.keys(byAccount)).toHaveLength(2_000);
    const twice = dayOfCards([...many, aCounted(), aCounted()]);
    expect(twice.byAccount["meta"]).toBe(2);
  });
});

describe("days added up", () => {
  it("come to what one day of all their cards would", () => {
    const cases = fc.tuple(cards, cards, cards);
    fc.assert(
      fc.property(cases, ([a, b, c]) => {
        const apart = [a, b, c].map((all, i) => dayOfCards(all, today + i));
        const together = [dayOfCards([...a, ...b, ...c])];
        expect(mergeDays(apart, 8)).toEqual(mergeDays(together, 8));
        expect(mergeDays(apart.toReversed(), 8)).toEqual(mergeDays(apart, 8));
      }),
    );
  });

  it("have shares, and none where there is nothing to share", () => {
    expect(mergeDays([], 8)).toMatchObject({
      cards: 0,
      cardsPerWeek: 0,
      cardsPerAccountPerWeek: null,
      acceptance: null,
      timeToCard: { p50: null, p95: null },
      complete: true,
    });
    const other = AccountId.parse("other");
    const day = dayOfCards([
      aCounted({ state: states.activated }),
      aCounted({ state: states.rejected }),
      aCounted({ state: states.approved }),
      aCounted({ accountId: other }),
    ]);
    expect(mergeDays([day], 2)).toMatchObject({
      cardsPerWeek: 2,
      cardsPerAccountPerWeek: 1,
      accountsWithCards: 2,
      acceptance: 2 / 3,
    });
    const part = toDashboardDay(today, [], { complete: false });
    expect(mergeDays([day, part], 2).complete).toBe(false);
  });

  it("tell a time to card that is never too low, and at most 42 % too high", () => {
    const ms = fc.integer({ min: 900, max: 900_000_000 });
    fc.assert(
      fc.property(fc.array(ms, { minLength: 1, maxLength: 60 }), (times) => {
        const all = times.map((time) =>
          aCounted({ receivedAt: addMs(now, -time) }),
        );
        const { p50, p95 } = mergeDays([dayOfCards(all)], 1).timeToCard;
        const ordered = times.toSorted((a, b) => a - b);
        const exact = (part: number) =>
          ordered[Math.ceil(part * times.length) - 1] ?? NaN;
        for (const [told, true_] of [
          [p50, exact(0.5)],
          [p95, exact(0.95)],
        ] as const) {
          expect(told).toBeGreaterThanOrEqual(true_);
          expect(told).toBeLessThanOrEqual(true_ * 1.42);
        }
      }),
    );
    const last = timeToCardBoundsMs.at(-1) ?? NaN;
    const late = aCounted({ receivedAt: addMs(now, -last - 1) });
    const { p95 } = mergeDays([dayOfCards([late])], 1).timeToCard;
    expect(p95).toBe(2 * last);
  });
});

describe("the targets", () => {
  const of = (
    all: readonly CountedCard[],
    watched: number,
    stuck: number | null,
  ) => toTargets(mergeDays([dayOfCards(all)], 1), watched, stuck);
  const met = (all: readonly CountedCard[], watched = 1, stuck = 0) =>
    of(all, watched, stuck).map((target) => target.met);

  it("are the seven of the product; what is not measured says why", () => {
    expect(of([], 0, null)).toMatchObject([
      { id: "KPI-01", value: null, met: null, reason: "no-accounts" },
      { id: "KPI-02", value: null, met: null, reason: "nothing-decided" },
      { id: "KPI-03", value: null, met: null, reason: "outcomes-not-read" },
      { id: "KPI-04", value: null, met: null, reason: "no-cards" },
      {
        id: "KPI-05",
        value: null,
        met: null,
        reason: "measured-in-the-browser",
      },
      { id: "KPI-06", value: null, met: null, reason: "not-asked" },
      { id: "KPI-07", value: null, met: null, reason: "no-cards" },
    ]);
  });

  it("are met from their bound on, and not below it", () => {
    const accepted = aCounted({ state: states.approved });
    const rejected = aCounted({ state: states.rejected });
    const seven = Array.from({ length: 7 }, () => accepted);
    const three = Array.from({ length: 3 }, () => rejected);
    expect(met([...seven, ...three], 5)).toEqual([
      true,
      true,
      null,
      true,
      null,
      true,
      true,
    ]);
    expect(met([...seven, ...three], 6, 1)[0]).toBe(false);
    expect(met([...seven, ...three, rejected])[1]).toBe(false);
    expect(met([accepted], 1, 1)[5]).toBe(false);
    const bare = { ...aCard(), assets: [], playbook: null };
    expect(met([accepted, aCounted({ card: bare })])[6]).toBe(false);
  });

  it("hold the time to card to 15 minutes exactly, which is a bound of its buckets", () => {
    expect(timeToCardBoundsMs).toContain(timeToCardTargetMs);
    const after = (ms: number) => [aCounted({ receivedAt: addMs(now, -ms) })];
    expect(met(after(15 * minuteMs))[3]).toBe(true);
    expect(met(after(15 * minuteMs + 1))[3]).toBe(false);
  });
});
