import { describe, expect, it } from "vitest";
import { locateQuote } from "../../../../functions/src/domain/text/quotes.ts";

const text = "He said: “We’re  growing –\n fast.” And\u00ad again: We grow.";
const found = (quote: string) => {
  const span = locateQuote(quote, text);
  return span === null ? null : text.slice(span.start, span.end);
};

describe("locate", () => {
  it.each([
    ["We grow.", "We grow."],
    ["  We grow. ", "We grow."],
    ["We're growing - fast.", "We’re  growing –\n fast."],
    ["\"We're growing", "“We’re  growing"],
    ["And again:", "And\u00ad again:"],
    ["“He said:”", "He said:"],
  ])("finds %j as it is in the text", (quote, original) => {
    expect(found(quote)).toBe(original);
  });

  it.each(["We shrink.", "we grow.", "We grow!", "", "  ", "“”"])(
    "does not find %j",
    (quote) => {
      expect(found(quote)).toBeNull();
    },
  );

  it("gives the first of several places", () => {
    expect(locateQuote("ab", "ab ab")).toEqual({ start: 0, end: 2 });
  });
});
