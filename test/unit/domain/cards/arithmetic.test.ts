import { describe, expect, it } from "vitest";
import {
  compute,
  digitsIn,
} from "../../../../functions/src/domain/cards/arithmetic.ts";

describe("compute", () => {
  it.each([
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["(120 - 80) / 80 * 100", 50],
    ["10 - 3 - 2", 5],
    ["100 / 10 / 2", 5],
    ["-3 + 5", 2],
    ["1,200.5 - 0.5", 1200],
  ])("gives what %s is", (formula, value) => {
    expect(compute(formula)?.value).toBe(value);
  });

  it.each([
    "",
    "1 +",
    "(1",
    "1)",
    "1 / 0",
    "2 x 3",
    "a",
    "1 2",
    "2 ** 3",
    "()",
  ])("takes %j for no formula", (formula) => {
    expect(compute(formula)).toBeNull();
  });

  it("tells the numbers that stand in it", () => {
    expect(compute("(1,200 - 80.5) / 3")?.operands).toEqual([
      "1200",
      "80.5",
      "3",
    ]);
  });
});

describe("digitsIn", () => {
  it("reads numbers without what separates their thousands", () => {
    expect(digitsIn("From $1,200.50 to 7, in May.")).toEqual(["1200.50", "7"]);
  });
});
