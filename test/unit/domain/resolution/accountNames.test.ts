import { describe, expect, it } from "vitest";
import { normalName } from "../../../../functions/src/domain/resolution/accountNames.ts";
import {
  firstWords,
  namesIn,
} from "../../../../functions/src/domain/resolution/namesInText.ts";

describe("a company's name", () => {
  it.each([
    ["Globex Inc.", "globex"],
    ["GLOBEX, Incorporated", "globex"],
    ["Globex Corp", "globex"],
    ["Globex Holdings Ltd.", "globex holdings"],
    ["The Globex Company", "globex"],
    ["Globex L.L.C.", "globex"],
    ["Globex GmbH & Co. KG", "globex"],
    ["Globex SE & Co. KGaA", "globex"],
    ["Globex AG", "globex"],
    ["Globex S.p.A.", "globex"],
    ["Globex SpA", "globex"],
    ["Globex S.A.S.", "globex"],
    ["Globex B.V.", "globex"],
    ["Globex Sp. z o.o.", "globex"],
    ["Globex s.r.o.", "globex"],
    ["Globex Pty Ltd", "globex"],
    ["Globex A/S", "globex"],
    ["Globex Oyj", "globex"],
    ["ТОВ «Глобекс»", "глобекс"],
    ["Товариство з обмеженою відповідальністю «Глобекс Київ»", "глобекс київ"],
    ["ООО Глобекс", "глобекс"],
    ["株式会社グロベックス", "グロベックス"],
    ["环球有限公司", "环球"],
    ["Ｇｌｏｂｅｘ　Ｉｎｃ", "globex"],
    ["Société Générale S.A.", "societe generale"],
    ["Johnson & Johnson", "johnson and johnson"],
    ["AT&T Inc.", "at and t"],
    ["Hooli   &  Söhne", "hooli and sohne"],
    ["Lowe's Companies, Inc.", "lowes companies"],
    ["J.P. Morgan", "j p morgan"],
    ["Київ-Їжа", "київ їжа"],
  ])("%s is known as %s", (name, known) => {
    expect(normalName(name)).toBe(known);
  });

  it("is never only its legal form, nor anything where nothing of it is a letter", () => {
    expect(normalName("Limited")).toBe("limited");
    expect(normalName("SE AG")).toBe("se");
    expect(normalName("ТОВ")).toBe("тов");
    expect(normalName("?!")).toBe("");
  });
});

describe("the names in a text", () => {
  const names = (text: string) => [
    ...new Set(namesIn(text).map(({ name }) => name)),
  ];

  it("are runs of capitalised words, each with what it is made of", () => {
    expect(names("yesterday Globex Labs opened in Vienna")).toEqual([
      "globex",
      "globex labs",
      "labs",
      "vienna",
    ]);
    const [first] = namesIn("the firm Globex Labs grew");
    expect(first).toEqual({ name: "globex", start: 9, end: 15, whole: false });
  });

  it("end with a sentence, a comma or a word in small letters, but not with an abbreviation", () => {
    const found = names("It went to Globex. Initech, Umbrella and J.P. Morgan");
    expect(found).toContain("globex");
    expect(found).toContain("j p morgan");
    expect(names("at St. Gallen today")).toContain("st gallen");
    expect(found).not.toContain("globex initech");
    expect(found).not.toContain("initech umbrella");
    expect(names("Globex was sold. Hooli bought it")).toEqual([
      "globex",
      "hooli",
    ]);
  });

  it("hold small words within, signs, possessives and forms", () => {
    expect(names("at Bank of America today")).toContain("bank of america");
    expect(names("at Johnson & Johnson today")).toContain(
      "johnson and johnson",
    );
    expect(names("AT&T's plan")).toContain("at and t");
    expect(names("Globex’s plan")).toEqual(["globex", "globexs"]);
    expect(names("eBay and 3M spoke")).toEqual(
      expect.arrayContaining(["ebay", "3m"]),
    );
    expect(names("by Globex Corporation today")).toContain("globex");
    expect(names("компанія Глобекс Київ зростає")).toContain("глобекс київ");
    expect(names("東京で株式会社グロベックスは")).toContain("グロベックス");
  });

  it("are neither years nor days nor the words that sentences begin with", () => {
    expect(names("The 2026 plan. On Monday it is. In March we go.")).toEqual(
      [],
    );
  });

  it("are looked for among the first words", () => {
    expect(firstWords("one two  three four", 2)).toBe("one two  ");
    expect(firstWords("one", 2)).toBe("one");
  });
});
