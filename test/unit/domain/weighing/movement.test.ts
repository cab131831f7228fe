import { describe, expect, test } from "vitest";
import { toDay } from "../../../../functions/src/domain/kernel/instant.ts";
import {
  toIsoWeek,
  lastSunday,
  measureMovement,
} from "../../../../functions/src/domain/weighing/movement.ts";

const day = (date: string) => toDay(new Date(date));
const sunday = day("2026-11-15");

/** What weekdays bring, Monday first, against the mean. */
const weekdays = [1.2, 1.25, 1.2, 1.15, 1, 0.6, 0.6];

/** Nine weeks up to the Sunday, of a site whose days scatter by up to a twentieth; `weeks` change the last ones, the last last. */
function days(level: number, ...weeks: readonly number[]) {
  return new Map(
    Array.from({ length: 63 }, (_, i) => {
      const at = sunday - 62 + i;
      const factor = weeks[weeks.length - 9 + Math.floor(i / 7)] ?? 1;
      const scatter = 1 + (((i * 5) % 11) - 5) / 100;
      const usual = level * (weekdays[i % 7] ?? 1) * scatter;
      return [at, Math.round(usual * factor)] as const;
    }),
  );
}

describe("a week's movement", () => {
  test("is none where only the weekdays differ", () => {
    expect(measureMovement(days(1000), sunday)).toBeNull();
  });

  test("is found against the four weeks before, with its figures", () => {
    const movement = measureMovement(days(1000, 1.46), sunday);
    expect(movement).toMatchObject({
      firstDay: day("2026-11-09"),
      lastDay: sunday,
    });
    expect(movement?.mean).toBeCloseTo(1460, -2);
    expect(movement?.meanBefore).toBeCloseTo(1000, -2);
    expect(movement?.change).toBeCloseTo(0.46, 1);
    expect(movement?.distance).toBeGreaterThan(2.5);
  });

  test("is found where it falls, and where nothing is left", () => {
    expect(measureMovement(days(1000, 0.6), sunday)?.change).toBeCloseTo(
      -0.4,
      1,
    );
    expect(measureMovement(days(1000, 0), sunday)?.change).toBe(-1);
    const stopped = new Map([...days(1000)].filter(([at]) => at < sunday - 6));
    expect(measureMovement(stopped, sunday)?.change).toBe(-1);
  });

  test("is none below 30 %", () => {
    expect(measureMovement(days(10_000, 1.27), sunday)).toBeNull();
    expect(measureMovement(days(10_000, 1.33), sunday)).not.toBeNull();
  });

  test("is none where days scatter as much anyway", () => {
    const wild = new Map(
      [...days(1000, 1.4)].map(([at, figure], i) => [
        at,
        Math.round(figure * ([0.4, 1.7, 1, 0.7, 1.3][i % 5] ?? 1)),
      ]),
    );
    expect(measureMovement(wild, sunday)).toBeNull();
  });

  test("is none of what is too little to move", () => {
    expect(measureMovement(days(6, 4), sunday)).toBeNull();
    expect(measureMovement(days(9, 4), sunday)).not.toBeNull();
    expect(measureMovement(days(0), sunday)).toBeNull();
  });

  test("of few counts is none that chance brings about", () => {
    const even = new Map([...days(1)].map(([at]) => [at, 9]));
    for (let i = 0; i < 7; i++) even.set(sunday - i, 13);
    expect(measureMovement(even, sunday)).toBeNull();
    for (let i = 0; i < 7; i++) even.set(sunday - i, 18);
    expect(measureMovement(even, sunday)).not.toBeNull();
  });

  test("is none where there is nothing from four weeks ago, and none where there is nothing", () => {
    const young = new Map(
      [...days(1000, 2)].filter(([at]) => at > sunday - 34),
    );
    expect(measureMovement(young, sunday)).toBeNull();
    expect(
      measureMovement(
        new Map([...days(1000, 2)].filter(([at]) => at >= sunday - 34)),
        sunday,
      ),
    ).not.toBeNull();
    expect(measureMovement(new Map(), sunday)).toBeNull();
  });

  test("is told in its first week, not while it lasts", () => {
    const shifted = days(1000, 1.8, 1.8, 1.8);
    expect(measureMovement(shifted, sunday - 14)).not.toBeNull();
    expect(measureMovement(shifted, sunday - 7)).toBeNull();
    expect(measureMovement(shifted, sunday)).toBeNull();
    const gone = days(1000, 0, 0);
    expect(measureMovement(gone, sunday - 7)).not.toBeNull();
    expect(measureMovement(gone, sunday)).toBeNull();
  });

  test("is told again where it goes on by as much, or turns", () => {
    expect(measureMovement(days(1000, 1.5, 2.2), sunday)).not.toBeNull();
    expect(measureMovement(days(1000, 1.8, 0.5), sunday)?.change).toBeLessThan(
      -0.3,
    );
  });

  test("is found in fewer than one quiet week of a hundred", () => {
    let state = 1;
    const chance = () =>
      (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
    // The sum of twelve is near enough to normal, of variance one.
    const normal = () =>
      Array.from({ length: 12 }, chance).reduce((a, b) => a + b) - 6;
    const alarms = Array.from({ length: 1000 }, () => {
      const noisy = [...days(200)].map(
        ([at, figure]) =>
          [at, Math.max(0, figure * (1 + 0.2 * normal()))] as const,
      );
      return measureMovement(new Map(noisy), sunday);
    }).filter((movement) => movement !== null);
    expect(alarms.length).toBeLessThan(10);
  });
});

describe("an ISO week", () => {
  test.each([
    ["2026-11-15", "2026-W46"],
    ["2026-11-16", "2026-W47"],
    ["2026-12-31", "2026-W53"],
    ["2027-01-03", "2026-W53"],
    ["2027-01-04", "2027-W01"],
    ["2024-12-30", "2025-W01"],
    ["2023-01-01", "2022-W52"],
  ])("of %s is %s", (date, week) => {
    expect(toIsoWeek(day(date))).toBe(week);
  });

  test("ends on the last Sunday", () => {
    expect(lastSunday(sunday)).toBe(sunday);
    expect(lastSunday(sunday + 6)).toBe(sunday);
    expect(lastSunday(sunday - 1)).toBe(sunday - 7);
  });
});
