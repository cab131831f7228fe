import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHealth } from "../../../../functions/src/domain/weighing/health.ts";
import {
  dayMs,
  toDay,
} from "../../../../functions/src/domain/kernel/instant.ts";
import { tenantDefaults } from "../../../../functions/src/domain/tenants/tenant.ts";
import {
  chartDays,
  toChart,
  accountFigures,
  intentLine,
  type KnownContext,
} from "../../../../web/src/features/accounts/figures/figures.ts";

const now = new Date("2026-11-20T10:00:00Z");
const today = toDay(now);
const when = { tenant: tenantDefaults, now };
const watched = { sources: 1, failingSources: 0 };

const known = fc
  .array(
    fc.record({
      type: fc.constantFrom("filing", "news", "job"),
      category: fc.constantFrom("funding", "legal", "hiring"),
      ago: fc.integer({ min: 0, max: 120 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((signals): KnownContext => {
    const parts: Record<string, Record<string, number>> = {};
    const categories: Record<string, Record<string, number>> = {};
    for (const { type, category, ago } of signals) {
      const day = String(today - ago);
      (parts[type] ??= {})[day] = (parts[type][day] ?? 0) + 700;
      const days = (categories[category] ??= {});
      days[day] = (days[day] ?? 0) + 1;
    }
    const newest = Math.min(...signals.map(({ ago }) => ago));
    return {
      parts,
      categories,
      lastSignalAt: new Date((today - newest) * dayMs + 3_600_000),
    };
  });

describe("an account's figures", () => {
  it("are zero, and its health that of silence, where nothing is known", () => {
    const figures = accountFigures(null, watched, when);
    expect(figures).toMatchObject({ intent: 0, trend: 0 });
    expect(figures.health.flags).toContain("never-heard-of");
  });

  it("end on today's health and intent in the chart, whatever has happened", () => {
    fc.assert(
      fc.property(known, (context) => {
        const chart = toChart(context, when);
        const figures = accountFigures(context, watched, when);
        expect(chart).toHaveLength(chartDays);
        expect(chart.at(-1)).toEqual({
          day: "2026-11-20",
          intent: figures.intent,
          health: toHealth(context, watched, when).score,
        });
        expect(chart.map(({ intent }) => intent)).toEqual(
          intentLine(context, when),
        );
      }),
      { numRuns: 30 },
    );
  });

  it("show of a past day what was shown on it", () => {
    fc.assert(
      fc.property(known, fc.integer({ min: 1, max: 12 }), (context, weeks) => {
        const ago = 7 * weeks;
        const then = new Date(now.getTime() - ago * dayMs);
        const past = onlyUntil(context, today - ago);
        const { health, intent } = accountFigures(past, watched, {
          ...when,
          now: then,
        });
        const day = toChart(context, when).at(-1 - ago);
        expect(day).toMatchObject({ health: health.score, intent });
      }),
      { numRuns: 30 },
    );
  });

  it("have as trend what the intent has changed in 30 days", () => {
    const context: KnownContext = {
      parts: { filing: { [today - 3]: 900 } },
      categories: {},
      lastSignalAt: now,
    };
    const { intent, trend } = accountFigures(context, watched, when);
    expect(intent).toBeGreaterThan(20);
    expect(trend).toBe(intent);
  });
});

function onlyUntil(context: KnownContext, last: number): KnownContext {
  const until = (byName: KnownContext["parts"]) =>
    Object.fromEntries(
      Object.entries(byName).map(([name, days]) => [
        name,
        Object.fromEntries(
          Object.entries(days).filter(([day]) => Number(day) <= last),
        ),
      ]),
    );
  const parts = until(context.parts);
  const days = Object.values(parts).flatMap((of) =>
    Object.keys(of).map(Number),
  );
  return {
    parts,
    categories: until(context.categories),
    lastSignalAt:
      days.length === 0 ? null : new Date(Math.max(...days) * dayMs),
  };
}
