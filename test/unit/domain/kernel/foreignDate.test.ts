import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ForeignDate,
  parseDate,
  StatedDate,
} from "../../../../functions/src/domain/kernel/foreignDate.ts";
import { Instant } from "../../../../functions/src/domain/kernel/instant.ts";
import {
  futureDates,
  impossibleDates,
  oddEpochs,
} from "../../../support/oddValues.ts";

describe("a date that somebody else writes", () => {
  it.each([
    ["2026-11-20", "2026-11-20T00:00:00.000Z"],
    ["2026-1-5", "2026-01-05T00:00:00.000Z"],
    ["2026-11-20T10:00", "2026-11-20T10:00:00.000Z"],
    ["2026-11-20T10:00:00.123456Z", "2026-11-20T10:00:00.123Z"],
    ["2026-11-20T10:00:00.000+0000", "2026-11-20T10:00:00.000Z"],
    ["2026-11-20 10:00:00.5 +02:00", "2026-11-20T08:00:00.500Z"],
    ["2026-11-20T10:00:00+02:00[Europe/Kyiv]", "2026-11-20T08:00:00.000Z"],
    ["2026-09-10 07:25:25 UTC", "2026-09-10T07:25:25.000Z"],
    ["20261120T101500Z", "2026-11-20T10:15:00.000Z"],
    ["20261120", "2026-11-20T00:00:00.000Z"],
    ["Tue, 19 Nov 2019 10:07:00 -0500", "2019-11-19T15:07:00.000Z"],
    ["Tue, 3 Jun 08 11:05:30 EST", "2008-06-03T16:05:30.000Z"],
    ["Fri, 27 Nov 2026 09:00:00 CET", "2026-11-27T08:00:00.000Z"],
    ["Nov 20, 2026", "2026-11-20T00:00:00.000Z"],
    ["Thursday, November 19, 2026 at 5:06 PM EST", "2026-11-19T22:06:00.000Z"],
    // Never 2 November: where dots part them, the day comes first.
    ["11.02.2026 09:30", "2026-02-11T09:30:00.000Z"],
    ["Mon Jun 30 2025 10:00:00 GMT+0200 (CEST)", "2025-06-30T08:00:00.000Z"],
    ["2099-01-01", "2099-01-01T00:00:00.000Z"],
    [1_795_168_800_000, "2026-11-20T10:00:00.000Z"],
    [1_795_168_800, "2026-11-20T10:00:00.000Z"],
    ["1795168800000", "2026-11-20T10:00:00.000Z"],
  ])("is read: %s", (stated, moment) => {
    expect(parseDate(stated)?.toISOString()).toBe(moment);
    expect(ForeignDate.parse(stated).toISOString()).toBe(moment);
  });

  it.each([...impossibleDates, 0, -1, 1e308, Number.NaN, null, {}, []])(
    "is none: %j",
    (stated) => {
      expect(parseDate(stated)).toBeNull();
      expect(ForeignDate.safeParse(stated).success).toBe(false);
    },
  );

  it("is a moment that the database holds, or none, whatever is written", () => {
    const written = fc.oneof(
      fc.string(),
      fc.string({
        unit: fc.constantFrom(...Array.from("0123456789TZ:+. -")),
        maxLength: 40,
      }),
      fc.date({ noInvalidDate: true }).map((at) => at.toISOString()),
      fc.date({ noInvalidDate: true }).map((at) => at.toUTCString()),
      fc.double(),
      fc.constantFrom(...impossibleDates, ...futureDates, ...oddEpochs),
    );
    fc.assert(
      fc.property(written, (stated) => {
        const at = parseDate(stated);
        if (at === null) return;
        expect(Instant.safeParse(at).success).toBe(true);
        expect(at.getUTCFullYear()).toBeGreaterThanOrEqual(1970);
        expect(at.getUTCFullYear()).toBeLessThan(2200);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it("keeps its milliseconds, in either of the usual forms of JavaScript", () => {
    const range = {
      min: new Date("1970-01-02T00:00:00Z"),
      max: new Date("2199-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(range), (at) => {
        expect(parseDate(at.toISOString())).toEqual(at);
        const seconds = new Date(Math.floor(at.getTime() / 1000) * 1000);
        expect(parseDate(at.toUTCString())).toEqual(seconds);
      }),
      { seed: 4 },
    );
  });

  it("is refused where a field must hold one, with what may stand there", () => {
    const faultOf = (stated: string) =>
      StatedDate.safeParse(stated).error?.issues[0]?.message;
    expect(faultOf("2026-11-20")).toBeUndefined();
    expect(faultOf("2026-11-20T10:00:00+01:00")).toBeUndefined();
    expect(faultOf("0001-01-01T00:00:00+01:00")).toBe(
      "must be between 1970-01-02 and 2199-12-31",
    );
    expect(faultOf("soon")).toMatch(/^must be a date or a moment in ISO 8601/u);
  });
});

/** Where a date is made of something else than a number of our own, and why that is safe. */
const exceptions: Readonly<Record<string, string>> = {
  "api/cards/review.ts: new Date(review.until)":
    "ISO 8601 by its schema, and refused unless within 180 days",
  "api/http/page.ts: new Date(text)":
    "ISO 8601 by its schema, for a query alone",
  "domain/kernel/errors.ts: Date.parse(header)":
    "a delay from now, never kept as a date",
  "domain/kernel/foreignDate.ts: Date.parse(hasZone ? text : `${text} UTC`)":
    "the one place",
  "domain/kernel/foreignDate.ts: new Date(ms)": "the one place",
  "domain/messages/handoff.ts: new Date(moment.data.$at)":
    "our own ISO 8601, of a message that was stored",
  "pipeline/upkeep/tally.ts: new Date(after.updatedAt)":
    "of a message of our own",
  "adapters/connectors/bookmark.ts: new Date(newest)":
    "of dates that were read by parseDate",
  "adapters/connectors/bookmark.ts: new Date(newest - overlapMs)":
    "of dates that were read by parseDate",
  "adapters/connectors/sec/parts/newYork.ts: new Date(asUtc)":
    "fourteen digits, held against the calendar",
  "adapters/connectors/sec/parts/newYork.ts: new Date(asUtc - offsetMs(early))":
    "a time that is in the calendar, and read by parseDate",
  "adapters/connectors/metrics/tiktok.ts: new Date(from)":
    "a day that we ask for",
  "adapters/connectors/metrics/tiktok.ts: new Date(to)":
    "a day that we ask for",
};

/** Arithmetic with moments and days of our own. */
const isOwn =
  /getTime\(\)|Math\.(?:max|min)\(|\b(?:day|slot|firstDay|lastDay|thursday|now)\b[^)]*\* ?\w*(?:day|slot|Slot)Ms|^\(?\w+ [+*] 1\)? \* dayMs|^Date\.UTC\(|^0$|^"|^wanted|^began|^halfway/u;

describe("the sources", () => {
  it("read every date of others in one place", () => {
    const root = join(import.meta.dirname, "../../../../functions/src");
    const found = readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) =>
        datesMadeIn(readFileSync(join(root, file), "utf8"))
          .filter(({ argument }) => argument !== "" && !isOwn.test(argument))
          .map(({ made }) => `${file.replaceAll("\\", "/")}: ${made}`),
      );
    expect(
      found.filter((one) => exceptions[one] === undefined),
      "dates of others: read them by parseDate, toItemDate or ForeignDate, or say in `exceptions` of this test why they are safe",
    ).toEqual([]);
    const stale = Object.keys(exceptions).filter((one) => !found.includes(one));
    expect(stale, "lines of `exceptions` that no source has any more").toEqual(
      [],
    );
  });
});

/** Every `new Date(…)` and `Date.parse(…)` of a source, on one line. */
function datesMadeIn(source: string) {
  const code = source.replace(/^\s*(?:\/\/|\/?\*).*$/gmu, "");
  return [...code.matchAll(/(?:new Date|Date\.parse)\(/gu)].map((match) => {
    const start = match.index + match[0].length;
    let depth = 1;
    let end = start;
    for (; depth > 0 && end < code.length; end++) {
      if (code[end] === "(") depth++;
      else if (code[end] === ")") depth--;
    }
    const argument = code
      .slice(start, end - 1)
      .replace(/\s+/gu, " ")
      .replace(/^ |,? $/gu, "");
    return { argument, made: `${match[0]}${argument})` };
  });
}
