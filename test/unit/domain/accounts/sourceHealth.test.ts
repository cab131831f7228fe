import { describe, expect, it } from "vitest";
import {
  addMs,
  dayMs,
  hourMs,
} from "../../../../functions/src/domain/kernel/instant.ts";
import {
  type Rhythm,
  nextRhythm,
} from "../../../../functions/src/domain/accounts/sourceHealth.ts";

const start = new Date("2026-11-01T00:00:00Z");
const day = (n: number) => addMs(start, n * dayMs);

/** A feed that brings something on each of these days. */
function fed(days: readonly number[]): Rhythm {
  return (
    days.reduce<Rhythm | null>(
      (before, n) => nextRhythm(before, { kind: "rss", found: 1, now: day(n) }),
      null,
    ) ?? nextRhythm(null, { kind: "rss", found: 0, now: start })
  );
}

describe("the rhythm of a source", () => {
  it("has no moment of silence before anything came", () => {
    expect(nextRhythm(null, { kind: "rss", found: 0, now: start })).toEqual({
      lastItemAt: null,
      gapMs: null,
      silentAt: null,
    });
  });

  it("lets what came once be silent for as long as its kind may be", () => {
    expect(fed([0]).silentAt).toEqual(day(60));
  });

  it("is silent after five of its usual gaps, and no sooner than after a week", () => {
    expect(fed([0, 1, 2, 3])).toMatchObject({
      gapMs: dayMs,
      silentAt: day(10),
    });
    expect(fed([0, 4, 8])).toMatchObject({
      gapMs: 4 * dayMs,
      silentAt: day(28),
    });
    expect(fed([0, 30]).silentAt).toEqual(day(90));
  });

  it("follows a change of rhythm, and looks that find nothing leave it be", () => {
    const before = fed([0, 2, 4]);
    const after = nextRhythm(before, {
      kind: "rss",
      found: 3,
      now: addMs(day(4), 12 * hourMs),
    });
    expect(after.gapMs).toBe(133_920_000);
    expect(nextRhythm(before, { kind: "rss", found: 0, now: day(40) })).toEqual(
      before,
    );
  });

  it("says nothing of those whose silence says nothing", () => {
    expect(nextRhythm(null, { kind: "ga4", found: 2, now: start })).toEqual({
      lastItemAt: start,
      gapMs: null,
      silentAt: null,
    });
  });
});
