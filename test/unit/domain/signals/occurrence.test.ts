import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addToCategories,
  toHealth,
} from "../../../../functions/src/domain/weighing/health.ts";
import {
  addMs,
  dayMs,
  toDay,
} from "../../../../functions/src/domain/kernel/instant.ts";
import {
  addToIntent,
  toIntent,
} from "../../../../functions/src/domain/weighing/intent.ts";
import {
  happenedAt,
  toOccurrence,
} from "../../../../functions/src/domain/signals/occurrence.ts";
import { scoreCard } from "../../../../functions/src/domain/cards/scoring.ts";
import { Category } from "../../../../functions/src/domain/signals/signal.ts";
import { SignalType } from "../../../../functions/src/domain/sources/source.ts";
import { tenantDefaults } from "../../../../functions/src/domain/tenants/tenant.ts";
import { now } from "../cards/aCard.ts";

const at = (when: Date) => ({ tenant: tenantDefaults, now: when });
const daysAgo = (days: number) => addMs(now, -days * dayMs);
const in2099 = new Date("2099-01-01T00:00:00Z");

describe("when something happened", () => {
  it("is the first stated date that is not ahead of its receipt, else the receipt", () => {
    const week = daysAgo(7);
    const occurred = (...stated: readonly (Date | null)[]) =>
      toOccurrence(stated, now).occurredAt;
    expect(occurred(week, daysAgo(9))).toEqual(week);
    expect(occurred(null, week)).toEqual(week);
    expect(occurred(in2099, week)).toEqual(week);
    expect(occurred(in2099, null)).toEqual(now);
    expect(occurred()).toEqual(now);
  });

  it("keeps a later day as what is announced, and no difference of clocks", () => {
    expect(toOccurrence([in2099], now).announcedFor).toEqual(in2099);
    expect(toOccurrence([in2099, daysAgo(1)], now).announcedFor).toEqual(
      in2099,
    );
    const soon = addMs(now, 1000);
    expect(toOccurrence([soon], now)).toEqual({
      occurredAt: now,
      announcedFor: null,
    });
  });

  it("is never after its receipt, also where a signal was kept with a later date", () => {
    expect(happenedAt({ occurredAt: in2099, receivedAt: now })).toEqual(now);
    const week = daysAgo(7);
    expect(happenedAt({ occurredAt: week, receivedAt: now })).toEqual(week);
  });
});

const kept = fc.record({
  type: fc.constantFrom(...SignalType.options),
  category: fc.constantFrom(...Category.options),
  relevance: fc.constantFrom(0.2, 0.5, 0.9),
  reliability: fc.constantFrom(0.6, 1),
  publisher: fc.constantFrom("SEC", "Reuters"),
  occurredAt: fc
    .integer({ min: -500, max: 40_000 })
    .map((days) => addMs(now, days * dayMs)),
  receivedAt: fc.nat(400).map(daysAgo),
});
type Kept = typeof kept extends fc.Arbitrary<infer T> ? T : never;
const atReceipt = (signals: readonly Kept[]) =>
  signals.map((signal) => ({ ...signal, occurredAt: signal.receivedAt }));

describe("dates in the future", () => {
  const cases = fc.tuple(
    fc.array(kept, { minLength: 1, maxLength: 20 }),
    fc.nat(400),
  );

  it("raise no intent above that of the same signals dated at their receipt", () => {
    fc.assert(
      fc.property(cases, ([signals, later]) => {
        const then = addMs(now, later * dayMs);
        const intent = (dated: readonly Kept[]) =>
          toIntent(addToIntent({}, dated, at(now)), tenantDefaults, then);
        expect(intent(signals)).toBeLessThanOrEqual(intent(atReceipt(signals)));
      }),
      { seed: 6 },
    );
  });

  it("raise no score of a card above that of the same signals dated at their receipt", () => {
    fc.assert(
      fc.property(cases, ([signals, later]) => {
        const total = (dated: readonly Kept[]) =>
          scoreCard({
            account: { icpFit: 0.8, owners: [], identifiers: {} },
            tenant: tenantDefaults,
            signals: dated,
            verifiedClaims: 3,
            claims: 4,
            hasPlaybook: true,
            assets: 1,
            now: addMs(now, later * dayMs),
          }).total;
        expect(total(signals)).toBeLessThanOrEqual(total(atReceipt(signals)));
      }),
      { seed: 6 },
    );
  });

  it("make no good news stay, nor bad news fade later than their receipt says", () => {
    fc.assert(
      fc.property(cases, ([signals, later]) => {
        const counts = addToCategories({}, signals, at(now));
        const days = Object.values(counts).flatMap(Object.keys).map(Number);
        expect(Math.max(0, ...days)).toBeLessThanOrEqual(toDay(now));
        const then = addMs(now, later * dayMs);
        const facts = { sources: 1, failingSources: 0 };
        const context = { parts: {}, categories: counts, lastSignalAt: now };
        const { score } = toHealth(context, facts, at(then));
        expect(score).toBeGreaterThanOrEqual(0);
      }),
      { seed: 6 },
    );
  });

  // What was measured: 14 rows of a list, first dated 120 days back, then in 2099.
  it("do not lift an account from a low intent to a high one, nor keep it there", () => {
    const row = (occurredAt: Date) => ({
      type: "tip" as const,
      category: "expansion" as const,
      relevance: 0.7,
      reliability: 0.75,
      publisher: "Handed in by a colleague",
      occurredAt,
      receivedAt: daysAgo(60),
    });
    const rows = (occurredAt: Date) =>
      Array.from({ length: 6 }, () => row(occurredAt));
    const intent = (occurredAt: Date) =>
      toIntent(addToIntent({}, rows(occurredAt), at(now)), tenantDefaults, now);
    expect(intent(in2099)).toBe(intent(daysAgo(60)));
    const urgency = (occurredAt: Date) =>
      scoreCard({
        account: { icpFit: 0.8, owners: [], identifiers: {} },
        tenant: tenantDefaults,
        signals: rows(occurredAt),
        verifiedClaims: 3,
        claims: 4,
        hasPlaybook: true,
        assets: 1,
        now,
      });
    expect(urgency(in2099)).toEqual(urgency(daysAgo(60)));
  });

  it("of sums that were kept before weigh nothing until they come", () => {
    const parts = { tip: { [String(toDay(in2099))]: 2000 } };
    expect(toIntent(parts, tenantDefaults, now)).toBe(0);
    expect(toIntent(parts, tenantDefaults, in2099)).toBeGreaterThan(0);
    const categories = { legal: { [String(toDay(in2099))]: 3 } };
    const context = { parts: {}, categories, lastSignalAt: now };
    const facts = { sources: 1, failingSources: 0 };
    expect(toHealth(context, facts, at(now)).reasons).toEqual([]);
  });
});
