import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addMs,
  dayMs,
} from "../../../../functions/src/domain/kernel/instant.ts";
import {
  addToIntent,
  type IntentParts,
  intentHistory,
  toIntent,
  signalWeight,
} from "../../../../functions/src/domain/weighing/intent.ts";
import { happenedAt } from "../../../../functions/src/domain/signals/occurrence.ts";
import { type Signal } from "../../../../functions/src/domain/signals/signal.ts";
import { SignalType } from "../../../../functions/src/domain/sources/source.ts";
import { tenantDefaults } from "../../../../functions/src/domain/tenants/tenant.ts";
import { now } from "../cards/aCard.ts";

type Of = Pick<
  Signal,
  "relevance" | "reliability" | "type" | "occurredAt" | "receivedAt"
>;

const at = { tenant: tenantDefaults, now };
const filing: Of = {
  type: "filing",
  relevance: 1,
  reliability: 1,
  occurredAt: now,
  receivedAt: now,
};
const unit = fc.integer({ min: 0, max: 997 }).map((n) => n / 997);
const signal: fc.Arbitrary<Of> = fc.record({
  type: fc.constantFrom(...SignalType.options),
  relevance: unit,
  reliability: unit,
  occurredAt: fc
    .oneof(fc.constantFrom(0, -24), fc.integer({ min: -1000 * 24, max: 24 }))
    .map((hours) => addMs(now, (hours * dayMs) / 24)),
  receivedAt: fc.constant(now),
});
const daysAgo = (days: number) => addMs(now, -days * dayMs);
/** The weight behind an intent, undone from its saturation. */
const sumOf = (intent: number) => -2 * Math.log(1 - intent / 100);

describe("an account's intent", () => {
  it("is the same, part by part, in whatever order and grouping its signals came", () => {
    const cases = fc.array(signal, { maxLength: 30 }).chain((signals) =>
      fc.record({
        signals: fc.constant(signals),
        turned: fc.shuffledSubarray(signals, { minLength: signals.length }),
        cuts: fc.array(fc.nat(30), { maxLength: 6 }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ signals, turned, cuts }) => {
        const once = addToIntent({}, signals, at);
        const edges = [0, ...cuts.toSorted((a, b) => a - b), turned.length];
        let parts: IntentParts = {};
        edges.forEach((edge, i) => {
          parts = addToIntent(
            parts,
            turned.slice(edge, Math.max(edge, edges[i + 1] ?? edge)),
            at,
          );
        });
        expect(JSON.stringify(parts)).toBe(JSON.stringify(once));
        const sums = Object.values(once).flatMap((days) => Object.values(days));
        expect(sums.every(Number.isInteger)).toBe(true);
        expect(toIntent(parts, tenantDefaults, now)).toBe(
          toIntent(once, tenantDefaults, now),
        );
      }),
    );
  });

  it("does not depend on when the signals were folded in, as read on one day", () => {
    fc.assert(
      fc.property(
        fc.array(signal, { maxLength: 20 }),
        fc.nat(20),
        fc.nat(400),
        (signals, cut, days) => {
          const early = addToIntent({}, signals.slice(0, cut), {
            ...at,
            now: daysAgo(days),
          });
          const late = addToIntent(early, signals.slice(cut), at);
          expect(JSON.stringify(late)).toBe(
            JSON.stringify(addToIntent({}, signals, at)),
          );
        },
      ),
    );
  });

  it("lies between 0 and 100, and a further signal never lowers it", () => {
    fc.assert(
      fc.property(
        fc.array(signal, { maxLength: 30 }),
        signal,
        (signals, more) => {
          const parts = addToIntent({}, signals, at);
          const before = toIntent(parts, tenantDefaults, now);
          const after = toIntent(
            addToIntent(parts, [more], at),
            tenantDefaults,
            now,
          );
          expect(before).toBeGreaterThanOrEqual(0);
          expect(after).toBeLessThanOrEqual(100);
          expect(after).toBeGreaterThanOrEqual(before);
        },
      ),
    );
  });

  it.each(SignalType.options)(
    "halves the weight of a %s with each of its half-lives",
    (type) => {
      const parts = addToIntent({}, [{ ...filing, type }], at);
      const weight = tenantDefaults.typeWeights[type];
      for (const lives of [0, 1, 2]) {
        const then = addMs(
          now,
          lives * tenantDefaults.halfLifeDays[type] * dayMs,
        );
        expect(sumOf(toIntent(parts, tenantDefaults, then))).toBeCloseTo(
          weight / 2 ** lives,
          2,
        );
      }
    },
  );

  it("reads 39.3 for one perfect filing today, 63.2 for two, and close to 100 for many", () => {
    const of = (count: number) =>
      toIntent(
        addToIntent(
          {},
          Array.from({ length: count }, () => filing),
          at,
        ),
        tenantDefaults,
        now,
      );
    expect([0, 1, 2, 30].map(of)).toEqual([0, 39.3, 63.2, 100]);
  });

  it("counts what is dated ahead as of today", () => {
    const ahead = addToIntent({}, [{ ...filing, occurredAt: daysAgo(-9) }], at);
    expect(toIntent(ahead, tenantDefaults, now)).toBe(39.3);
  });

  it("keeps what is 14 half-lives old, and lets go, type and all, what is a day older", () => {
    const horizon = 14 * tenantDefaults.halfLifeDays.news;
    const parts = (days: number) =>
      addToIntent(
        {},
        [{ ...filing, type: "news", occurredAt: daysAgo(days) }],
        at,
      );
    expect(Object.values(parts(horizon)["news"] ?? {})).toEqual([800]);
    expect(parts(horizon + 1)).toEqual({});
  });

  it("leaves the parts that it was given as they were", () => {
    const parts = addToIntent({}, [filing], at);
    const copy = structuredClone(parts);
    addToIntent(parts, [filing, filing], at);
    expect(parts).toEqual(copy);
  });
});

describe("the weight of a signal", () => {
  it("is its relevance times its reliability times the weight of its type", () => {
    expect(
      signalWeight(
        { type: "job", relevance: 0.5, reliability: 0.9 },
        tenantDefaults.typeWeights,
      ),
    ).toBeCloseTo(0.27, 10);
  });
});

describe("the history of an intent", () => {
  const day = (moment: Date) => moment.toISOString().slice(0, 10);

  it("ends today, with a day for each that is asked for", () => {
    const parts = addToIntent({}, [filing], at);
    expect(intentHistory(parts, tenantDefaults, { now, days: 3 })).toEqual([
      { day: day(daysAgo(2)), intent: 0 },
      { day: day(daysAgo(1)), intent: 0 },
      { day: day(now), intent: toIntent(parts, tenantDefaults, now) },
    ]);
  });

  it("is on each day what the intent was then, whatever happened since", () => {
    fc.assert(
      fc.property(fc.array(signal, { maxLength: 20 }), (signals) => {
        const parts = addToIntent({}, signals, at);
        const days = 40;
        const history = intentHistory(parts, tenantDefaults, { now, days });
        for (const [i, { intent }] of history.entries()) {
          const then = daysAgo(days - 1 - i);
          const before = signals.filter(
            (one) => day(happenedAt(one)) <= day(then),
          );
          const known = addToIntent({}, before, at);
          expect(intent).toBe(toIntent(known, tenantDefaults, then));
        }
      }),
    );
  });
});
