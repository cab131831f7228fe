import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs } from "../../../../functions/src/domain/messages/backoff.ts";
import {
  dayMs,
  minuteMs,
} from "../../../../functions/src/domain/kernel/instant.ts";

const jitter = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const attempts = fc.nat(100_000);

describe("the wait before the next try", () => {
  it("lies between 2.5 s and 30 min, in whole milliseconds", () => {
    fc.assert(
      fc.property(attempts, jitter, (n, j) => {
        const ms = backoffMs(n, j);
        expect(Number.isInteger(ms)).toBe(true);
        expect(ms).toBeGreaterThanOrEqual(2500);
        expect(ms).toBeLessThanOrEqual(30 * minuteMs);
      }),
    );
  });

  it("doubles from 5 s to 30 min, of which chance draws the upper half", () => {
    expect(
      [1, 2, 3, 9, 10, 11].map((n) => [
        backoffMs(n, 0),
        backoffMs(n, 1 - 1e-9),
      ]),
    ).toEqual([
      [2_500, 5_000],
      [5_000, 10_000],
      [10_000, 20_000],
      [640_000, 1_280_000],
      [900_000, 1_800_000],
      [900_000, 1_800_000],
    ]);
  });

  it("grows with the attempts and with the chance drawn", () => {
    fc.assert(
      fc.property(attempts, jitter, jitter, (n, a, b) => {
        expect(backoffMs(n + 1, a)).toBeGreaterThanOrEqual(backoffMs(n, a));
        expect(backoffMs(n, Math.max(a, b))).toBeGreaterThanOrEqual(
          backoffMs(n, Math.min(a, b)),
        );
      }),
    );
  });

  it("is the vendor's Retry-After where that is longer, up to a day", () => {
    fc.assert(
      fc.property(attempts, jitter, fc.nat(2 * dayMs), (n, j, asked) => {
        expect(backoffMs(n, j, asked)).toBe(
          Math.max(backoffMs(n, j), Math.min(asked, dayMs)),
        );
      }),
    );
    expect(backoffMs(1, 0, Number.POSITIVE_INFINITY)).toBe(dayMs);
    expect(backoffMs(1, 0, null)).toBe(2500);
  });
});
