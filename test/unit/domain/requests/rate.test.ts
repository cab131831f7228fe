import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addMs,
  minuteMs,
} from "../../../../functions/src/domain/kernel/instant.ts";
import {
  nextShare,
  type Rate,
} from "../../../../functions/src/domain/requests/rate.ts";

const rate: Rate = { name: "reads", perMinute: 300, burst: 150 };
const start = new Date("2026-11-02T08:00:00Z");

/** Takes shares at these moments, each spent at once; what each brought. */
function taken(delaysMs: readonly number[], of: Rate = rate) {
  let now = start;
  let usedUntil: Date | null = null;
  return delaysMs.map((ms) => {
    now = addMs(now, ms);
    const share = nextShare(usedUntil, of, now);
    if (share.requests > 0) ({ usedUntil } = share.budget);
    return { at: now.getTime(), ...share };
  });
}

describe("a budget", () => {
  it("gives at once what is allowed at once, in ever smaller shares, and then none", () => {
    const shares = taken(Array.from({ length: 40 }, () => 0));
    const sizes = shares.map(({ requests }) => requests);
    expect(sizes.reduce((sum, n) => sum + n, 0)).toBe(rate.burst);
    expect(sizes.slice(0, 4)).toEqual([30, 24, 20, 16]);
    expect(sizes.filter((n) => n > 0).length).toBeLessThan(20);
    expect(sizes.at(-1)).toBe(0);
  });

  it("is whole again after a pause, however long", () => {
    const drained = Array.from({ length: 40 }, () => 0);
    for (const pause of [minuteMs / 2, 100 * minuteMs]) {
      const [last] = taken([...drained, pause]).slice(-1);
      expect((last?.requests ?? 0) + (last?.besides ?? 0)).toBe(rate.burst);
    }
  });

  it("says after what pause there is some again, and then there is", () => {
    const delays = Array.from({ length: 40 }, () => 0);
    const [none] = taken(delays).slice(-1);
    const wait = (none?.until.getTime() ?? 0) - (none?.at ?? 0);
    expect(wait).toBe(1_000);
    const [some] = taken([...delays, wait]).slice(-1);
    expect(some?.requests).toBe(5);
  });

  it("never gives more in any minute than the rate and what is allowed at once", () => {
    const rates = fc.record({
      name: fc.constant("any"),
      perMinute: fc.integer({ min: 1, max: 5_000 }),
      burst: fc.integer({ min: 1, max: 5_000 }),
    });
    const delays = fc.array(fc.integer({ min: 0, max: 20_000 }), {
      minLength: 2,
      maxLength: 60,
    });
    fc.assert(
      fc.property(rates, delays, (of, ms) => {
        const shares = taken(ms, of);
        for (const { at: from } of shares) {
          const minute = shares.filter(
            ({ at }) => at >= from && at < from + minuteMs,
          );
          const sum = minute.reduce((n, { requests }) => n + requests, 0);
          expect(sum).toBeLessThanOrEqual(of.burst + of.perMinute);
        }
      }),
    );
  });
});
