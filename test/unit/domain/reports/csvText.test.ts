import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../../../functions/src/domain/imports/csv.ts";
import { toCsv } from "../../../../functions/src/domain/reports/csvText.ts";

const cell = (value: string | number | null) =>
  toCsv([[value]])
    .slice(1)
    .replace(/\r\n$/u, "");

describe("a table as CSV", () => {
  it("begins with a byte order mark and ends each row with CR LF", () => {
    expect(
      toCsv([
        ["a", 1],
        ["b", null],
      ]),
    ).toBe("\u{FEFF}a,1\r\nb,\r\n");
    expect(toCsv([])).toBe("\u{FEFF}");
  });

  it.each([
    ["plain text", "plain text"],
    ["a,b", '"a,b"'],
    ['say "so"', '"say ""so"""'],
    ["two\nlines", '"two\nlines"'],
    ["two\rlines", '"two\rlines"'],
    ["Привіт; “Київ”", '"Привіт; “Київ”"'],
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", `"'\t'=1"`],
    ["\n=1", `"'\n'=1"`],
    ["\nplain", `"'\nplain"`],
    [" =1", "' =1"],
    ["\u200b=1", "'\u200b=1"],
    ["\uff1d1", "'\uff1d1"],
    ["\uff0b1", "'\uff0b1"],
    ["\uff0d1", "'\uff0d1"],
    ["\uff201", "'\uff201"],
    ["\u22121", "'\u22121"],
    ["a;=1", `"a;'=1"`],
    ["a; +1", `"a; '+1"`],
    ['a;"=1"', `"a;""'=1"""`],
    ["a|@x", `"a|'@x"`],
    ["a\n-1", `"a\n'-1"`],
    ["a, -1", '"a, -1"'],
    ["one-two; three-four", '"one-two; three-four"'],
    ["\r=1", `"'\r'=1"`],
    ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
    ["a=1", "a=1"],
  ])("writes %j as %j", (value, written) => {
    expect(cell(value)).toBe(written);
  });

  it("leaves numbers as they are, those below zero too", () => {
    expect([cell(-1.5), cell(0), cell(null)]).toEqual(["-1.5", "0", ""]);
  });

  it("is read back as it was, and never as a formula", () => {
    const text = fc
      .string({ unit: "grapheme" })
      .map((one) => `x${one.trim()}`)
      // Nothing in it looks like the beginning of another cell.
      .filter((one) => !/[;|\t\r\n]/u.test(one));
    const row = fc.array(text, { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (rows) => {
        // A first line without a rival tells the reader that commas part the values.
        const read = parseCsv(toCsv([["a", "b", "c"], ...rows]));
        if (!read.ok) throw new Error(read.why);
        const values = read.records.slice(1).map((record) => record.values);
        expect(values).toEqual(rows);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        expect(cell(value)).not.toMatch(/^"?[=+\-@\t\r]/u);
      }),
    );
  });

  it("has no cell that begins a formula, whatever sign a spreadsheet parts cells by", () => {
    const sign = fc.constantFrom(
      ...Array.from(
        "=+-@\uff1d\uff0b\uff0d\uff20\u2212;|\t\r\n\" \u200b\u00a0x1,'",
      ),
    );
    const text = fc.string({ unit: sign, maxLength: 12 });
    const rows = fc.array(fc.array(text, { minLength: 1, maxLength: 4 }));
    fc.assert(
      fc.property(rows, (table) => {
        const written = toCsv(table).slice(1);
        // However little a reader makes of our quotes.
        const cells = written.split(/[;|\t\r\n]/u);
        for (const one of [...cells, ...table.flat().map(cell)])
          expect(
            one.replace(/^["\s\u200b]+/u, "").normalize("NFKC"),
          ).not.toMatch(/^[=+\-@\u2212]/u);
      }),
      { numRuns: 300 },
    );
  });
});
