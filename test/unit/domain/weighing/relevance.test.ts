import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  measureMention,
  toRelevance,
  toReliability,
} from "../../../../functions/src/domain/weighing/relevance.ts";
import { Category } from "../../../../functions/src/domain/signals/signal.ts";
import {
  sourceFacts,
  SourceKind,
} from "../../../../functions/src/domain/sources/source.ts";
import { tenantDefaults } from "../../../../functions/src/domain/tenants/tenant.ts";

describe("the reliability of a source", () => {
  it("is 0.95 for the SEC, between 0.60 and 0.85 for news, and whatever an outlet claims is no matter elsewhere", () => {
    for (const kind of SourceKind.options) {
      const { type } = sourceFacts[kind];
      const [least, most] =
        type === "filing"
          ? [0.95, 0.95]
          : type === "news"
            ? [0.6, 0.85]
            : [0.7, 0.9];
      expect(toReliability(kind, null), kind).toBeGreaterThanOrEqual(least);
      expect(toReliability(kind, null), kind).toBeLessThanOrEqual(most);
    }
    expect(toReliability("sec", 0.1)).toBe(0.95);
  });

  it("is an outlet's own for news, kept within 0.60 and 0.85", () => {
    expect(
      [0, 0.6, 0.7, 0.85, 1].map((outlet) => toReliability("rss", outlet)),
    ).toEqual([0.6, 0.6, 0.7, 0.85, 0.85]);
  });
});

describe("how plainly a text is about an account", () => {
  const inTitle = (title: string, name: string, aliases: string[] = []) =>
    measureMention({ name, aliases }, { source: "rss", title, text: "" });

  it("is 1 for its own publications, 1 for its name in the title, 0.7 in the text, else 0", () => {
    const account = { name: "Meta Platforms", aliases: ["Meta", "Facebook"] };
    const of = (title: string, text: string, source: SourceKind = "rss") =>
      measureMention(account, { source, title, text });
    expect(of("Careers", "Join us", "greenhouse")).toBe(1);
    expect(of("Facebook is fined", "…")).toBe(1);
    expect(of("A fine", "… for Meta.")).toBe(0.7);
    expect(of("A fine", "… for Metallica.")).toBe(0);
  });

  it.each([
    ["Nvidia’s chips", "NVIDIA"],
    ["MCDONALD’S opens", "McDonald's"],
    ["Bank of\n America (BofA)", "Bank of America"],
    ["Yahoo! is sold", "Yahoo!"],
    ["AT&T-backed fund", "AT&T"],
    ["ebay sellers", "eBay".toLowerCase()],
    ["英伟达公布财报", "英伟达"],
    ["今日NVIDIA公布财报", "NVIDIA"],
    ["Zoe\u0308 Ltd. grows", "Zoë Ltd."],
    ["C++ (the fund)", "C++"],
  ])("%s names %s", (title, name) => {
    expect(inTitle(title, name)).toBe(1);
  });

  it.each([
    ["a meta-analysis of sales targets", "Meta"],
    ["They target growth", "Target"],
    ["Applebee's opens", "Apple"],
    ["Grapple hooks", "apple"],
    ["Amplitudes of waves", "Amplitude"],
    ["anything at all", "   "],
    ["Yahoo is sold", "Y.hoo"],
  ])("%s does not name %s", (title, name) => {
    expect(inTitle(title, name)).toBe(0);
  });

  it("takes any name without harm, whatever signs it holds", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
        (name) => {
          fc.pre(name.trim() !== "");
          expect([0, 1]).toContain(inTitle("Some title", name));
          if (/^\p{Lu}[\p{L}\p{Nd} ]*$/u.test(name.normalize("NFC")))
            expect(inTitle(`(${name})`, name)).toBe(1);
        },
      ),
    );
  });
});

describe("relevance", () => {
  const of = (category: Category, mention: number) =>
    toRelevance(tenantDefaults.categoryWeights, category, mention);

  it("lies between 0 and 1, and is 0 for what is not about the account", () => {
    for (const category of Category.options)
      for (const mention of [0, 0.7, 1]) {
        expect(of(category, mention)).toBeGreaterThanOrEqual(0);
        expect(of(category, mention)).toBeLessThanOrEqual(1);
      }
    expect(of("acquisition", 0)).toBe(0);
    expect(of("acquisition", 1)).toBe(1);
  });

  it("rises with the category's weight and with the mention", () => {
    expect([
      of("hiring", 1),
      of("hiring", 0.7),
      of("other", 1),
      of("other", 0.7),
    ]).toEqual([0.82, 0.7, 0.58, 0.46]);
  });

  it("passes the default threshold for all but news of no category that names the account only in its text", () => {
    const dropped = Category.options.flatMap((category) =>
      [0.7, 1]
        .filter(
          (mention) =>
            of(category, mention) < tenantDefaults.relevanceThreshold,
        )
        .map((mention) => [category, mention]),
    );
    expect(dropped).toEqual([["other", 0.7]]);
  });
});
