import { describe, expect, test } from "vitest";
import { splitFiling } from "../../../../../functions/src/adapters/text/article/sections.ts";

const prose =
  "The company makes pumps and sells them to farms. It has nine plants.\n\n";

function titlesOf(text: string): readonly string[] {
  return splitFiling(text).map(({ title }) => title);
}

describe("a filing's sections", () => {
  const contents =
    "TABLE OF CONTENTS\n\nPART I\n\nItem 1.\tBusiness\t4\nItem 1A.\tRisk Factors\t12\n\nPART II\n\nItem 7.\tManagement's Discussion\t30\n\n";
  const body = `PART I\n\nItem 1. Business\n\n${prose}Item 1A. Risk Factors\n\n${prose.repeat(3)}PART II\n\nItem 7. Management's Discussion\n\n${prose}Item 7. Management's Discussion (continued)\n\n${prose}SIGNATURES\n\nPursuant to the requirements, it signs.`;
  const expected = [
    "PART I",
    "Item 1. Business",
    "Item 1A. Risk Factors",
    "PART II",
    "Item 7. Management's Discussion",
    "SIGNATURES",
  ];

  test("are its parts and items, not the lines of its table of contents", () => {
    expect(titlesOf(contents + body)).toEqual(expected);
  });

  test("are told from a table of contents without page numbers by what is behind them", () => {
    const linked = contents.replaceAll(/\t\d+$/gmu, "");
    const [first] = splitFiling(linked + body);
    expect(titlesOf(linked + body)).toEqual(expected);
    expect(first?.start).toBe(linked.length);
  });

  test("are in order, within the text, and begin with their titles", () => {
    const text = contents + body;
    const sections = splitFiling(text);
    for (const [i, { title, start, end }] of sections.entries()) {
      expect(text.slice(start).startsWith(title), title).toBe(true);
      expect(end).toBe(sections[i + 1]?.start ?? text.length);
      expect(end).toBeGreaterThan(start);
    }
  });

  test("of one number are two where they are of two parts", () => {
    const text = `PART I\n\nItem 1. Financial Statements\n\n${prose}PART II\n\nItem 1. Legal Proceedings\n\n${prose}`;
    expect(titlesOf(text)).toEqual([
      "PART I",
      "Item 1. Financial Statements",
      "PART II",
      "Item 1. Legal Proceedings",
    ]);
  });

  test("have the line behind a bare number in their title", () => {
    const text = `Item 5.02\n\nDeparture of Directors\n\n${prose}`;
    expect(titlesOf(text)).toEqual(["Item 5.02\n\nDeparture of Directors"]);
  });

  test.each([
    "Item 1A of our annual report describes these risks in full.",
    "Part II, Item 7 of this report says more.",
    "Part of the plan is to sell two of the plants.",
    `Item 3. ${"It is a sentence and no heading. ".repeat(20)}`,
    "Items sold include pumps.",
  ])("are not begun by a sentence: %s", (sentence) => {
    expect(splitFiling(`${prose}${sentence}\n\n${prose}`)).toEqual([]);
  });

  test("are at most two hundred", () => {
    const text = Array.from(
      { length: 300 },
      (_, n) => `Item ${n % 100}.${String(n).padStart(2, "0").slice(-2)} A`,
    ).join("\n\n");
    const many = Array.from(
      { length: 90 },
      (_, n) => `Item ${n}. A\nItem ${n}A. B\nItem ${n}B. C`,
    ).join("\n\n");
    expect(splitFiling(text).length).toBeLessThanOrEqual(200);
    expect(splitFiling(many)).toHaveLength(200);
  });
});
