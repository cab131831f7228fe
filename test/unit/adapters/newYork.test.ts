import fc from "fast-check";
import { expect, it } from "vitest";
import { newYorkTime } from "../../../functions/src/adapters/connectors/sec/parts/newYork.ts";

it.each([
  ["20260115093000", "2026-01-15T14:30:00Z"],
  ["20260715093000", "2026-07-15T13:30:00Z"],
  // The clocks go forward at 2 on 8 March 2026, and back at 2 on 1 November.
  ["20260308015959", "2026-03-08T06:59:59Z"],
  ["20260308030000", "2026-03-08T07:00:00Z"],
  ["20261101005959", "2026-11-01T04:59:59Z"],
  ["20261101013000", "2026-11-01T05:30:00Z"],
  ["20261101020000", "2026-11-01T07:00:00Z"],
  ["19960701120000", "1996-07-01T16:00:00Z"],
])("%s in New York is %s", (digits, at) => {
  expect(newYorkTime(digits)).toEqual(new Date(at));
});

it.each([
  "",
  "2026",
  "20260230120000",
  "20261301120000",
  "20260101250000",
  "2026-01-01 12:00",
])("%s is no such time", (digits) => {
  expect(newYorkTime(digits)).toBeNull();
});

it("every instant comes back from how New York writes it, but for the hour that comes twice", () => {
  const clock = new Intl.DateTimeFormat("sv-SE", {
    timeZone: "America/New_York",
    dateStyle: "short",
    timeStyle: "medium",
  });
  const instants = fc
    .integer({ min: Date.UTC(1993, 0), max: Date.UTC(2050, 0) })
    .map((ms) => ms - (ms % 1000));
  fc.assert(
    fc.property(instants, (ms) => {
      const written = (at: number) => clock.format(at).replace(/\D/gu, "");
      const back = newYorkTime(written(ms))?.getTime() ?? 0;
      expect(written(back)).toBe(written(ms));
      expect([0, 3_600_000]).toContain(ms - back);
    }),
  );
});
