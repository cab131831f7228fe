import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvRecords } from "../../../functions/src/domain/csv.ts";
import { growth } from "../../support/growth.ts";

const valuesOf = (text: string) => {
  const read = csvRecords(text);
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
    const read = csvRecords('a,b\n\n"1\n2",x\n,\ny,z');
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
    expect(csvRecords('a,b\n1,"2\n3')).toEqual({
      ok: false,
      line: 2,
      why: "a quote is never closed",
    });
    expect(csvRecords('a\n"1"2')).toMatchObject({ ok: false, line: 2 });
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

  it("takes time in its length alone", () => {
    const grown = growth((length) => {
      csvRecords(`a,b\n${'"'.repeat(length + 1)}`);
      csvRecords(`a,b\n${'"x'.repeat(length / 2)}`);
    }, 100_000);
    expect(grown).toBeLessThan(9);
  });
});
