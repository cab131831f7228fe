import { describe, expect, test } from "vitest";
import {
  mostThemes,
  Theme,
  findThemes,
} from "../../../../functions/src/domain/signals/themes.ts";

describe("themes", () => {
  test.each([
    ["Norvale moves its core systems to the public cloud", "cloud"],
    ["Norvale uses machine learning to plan routes", "ai"],
    ["Künstliche Intelligenz plant die Touren", "ai"],
    ["Компанія впроваджує штучний інтелект", "ai"],
    ["Ransomware stops Norvale for two days", "cybersecurity"],
    ["Кібератака зупинила завод", "cybersecurity"],
    ["Norvale starts a cost reduction programme with layoffs", "cost_cutting"],
    ["Norvale kündigt Stellenabbau an", "cost_cutting"],
    ["Engpässe in der Lieferkette", "supply_chain"],
    ["Норвейл будує новий ланцюг постачання", "supply_chain"],
    ["Norvale wants to be net zero by 2035", "sustainability"],
    ["Norvale plans expansion into Poland", "international_expansion"],
    ["Norvale buys instant payment provider", "payments"],
    ["R&D spending rises at Norvale", "research"],
    ["Norvale moves its headquarters", "real_estate"],
    ["Senior Data Engineer", "data_platform"],
    ["Norvale replaces its ERP system", "erp_crm"],
    ["Norvale completes its merger with Calder", "merger_integration"],
  ])("are told by the title: %s", (title, theme) => {
    expect(findThemes({ title, text: "" })).toContain(theme);
  });

  test("need more than one plain word of the text, or one that says it alone", () => {
    const of = (text: string) => findThemes({ title: "Norvale", text });
    expect(of("A supplier came.")).toEqual([]);
    expect(of("A supplier came. The freight was in the warehouse.")).toEqual([
      "supply_chain",
    ]);
    expect(of("It sees risks in its supply chain.")).toEqual(["supply_chain"]);
  });

  test("are not told by words that merely begin alike, nor by one word said again and again", () => {
    const text = "Aim high, said Aida. Sapphire kills. Unions of sets. ";
    expect(findThemes({ title: text, text })).toEqual([]);
    expect(findThemes({ title: "", text: "supplier ".repeat(50) })).toEqual([]);
  });

  test("come strongest first, ten at most, each once", () => {
    const text =
      "Cloud migration, machine learning and ransomware; layoffs; payments; solar power; gdpr; merger; headquarters; manufacturing; automation; hiring; pricing; supply chain.";
    const themes = findThemes({ title: "Ransomware at Norvale", text });
    expect(themes).toHaveLength(mostThemes);
    expect(themes[0]).toBe("cybersecurity");
    expect(new Set(themes).size).toBe(mostThemes);
    for (const theme of themes) expect(Theme.options).toContain(theme);
  });

  test("are those of the first 20,000 characters", () => {
    const of = (words: number) =>
      findThemes({ title: "", text: `${"word ".repeat(words)}ransomware` });
    expect(of(3000)).toEqual(["cybersecurity"]);
    expect(of(4000)).toEqual([]);
  });
});
