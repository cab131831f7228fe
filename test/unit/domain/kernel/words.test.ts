import { describe, expect, it } from "vitest";
import {
  hasWords,
  toWords,
} from "../../../../functions/src/domain/kernel/words.ts";

describe("the words of a search", () => {
  it("are letters and digits, in lower case and without accents", () => {
    expect(toWords("  Nestlé's Q3-2026: Київ!")).toEqual([
      "nestle",
      "s",
      "q3",
      "2026",
      "київ",
    ]);
    expect(toWords("— …")).toEqual([]);
  });

  it("are all there, each as the beginning of a word of some text", () => {
    const texts = ["New chief information officer", "Globex"];
    const has = (q: string) => hasWords(toWords(q), texts);
    expect(has("globex")).toBe(true);
    expect(has("GLOB officer")).toBe(true);
    expect(has("lobex")).toBe(false);
    expect(has("globex funding")).toBe(false);
    expect(has("?")).toBe(false);
  });
});
