import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  AuditAction,
  auditMonth,
} from "../../../../functions/src/domain/requests/audit.ts";
import {
  addMs,
  dayMs,
  toDay,
  Instant,
} from "../../../../functions/src/domain/kernel/instant.ts";

const date = fc.date({
  min: new Date("1900-01-01T00:00:00Z"),
  max: new Date("2200-01-01T00:00:00Z"),
  noInvalidDate: true,
});

describe("a moment", () => {
  it("is a valid date and nothing else", () => {
    expect(Instant.safeParse(new Date()).success).toBe(true);
    for (const no of [new Date(Number.NaN), "2026-11-20T10:00:00Z", 0, null])
      expect(Instant.safeParse(no).success).toBe(false);
  });

  it("moved by milliseconds is another one, and the first stays", () => {
    fc.assert(
      fc.property(date, fc.integer({ min: -1e9, max: 1e9 }), (at, ms) => {
        const before = at.getTime();
        expect(addMs(at, ms).getTime() - before).toBe(ms);
        expect(at.getTime()).toBe(before);
      }),
    );
  });

  it("falls on a whole UTC day, also before 1970", () => {
    const days = [
      "1970-01-01T00:00:00Z",
      "1970-01-01T23:59:59.999Z",
      "1970-01-02T00:00:00Z",
      "1969-12-31T23:59:59.999Z",
    ];
    expect(days.map((day) => toDay(new Date(day)))).toEqual([0, 0, 1, -1]);
    fc.assert(
      fc.property(date, (at) => toDay(addMs(at, dayMs)) === toDay(at) + 1),
    );
  });

  it("is audited under its UTC month", () => {
    expect(auditMonth(new Date("2026-11-30T23:59:59.999Z"))).toBe("2026-11");
    expect(auditMonth(new Date("2026-12-01T00:00:00.000Z"))).toBe("2026-12");
    expect(auditMonth(new Date("2026-12-01T01:00:00+02:00"))).toBe("2026-11");
  });
});

describe("the audit's actions", () => {
  it("are the eight of the product", () => {
    expect(AuditAction.options).toEqual([
      "VIEW",
      "CREATE",
      "UPDATE",
      "APPROVE",
      "REJECT",
      "REFINE",
      "ACTIVATE",
      "DELETE",
    ]);
  });
});
