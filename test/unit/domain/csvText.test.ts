import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvRecords } from "../../../functions/src/domain/csv.ts";
import { csvText } from "../../../functions/src/domain/csvText.ts";

const cell = (value: string | number | null) =>
  csvText([[value]])
    .slice(1)
    .replace(/\r\n$/u, "");

describe("a table as CSV", () => {
  it("begins with a byte order mark and ends each row with CR LF", () => {
    expect(
      csvText([
        ["a", 1],
        ["b", null],
      ]),
    ).toBe("\u{FEFF}a,1\r\nb,\r\n");
    expect(csvText([])).toBe("\u{FEFF}");
  });

  it.each([
    ["plain text", "plain text"],
    ["a,b", '"a,b"'],
    ['say "so"', '"say ""so"""'],
    ["two\nlines", '"two\nlines"'],
    ["two\rlines", '"two\rlines"'],
    ["Привіт; “Київ”", "Привіт; “Київ”"],
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t=1"],
    ["\r=1", '"\'\r=1"'],
    ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
    ["a=1", "a=1"],
  ])("writes %j as %j", (value, written) => {
    expect(cell(value)).toBe(written);
  });

  it("leaves numbers as they are, those below zero too", () => {
    expect([cell(-1.5), cell(0), cell(null)]).toEqual(["-1.5", "0", ""]);
  });

  it("is read back as it was, and never as a formula", () => {
    const text = fc.string({ unit: "grapheme" }).map((one) => `x${one.trim()}`);
    const row = fc.array(text, { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (rows) => {
        // A first line without a rival tells the reader that commas part the values.
        const read = csvRecords(csvText([["a", "b", "c"], ...rows]));
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
});
