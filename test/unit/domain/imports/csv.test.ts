import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../../../functions/src/domain/imports/csv.ts";
import { growth } from "../../../support/growth.ts";

const valuesOf = (text: string) => {
  const read = parseCsv(text);
  if (!read.ok) throw new Error(`${read.line}: ${read.why}`);
  return read.records.map(({ values }) => values);
};

describe("a CSV text", () => {
  it("is read with quotes, doubled quotes, and line breaks and delimiters in them", () => {
    const text = 'a,b\r\n"x, ""y""","two\r\nlines"\r\n,z\r\n';
    expect(valuesOf(text)).toEqual([
      ["a", "b"],
      ['x, "y"', "two\r\nlines"],
      ["", "z"],
    ]);
  });

  it("may have a byte order mark, semicolons or tabs, any line ends, and none at its end", () => {
    expect(valuesOf("\uFEFFa;b,c;d\n1;2,5;3")).toEqual([
      ["a", "b,c", "d"],
      ["1", "2,5", "3"],
    ]);
    expect(valuesOf("a\tb\r1\t2\r")).toEqual([
      ["a", "b"],
      ["1", "2"],
    ]);
    expect(valuesOf("")).toEqual([]);
    expect(valuesOf("a,b\n1,")).toEqual([
      ["a", "b"],
      ["1", ""],
    ]);
  });

  it("leaves out empty lines and says on which line each record starts", () => {
    const read = parseCsv('a,b\n\n"1\n2",x\n,\ny,z');
    expect(read).toEqual({
      ok: true,
      records: [
        { line: 1, values: ["a", "b"] },
        { line: 3, values: ["1\n2", "x"] },
        { line: 6, values: ["y", "z"] },
      ],
    });
  });

  it("is refused by line where a quote is not closed, or closed too early", () => {
    expect(parseCsv('a,b\n1,"2\n3')).toEqual({
      ok: false,
      line: 2,
      why: "a quote is never closed",
    });
    expect(parseCsv('a\n"1"2')).toMatchObject({ ok: false, line: 2 });
  });

  it("gives back whatever was written by the rules", () => {
    const value = fc.string({ unit: "binary" }).map((text) => text.trim());
    const table = fc.array(fc.tuple(fc.constant("x"), value, value), {
      minLength: 1,
    });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(table, (rows) => {
        const all = [["a", "b", "c"], ...rows];
        const text = all.map((row) => row.map(quoted).join(",")).join("\r\n");
        expect(valuesOf(text)).toEqual(all);
      }),
    );
  });

  it.each([
    ["records", "a\n1\n2\n3", "line 4: there are more than 2 records"],
    ["records of 5 MB", `a\n${"x\n".repeat(2_500_000)}`, "more than 2 records"],
    ["columns", "a,b,c,d,e", "line 1: there are more than 4 columns"],
    ["columns of 5 MB", ",".repeat(5_000_000), "more than 4 columns"],
    [
      "characters",
      `a\n${"x".repeat(11)}`,
      "a value has more than 10 characters",
    ],
    [
      "quoted characters",
      `a\n"${'""'.repeat(2_500_000)}"`,
      "more than 10 characters",
    ],
  ])("with more %s than it may have is read no further", (_what, text, why) => {
    const limits = { records: 3, columns: 4, characters: 10 };
    const read = parseCsv(text, limits);
    if (read.ok) throw new Error("it was read");
    expect(`line ${read.line}: ${read.why}`).toContain(why);
  });

  it("as large as it may be is read, whatever empty lines follow", () => {
    const limits = { records: 3, columns: 4, characters: 10 };
    const text = `a,b,c,d\n0123456789,,,\n1,2,3,4\n,,,\n\n`;
    expect(parseCsv(text, limits)).toMatchObject({ ok: true });
  });

  it("takes time in its length alone", () => {
    const grown = growth((length) => {
      parseCsv(`a,b\n${'"'.repeat(length + 1)}`);
      parseCsv(`a,b\n${'"x'.repeat(length / 2)}`);
    }, 100_000);
    expect(grown).toBeLessThan(9);
  });
});
