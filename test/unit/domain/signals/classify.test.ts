import { describe, expect, it } from "vitest";
import { classify } from "../../../../functions/src/domain/signals/classify.ts";
import type { Category } from "../../../../functions/src/domain/signals/signal.ts";

const filing = (facts: Record<string, string>, title = "", text = "") =>
  classify({ type: "filing", title, text, facts });
const news = (title: string, text = "") =>
  classify({ type: "news", title, text, facts: {} });

describe("the category of a filing", () => {
  it.each<[string, Category]>([
    ["5.02", "leadership_change"],
    ["5.02,9.01", "leadership_change"],
    ["2.02,9.01", "earnings"],
    ["2.02, 5.02", "leadership_change"],
    ["1.01,2.03,9.01", "partnership"],
    ["2.01,5.02", "acquisition"],
    ["5.01", "acquisition"],
    ["1.05", "security_incident"],
    ["1.05,5.02", "security_incident"],
    ["2.05", "restructuring"],
    ["1.03", "restructuring"],
    ["3.01", "legal"],
    ["4.02", "legal"],
    ["3.02", "funding"],
    ["4.01", "governance"],
    ["5.03,5.07", "governance"],
  ])("with items %s is %s", (items, category) => {
    expect(filing({ form: "8-K", items })).toBe(category);
  });

  it.each<[string, Category]>([
    ["1.04", "legal"],
    ["2.04", "restructuring"],
    ["3.03", "governance"],
    ["5.04", "governance"],
    ["5.05,9.01", "governance"],
    ["5.06", "acquisition"],
    ["5.08", "governance"],
    ["6.01", "funding"],
    ["6.02", "governance"],
    ["6.03", "funding"],
    ["6.04", "restructuring"],
    ["6.05", "funding"],
  ])("with the rarer items %s is %s", (items, category) => {
    expect(filing({ form: "8-K", items })).toBe(category);
  });

  it.each<[string, Category]>([
    ["20-F", "earnings"],
    ["40-F/A", "earnings"],
    ["NT 10-K", "earnings"],
    ["S-4/A", "acquisition"],
    ["425", "acquisition"],
    ["DEFM14A", "acquisition"],
    ["SC TO-T", "acquisition"],
    ["S-1", "funding"],
    ["S-3ASR", "funding"],
    ["424B5", "funding"],
    ["D/A", "funding"],
    ["DEF 14A", "governance"],
    ["PRE 14A", "governance"],
    ["DEFA14A", "governance"],
    ["SC 13D/A", "governance"],
    ["SCHEDULE 13G", "governance"],
    ["4", "governance"],
    ["144", "governance"],
    ["25-NSE", "legal"],
    ["CORRESP", "legal"],
    ["6-K", "other"],
    ["253G2", "other"],
    ["40-APP", "other"],
    ["497", "other"],
  ])("on form %s is %s", (form, category) => {
    expect(filing({ form, items: "" })).toBe(category);
  });

  it("goes by its most telling item, in whatever order they are listed", () => {
    expect(filing({ form: "8-K", items: "9.01,5.07,5.02,1.05" })).toBe(
      "security_incident",
    );
    expect(filing({ form: "8-K", items: "1.05,5.02,5.07,9.01" })).toBe(
      "security_incident",
    );
  });

  it("is earnings for a 10-Q or 10-K, amended or not, even where the title says more", () => {
    for (const form of ["10-Q", "10-K", "10-K/A", "10-QT"])
      expect(filing({ form, items: "" }, "New CEO appointed")).toBe("earnings");
  });

  it("follows from the words where neither items nor form tell", () => {
    expect(
      filing(
        { form: "8-K", items: "8.01,9.01" },
        "8-K",
        "The Company acquired Kraftful.",
      ),
    ).toBe("acquisition");
    expect(filing({ form: "8-K", items: "15.02" })).toBe("other");
    expect(filing({})).toBe("other");
  });
});

describe("the category of what is no filing", () => {
  it("is hiring for a posting and a deal event for a CRM event, whatever they say", () => {
    expect(
      classify({
        type: "job",
        title: "VP, Mergers and Acquisitions",
        text: "",
        facts: {},
      }),
    ).toBe("hiring");
    expect(
      classify({ type: "crm", title: "Lawsuit", text: "", facts: {} }),
    ).toBe("deal_event");
  });

  it.each<[string, Category]>([
    ["Acme hit by data breaches", "security_incident"],
    ["Cyberattacks cost Acme millions", "security_incident"],
    ["Acme acquires Umbrella", "acquisition"],
    ["Acme in talks over acquisitions", "acquisition"],
    ["Acme agrees to merger", "acquisition"],
    ["Acme CEO steps down", "leadership_change"],
    ["Stepping down: Acme's founder", "leadership_change"],
    ["Acme names Jane Doe as CFO", "leadership_change"],
    ["Acme named Jane Doe chief executive", "leadership_change"],
    ["Jane Doe joins Acme's board of directors", "leadership_change"],
    ["Acme’s board of directors declares a dividend", "governance"],
    ["Acme raised $40 million", "funding"],
    ["Acme raises another €5 million", "funding"],
    ["Acme raises US$ 5m", "funding"],
    ["Acme closes Series C", "funding"],
    ["Acme files for IPO", "funding"],
    ["Acme laid off 200", "restructuring"],
    ["Acme cuts 1,200 jobs", "restructuring"],
    ["Acme sued over patents", "legal"],
    ["Two lawsuits against Acme", "legal"],
    ["Acme beats earnings estimates", "earnings"],
    ["Acme partnered with Umbrella", "partnership"],
    ["Acme signs deal with Umbrella", "partnership"],
    ["Acme expands to Lisbon", "expansion"],
    ["Acme to build new data centers", "expansion"],
    ["Acme is launching a phone", "product_launch"],
    ["Acme unveils a phone", "product_launch"],
    ["Acme is hiring", "hiring"],
    ["Acme wins a prize", "other"],
    ["Talent acquisition at Acme", "other"],
    ["Acme raises concerns", "other"],
    ["Acme sees reacquired taste", "other"],
  ])("of the title “%s” is %s", (title, category) => {
    expect(news(title)).toBe(category);
    expect(news(title.toUpperCase())).toBe(category);
  });

  it("follows from the title before the text, and from the text's first 2,000 characters only", () => {
    expect(news("Acme unveils a phone", "Acme acquires Umbrella")).toBe(
      "product_launch",
    );
    expect(news("Acme wins a prize", "Acme acquires Umbrella")).toBe(
      "acquisition",
    );
    expect(
      news("Acme wins a prize", `${"x ".repeat(1000)}Acme acquires Umbrella`),
    ).toBe("other");
  });
});
