import { describe, expect, it } from "vitest";
import { toCostUsd } from "../../../../functions/src/domain/prompts/prices.ts";

describe("costUsdOf", () => {
  it("prices each kind of token by its own rate", () => {
    const million = 1_000_000;
    const none = { input: 0, output: 0, cacheWrite: 0, cacheRead: 0 };
    const cost = (tokens: Partial<typeof none>) =>
      toCostUsd("claude-sonnet-5-5", { ...none, ...tokens });
    expect(cost({ input: million })).toBe(2);
    expect(cost({ output: million })).toBe(10);
    expect(cost({ cacheWrite: million })).toBe(2.5);
    expect(cost({ cacheRead: million })).toBe(0.1);
  });

  it("has no price for a model that is not in the table", () => {
    const used = { input: 1, output: 1, cacheWrite: 1, cacheRead: 1 };
    expect(toCostUsd("claude-unheard-of", used)).toBeNull();
  });
});
