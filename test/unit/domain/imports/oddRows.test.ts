import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planImport } from "../../../../functions/src/domain/imports/accountImport.ts";
import { importColumns } from "../../../../functions/src/domain/imports/importRecord.ts";
import {
  planSignals,
  signalColumns,
} from "../../../../functions/src/domain/imports/signalImport.ts";
import { aUid } from "../../../support/builders.ts";
import { garbage } from "../../../support/oddValues.ts";

type Values = readonly string[];

const cell = fc.oneof(
  fc.constantFrom(
    ...garbage
      .map((by) => (typeof by === "string" ? by : JSON.stringify(by)))
      .map((text) => text.slice(0, 5_000)),
  ),
  fc.string({ maxLength: 30 }),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "__name__",
    "../..",
    "a;b|c",
    "1e999",
  ),
);

const imports = [
  {
    name: "signals",
    header: [...signalColumns, "identifier.hubspot"],
    rows: [1, 2, 3].map((n): Values => [
      `fair-${n}`,
      "",
      `globex${n}.example`,
      "",
      `Globex ${n} looks for a partner`,
      "They told us at the fair in Linz.",
      "",
      "meeting",
      "2026-10-30",
      "",
    ]),
    plan: (records: readonly Values[]) =>
      planSignals(
        records.map((values, i) => ({ line: i + 1, values })),
        { accounts: [], mayBeUnknown: true },
      ),
  },
  {
    name: "accounts",
    header: [...importColumns, "identifier.vat"],
    rows: [1, 2, 3].map((n): Values => [
      "",
      `Company ${n}`,
      `C${n}`,
      `company${n}.example`,
      "anna",
      "north",
      "0.9",
      String(1000 + n),
      "",
      `00${n}`,
      "",
      "",
      "",
      "",
      `https://company${n}.example/feed`,
      `DE${n}`,
    ]),
    plan: (records: readonly Values[]) =>
      planImport(
        records.map((values, i) => ({ line: i + 1, values })),
        {
          accounts: [],
          uidsByName: new Map([["anna", aUid("anna")]]),
          own: { names: [], domains: [] },
        },
      ),
  },
] as const;

describe.each(imports)(
  "one odd row in a list of $name",
  ({ header, rows, plan }) => {
    it("leaves the others' fate unchanged, and is refused by its field or taken", () => {
      const whole = plan([header, ...rows]);
      expect(whole.map(({ result }) => result)).not.toContain("error");
      const spoilings = fc.record({
        index: fc.nat(rows.length - 1),
        column: fc.option(fc.nat(header.length - 1)),
        by: cell,
      });
      fc.assert(
        fc.property(spoilings, ({ index, column, by }) => {
          const spoilt = rows.map((row, i): Values =>
            i !== index
              ? row
              : column === null
                ? header.map(() => by)
                : row.map((value, n) => (n === column ? by : value)),
          );
          const planned = plan([header, ...spoilt]);
          expect(planned.filter((_, i) => i !== index)).toEqual(
            whole.filter((_, i) => i !== index),
          );
          const odd = planned[index];
          if (odd?.result === "error")
            for (const { field, message } of odd.errors) {
              expect(field).not.toBe("");
              expect(message).not.toBe("");
            }
        }),
        { seed: 4, numRuns: 150 },
      );
    });
  },
);
