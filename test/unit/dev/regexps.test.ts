import { describe, expect, it, test } from "vitest";
import { faultsIn } from "../../../dev/regexps/faults.ts";
import { findFault } from "../../../dev/regexps/verdict.ts";

describe("an expression that is not linear is found", () => {
  test.each([
    [String.raw`\?\S*\+`, "u"],
    [String.raw`\s+$`, "u"],
    [String.raw`a*b`, "g"],
    [String.raw`<[^>]*>`, "gu"],
    [String.raw`<!--[^]*?-->`, "gu"],
    [String.raw`\p{L}{2,}-\p{Ll}{2,}`, "gu"],
    [String.raw`(?<=x\s*)y`, "u"],
    [String.raw`x(?=\s*y)`, "u"],
    [String.raw`\d{2,}[,.]?$`, "u"],
    [String.raw`^\s*["']?\s*\w`, "u"],
    [String.raw`^.*a.*b`, "su"],
    [String.raw`a(?:[^z]*z)?`, "gu"],
    [String.raw`x[0-9a-f]*(?:y|z\w*!)`, "iu"],
  ])("quadratic: /%s/%s", (source, flags) => {
    expect(findFault(source, flags)).not.toBeNull();
  });

  test.each([
    [String.raw`^(?:a+)+$`, "u"],
    [String.raw`^(?:a|a)*$`, "u"],
    [String.raw`^(?:\w|\d)*!`, "u"],
    [String.raw`(?:[a-z]+\s?)+!`, "iu"],
    [String.raw`^(?:a?b?)*c`, "u"],
  ])("exponential: /%s/%s", (source, flags) => {
    expect(findFault(source, flags)).not.toBeNull();
    expect(findFault(source, flags, 10)).not.toBeNull();
  });

  it("has a bound, and one that is too high", () => {
    expect(findFault(String.raw`x.{0,3000}y.{0,3000}z`, "su")).toMatch(/steps/);
  });
});

describe("an expression that is linear passes", () => {
  test.each([
    [String.raw`(?<!\s)\s+$`, "u"],
    [String.raw`<[^<>]*>`, "gu"],
    [String.raw`\S+`, "gu"],
    [String.raw`x\s*y`, "u"],
    [String.raw`^\s*\w+\s*$`, "u"],
    [String.raw`\bfund\w*\b`, "giu"],
    [String.raw`\d+(?:[.,]\d+)*`, "gu"],
    [String.raw`"[^"]*"|'[^']*'`, "gu"],
    [String.raw`^.*@`, "u"],
    [String.raw`[?#][^]*`, "u"],
    [String.raw`\s{0,64}$`, "u"],
    [String.raw`(?:appoint(?:s|ed)?|elect(?:s|ed)?)\b`, "iu"],
    [String.raw`^(?:[a-z0-9]+(?:-+[a-z0-9]+)*\.)+[a-z]{2,63}$`, ""],
    [String.raw`(\d)(?<!x)\1{2}`, "u"],
  ])("/%s/%s", (source, flags) => {
    expect(findFault(source, flags)).toBeNull();
  });
});

describe("the sources", () => {
  it("are named with the line of what is planted in them", () => {
    const code = "export const a = 1;\nexport const b = /\\s+$/u;\n";
    expect(faultsIn("x.ts", code)).toEqual([
      expect.stringMatching(/^x\.ts:2: .*quadratic/),
    ]);
  });

  it("pass where a comment names how long the text is", () => {
    const code = (comment: string) =>
      `/** Ends. */\n// ${comment}\nexport const b = {\n  c: /\\s+$/u,\n};\n`;
    expect(
      faultsIn("x.ts", code("bounded: a title of 300 characters")),
    ).toEqual([]);
    expect(faultsIn("x.ts", code("bounded: a short title"))).toHaveLength(1);
    expect(
      faultsIn("x.ts", code("bounded: a text of 4,000,000 characters")),
    ).toHaveLength(1);
  });

  it("are not believed for what they make of parts", () => {
    const code = "export const of = (a: string) => new RegExp(`${a}+$`);\n";
    const made = { file: "x.ts", line: 1, flags: "u" };
    expect(faultsIn("x.ts", code)).toHaveLength(1);
    expect(faultsIn("x.ts", code, [{ ...made, source: "a+$" }])).toHaveLength(
      1,
    );
    expect(faultsIn("x.ts", code, [{ ...made, source: "a" }])).toEqual([]);
  });
});
