import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Uid } from "../../../../functions/src/domain/kernel/ids.ts";
import {
  addMs,
  dayMs,
} from "../../../../functions/src/domain/kernel/instant.ts";
import {
  Factor,
  Score,
  type Scored,
  scoreCard,
} from "../../../../functions/src/domain/cards/scoring.ts";
import { Category } from "../../../../functions/src/domain/signals/signal.ts";
import { SignalType } from "../../../../functions/src/domain/sources/source.ts";
import {
  tenantDefaults,
  Weights,
} from "../../../../functions/src/domain/tenants/tenant.ts";
import { now } from "./aCard.ts";

type Of = Scored["signals"][number];

const filing: Of = {
  category: "leadership_change",
  type: "filing",
  occurredAt: now,
  receivedAt: now,
  reliability: 0.95,
  publisher: "SEC",
  relevance: 0.94,
};

function aScored(changes: Partial<Scored> = {}): Scored {
  return {
    account: { icpFit: 0.8, owners: [], identifiers: {} },
    tenant: tenantDefaults,
    signals: [filing],
    verifiedClaims: 3,
    claims: 4,
    hasPlaybook: true,
    assets: 1,
    now,
    ...changes,
  };
}

const factorOf = (scored: Scored, wanted: Factor) => {
  const found = scoreCard(scored).factors.find(
    ({ factor }) => factor === wanted,
  );
  if (found === undefined) throw new Error(`no factor ${wanted}`);
  return found;
};

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const aSignal: fc.Arbitrary<Of> = fc.record({
  category: fc.constantFrom(...Category.options),
  type: fc.constantFrom(...SignalType.options),
  occurredAt: fc
    .integer({ min: -20_000, max: 400 })
    .map((days) => addMs(now, days * dayMs)),
  receivedAt: fc.constant(now),
  reliability: unit,
  publisher: fc.constantFrom("SEC", "Reuters", "reuters ", "Heise", ""),
  relevance: unit,
});
const someWeights = fc
  .array(fc.integer({ min: 0, max: 100 }), { minLength: 6, maxLength: 6 })
  .filter((parts) => parts.some((part) => part > 0))
  .map((parts) => {
    const sum = parts.reduce((a, b) => a + b, 0);
    const weights = Object.fromEntries(
      Factor.options.map((factor, i) => [factor, (parts[i] ?? 0) / sum]),
    );
    return Weights.parse({ version: "any", ...weights });
  });
const scored: fc.Arbitrary<Scored> = fc.record({
  account: fc.record({
    icpFit: unit,
    owners: fc.constantFrom([], [Uid.parse("ann")]),
    identifiers: fc.constantFrom<Record<string, string>>(
      {},
      { salesforce: "1" },
      { salesforce: "1", hubspot: "2", cik: "3" },
    ),
  }),
  tenant: someWeights.map((weights) => ({ ...tenantDefaults, weights })),
  signals: fc.array(aSignal, { maxLength: 20 }),
  verifiedClaims: fc.nat(20),
  claims: fc.nat(20),
  hasPlaybook: fc.boolean(),
  assets: fc.nat(9),
  now: fc.constant(now),
});

describe("a score", () => {
  it("is six factors from 0 to 100, each once, with a reason, and their weighted sum", () => {
    fc.assert(
      fc.property(scored, (any) => {
        const score = Score.parse(scoreCard(any));
        expect(score.factors.map(({ factor }) => factor)).toEqual(
          Factor.options,
        );
        expect(
          score.factors.reduce((sum, { weight }) => sum + weight, 0),
        ).toBeCloseTo(1, 9);
        const sum = score.factors.reduce(
          (total, { value, weight }) => total + value * weight,
          0,
        );
        expect(Math.abs(score.total - sum)).toBeLessThanOrEqual(0.0500001);
        for (const { reason } of score.factors)
          expect(reason).not.toMatch(/undefined|NaN|null|_/u);
      }),
    );
  });

  it("reaches both ends", () => {
    const best = aScored({
      account: {
        icpFit: 1,
        owners: [Uid.parse("ann")],
        identifiers: { salesforce: "1", hubspot: "2" },
      },
      signals: [{ ...filing, category: "acquisition", reliability: 1 }],
      verifiedClaims: 2,
      claims: 2,
      assets: 2,
    });
    const worst = aScored({
      account: { icpFit: 0, owners: [], identifiers: {} },
      signals: [],
      claims: 0,
      verifiedClaims: 0,
      hasPlaybook: false,
      assets: 0,
    });
    expect([scoreCard(best).total, scoreCard(worst).total]).toEqual([100, 0]);
  });

  it("carries the version and the values of the weights it was made with", () => {
    const weights = {
      version: "2027-01-7",
      impact: 0,
      urgency: 0,
      fit: 1,
      access: 0,
      feasibility: 0,
      confidence: 0,
    };
    const score = scoreCard(
      aScored({ tenant: { ...tenantDefaults, weights } }),
    );
    expect(score).toMatchObject({ total: 80, weightsVersion: "2027-01-7" });
    expect(scoreCard(aScored()).weightsVersion).toBe(
      tenantDefaults.weights.version,
    );
  });

  it("says why, factor by factor", () => {
    const account = { icpFit: 0.57, owners: [], identifiers: { hubspot: "1" } };
    const signals = [
      { ...filing, occurredAt: addMs(now, -45 * dayMs) },
      {
        ...filing,
        category: "other" as const,
        occurredAt: addMs(now, -400 * dayMs),
        publisher: "Reuters",
      },
    ];
    expect(
      scoreCard(aScored({ account, signals, assets: 2 })).factors.map(
        ({ value, reason }) => [value, reason],
      ),
    ).toEqual([
      [95, "A signal of category leadership change, with 1 related."],
      [50, "Happened 45 days ago; news of its kind halves every 45 days."],
      [57, "The account fits the ideal customer profile at 57 %."],
      [25, "The account has no owner and is linked to hubspot."],
      [100, "A playbook fits; 2 matching assets."],
      [74.8, "2 independent sources; 3 of 4 claims verified word for word."],
    ]);
  });

  it("says so where no signal stands behind it", () => {
    const bare = aScored({ signals: [] });
    for (const factor of ["impact", "urgency"] as const)
      expect(factorOf(bare, factor)).toMatchObject({
        value: 0,
        reason: "No signal supports it.",
      });
  });

  it("tells the age even of what is too old to count", () => {
    const signals = [
      { ...filing, occurredAt: new Date("1800-01-01T00:00:00Z") },
    ];
    const { value, reason } = factorOf(aScored({ signals }), "urgency");
    expect(value).toBe(0);
    expect(reason).toMatch(/^Happened \d{5} days ago/u);
  });
});

describe("a factor", () => {
  it("urgency does not fall when a signal is fresher", () => {
    fc.assert(
      fc.property(scored, fc.nat(19), fc.nat(5000), (any, which, days) => {
        const fresher = any.signals.map((s, i) =>
          i === which
            ? { ...s, occurredAt: addMs(s.occurredAt, days * dayMs) }
            : s,
        );
        expect(
          factorOf({ ...any, signals: fresher }, "urgency").value,
        ).toBeGreaterThanOrEqual(factorOf(any, "urgency").value);
      }),
    );
  });

  it("urgency halves with each half-life", () => {
    const after = (lives: number) =>
      factorOf(
        aScored({
          signals: [{ ...filing, occurredAt: addMs(now, -lives * 45 * dayMs) }],
        }),
        "urgency",
      ).value;
    expect([0, 1, 2, 3].map(after)).toEqual([100, 50, 25, 12.5]);
  });

  it("impact and confidence do not fall when a signal joins, whoever published it", () => {
    fc.assert(
      fc.property(scored, aSignal, (any, more) => {
        const joined = { ...any, signals: [...any.signals, more] };
        for (const factor of ["impact", "confidence"] as const) {
          if (any.signals.length === 0) continue;
          expect(factorOf(joined, factor).value).toBeGreaterThanOrEqual(
            factorOf(any, factor).value,
          );
        }
      }),
    );
  });

  it("none depends on the order of the signals", () => {
    fc.assert(
      fc.property(scored, (any) => {
        const values = (s: Scored) =>
          scoreCard(s).factors.map(({ value }) => value);
        expect(values({ ...any, signals: any.signals.toReversed() })).toEqual(
          values(any),
        );
      }),
    );
  });

  it("confidence grows with an independent source, not with another copy by the same one", () => {
    const with_ = (publisher: string, reliability: number) =>
      factorOf(
        aScored({ signals: [filing, { ...filing, publisher, reliability }] }),
        "confidence",
      ).value;
    const alone = factorOf(aScored(), "confidence").value;
    expect(with_("Reuters", 0.6)).toBeGreaterThan(alone);
    expect(with_("sec ", 0.6)).toBe(alone);
  });
});

describe("a stored score", () => {
  const score = scoreCard(aScored());
  const refused = (changed: object) =>
    !Score.safeParse({ ...score, ...changed }).success;

  it("is refused unless it is the whole breakdown and its sum", () => {
    expect(refused({})).toBe(false);
    expect(refused({ total: score.total + 0.1 })).toBe(true);
    expect(refused({ factors: score.factors.slice(1) })).toBe(true);
    expect(
      refused({
        factors: score.factors.map((f) => ({ ...f, factor: "impact" })),
      }),
    ).toBe(true);
    expect(
      refused({ factors: score.factors.map((f) => ({ ...f, reason: "" })) }),
    ).toBe(true);
  });

  it("is refused when any factor that counts is changed by a point or more", () => {
    score.factors.forEach((_, i) => {
      const factors = score.factors.map((f, j) =>
        i === j ? { ...f, value: f.value > 50 ? f.value - 2 : f.value + 2 } : f,
      );
      expect(refused({ factors })).toBe(true);
    });
  });
});

describe("the weights", () => {
  it("sum to one, and the defaults do", () => {
    expect(Weights.safeParse(tenantDefaults.weights).success).toBe(true);
    expect(
      Weights.safeParse({ ...tenantDefaults.weights, fit: 0.16 }).success,
    ).toBe(false);
  });
});
