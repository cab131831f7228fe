import { describe, expect, it } from "vitest";
import { Annotations } from "../../functions/src/domain/signals/annotations.ts";
import { annotator } from "../../functions/src/adapters/text/entities/annotator.ts";

const { annotate } = annotator();
const publishedAt = new Date("2026-03-10T00:00:00Z");

function said(
  text: string,
  language = "en",
  own: readonly string[] = [],
): Promise<Annotations> {
  return annotate({ text, language, publishedAt, own });
}

/** A sentence as news and filings have them, with all that is to be found in it; companies and people are made up. */
interface Marked {
  readonly language: string;
  readonly text: string;
  readonly people?: readonly string[];
  readonly companies?: readonly string[];
  readonly amounts?: readonly string[];
  readonly dates?: readonly string[];
}

const marked: readonly Marked[] = [
  {
    language: "en",
    text: "Norvale Energy Inc. said on Tuesday that Ingrid Sahl, its chief financial officer, will step down on June 30, 2026.",
    people: ["Ingrid Sahl"],
    companies: ["Norvale Energy Inc."],
    dates: ["2026-06-30"],
  },
  {
    language: "en",
    text: "The board appointed Tomasz Wilk as chief executive officer, effective April 1, succeeding Maria Delgado.",
    people: ["Tomasz Wilk", "Maria Delgado"],
    dates: ["2026-04-01"],
  },
  {
    language: "en",
    text: "Harrow Logistics agreed to acquire BrightQuay, a developer of port software, for $4.2 billion in cash.",
    companies: ["Harrow Logistics", "BrightQuay"],
    amounts: ["USD 4200000000"],
  },
  {
    language: "en",
    text: "Revenue rose 12% to €300m in the third quarter of 2026, while costs fell by 40,000 pounds of steel.",
    amounts: ["EUR 300000000"],
    dates: ["2026-Q3"],
  },
  {
    language: "en",
    text: "On March 4, 2026, Calder Systems, Inc. (the “Company”) entered into a credit agreement with Pinehurst Bank for up to $750,000,000.",
    companies: ["Calder Systems, Inc.", "Pinehurst Bank"],
    amounts: ["USD 750000000"],
    dates: ["2026-03-04"],
  },
  {
    language: "en",
    text: "“We are not done,” said Priya Natarajan, head of data at Ostrava Labs, which raised $35 million to $40 million last week.",
    people: ["Priya Natarajan"],
    companies: ["Ostrava Labs"],
    amounts: ["USD 35000000", "USD 40000000"],
  },
  {
    language: "en",
    text: "Chief Executive Jonas Lindqvist told analysts that fiscal 2027 guidance stays at 1.2bn pounds.",
    people: ["Jonas Lindqvist"],
    amounts: ["GBP 1200000000"],
    dates: ["FY2027"],
  },
  {
    language: "en",
    text: "Microsoft and Goldman Sachs will open a joint office in New York in September, the United States filing says.",
    companies: ["Microsoft", "Goldman Sachs"],
  },
  {
    language: "en",
    text: "Shares of Veltrix (NASDAQ: VLTX) fell 8% after Dr. Amara Okafor resigned from the Board of Directors.",
    people: ["Amara Okafor"],
    companies: ["Veltrix"],
  },
  {
    language: "en",
    text: "Tolland Rail Holdings Ltd will pay £1.5 million, or 3 per cent of its budget, between May 4 and May 9, 2027.",
    companies: ["Tolland Rail Holdings Ltd"],
    amounts: ["GBP 1500000"],
    dates: ["2027-05-04", "2027-05-09"],
  },
  {
    language: "en",
    text: "The merger with Quillon Therapeutics may 10 times the pipeline; Mr. Harlow declined to comment on 03/04/2026.",
    people: ["Harlow"],
    companies: ["Quillon Therapeutics"],
  },
  {
    language: "en",
    text: "Senior Data Engineer at Fernhill Software: you build our platform in Berlin and report to Anna Kowalska, VP of Engineering.",
    people: ["Anna Kowalska"],
    companies: ["Fernhill Software"],
  },
  {
    language: "en",
    text: "Net sales were US$ 1,234.5 thousand in Q1 FY26 against CHF 980k a year earlier.",
    amounts: ["USD 1234500", "CHF 980000"],
    dates: ["FY2026-Q1"],
  },
  {
    language: "en",
    text: "J. P. Marlowe joins Brightwater Partners LLC as managing director; Rita Moreno-Vance stays on as chair.",
    people: ["J. P. Marlowe", "Rita Moreno-Vance"],
    companies: ["Brightwater Partners LLC"],
  },
  {
    language: "de",
    text: "Die Nordlicht AG beruft Jens Huber zum Finanzvorstand; der Vertrag läuft ab 1. Oktober 2026.",
    people: ["Jens Huber"],
    companies: ["Nordlicht AG"],
    dates: ["2026-10-01"],
  },
  {
    language: "de",
    text: "Der Umsatz der Weber Maschinenbau GmbH & Co. KG stieg auf 12,5 Mio. Euro, der Verlust betrug USD 1.250.000.",
    companies: ["Weber Maschinenbau GmbH & Co. KG"],
    amounts: ["EUR 12500000", "USD 1250000"],
  },
  {
    language: "de",
    text: "Vorstandschefin Katrin Albers sagte am 31.12.2025, der Zulieferer Rheintal Guss SE investiere 2,4 Milliarden Euro.",
    people: ["Katrin Albers"],
    companies: ["Rheintal Guss SE"],
    amounts: ["EUR 2400000000"],
    dates: ["2025-12-31"],
  },
  {
    language: "fr",
    text: "Camille Renard, directrice générale de Lumenor S.A., annonce un investissement de 45 millions d'euros le 3 mars 2026.",
    people: ["Camille Renard"],
    companies: ["Lumenor S.A."],
    amounts: ["EUR 45000000"],
    dates: ["2026-03-03"],
  },
  {
    language: "es",
    text: "Lucía Herrera, consejera delegada de Alborada Foods S.L., prevé ventas de 1.200 millones de euros el 15 de mayo de 2026.",
    people: ["Lucía Herrera"],
    companies: ["Alborada Foods S.L."],
    amounts: ["EUR 1200000000"],
    dates: ["2026-05-15"],
  },
  {
    language: "it",
    text: "Marco Bellandi, amministratore delegato di Ferrante Acciai S.p.A., ha firmato il 1° ottobre 2026 un accordo da 80 milioni di euro.",
    people: ["Marco Bellandi"],
    companies: ["Ferrante Acciai S.p.A."],
    amounts: ["EUR 80000000"],
    dates: ["2026-10-01"],
  },
  {
    language: "uk",
    text: "Генеральний директор ТОВ «Світанок Агро» Олена Кравчук повідомила, що 3 березня 2026 року компанія залучила 15 млн доларів.",
    people: ["Олена Кравчук"],
    companies: ["ТОВ «Світанок Агро»"],
    amounts: ["USD 15000000"],
    dates: ["2026-03-03"],
  },
  {
    language: "uk",
    text: "Компанія «Дніпротех» призначила Андрія Мельника фінансовим директором; бюджет становить 2,5 млрд грн.",
    people: ["Андрія Мельника"],
    companies: ["Дніпротех"],
    amounts: ["UAH 2500000000"],
  },
  {
    language: "ru",
    text: "ООО «Северный порт» вложит 300 млн рублей до 1 октября 2026 года, сообщил генеральный директор Пётр Лосев.",
    people: ["Пётр Лосев"],
    companies: ["ООО «Северный порт»"],
    amounts: ["RUB 300000000"],
    dates: ["2026-10-01"],
  },
  {
    language: "nl",
    text: "Bestuursvoorzitter Pieter van Dalen van Waterkant N.V. verwacht op 3 maart 2026 een winst van € 4,5 miljoen.",
    people: ["Pieter van Dalen"],
    companies: ["Waterkant N.V."],
    amounts: ["EUR 4500000"],
    dates: ["2026-03-03"],
  },
  {
    language: "en",
    text: "Data Protection Officer training and Human Resources policies are updated in the Annual Report under Section 302.",
  },
  {
    language: "en",
    text: "We hired 120 people, opened 3 sites in Western Europe and cut energy use by 15 percent.",
  },
];

describe("what a text names", () => {
  it("is found in news and filings, little else with it, in several languages", async () => {
    const kinds = ["people", "companies", "amounts", "dates"] as const;
    const faults: string[] = [];
    const counts = Object.fromEntries(
      kinds.map((kind) => [kind, { right: 0, wanted: 0, found: 0 }]),
    );
    for (const sentence of marked) {
      const found = await said(sentence.text, sentence.language);
      for (const kind of kinds) {
        const have = keysOf(found)[kind];
        const want = sentence[kind] ?? [];
        const right = want.filter((one) => have.includes(one)).length;
        const count = counts[kind];
        if (count === undefined) continue;
        count.right += right;
        count.wanted += want.length;
        count.found += have.length;
        if (right < want.length || have.length > right)
          faults.push(
            `${kind}: ${have.join(" | ")} for ${want.join(" | ")} in ${sentence.text}`,
          );
      }
    }
    for (const [kind, { right, wanted, found }] of Object.entries(counts)) {
      const about = `${kind}: ${right} of ${wanted}, ${found} found\n${faults.join("\n")}`;
      expect(wanted, about).toBeGreaterThanOrEqual(15);
      expect(right / wanted, about).toBeGreaterThanOrEqual(0.85);
      expect(right / found, about).toBeGreaterThanOrEqual(0.85);
    }
  });

  it("stands where it says, once, in order of first mention, and fits what is kept of a signal", async () => {
    for (const { text, language } of marked) {
      const found = Annotations.parse(await said(`${text} ${text}`, language));
      for (const { name, start } of [...found.people, ...found.companies])
        expect(text.slice(start, start + name.length)).toBe(name);
      for (const { text: words, start } of [...found.amounts, ...found.dates])
        expect(text.slice(start, start + words.length)).toBe(words);
      for (const kind of Object.values(found)) {
        const starts = kind.map(({ start }) => start);
        expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      }
      const keys = Object.values(keysOf(found));
      for (const kind of keys) expect(new Set(kind).size).toBe(kind.length);
    }
  });

  it.each([
    ["Jane Roe, 52, chief executive of Norvale, spoke.", "chief executive"],
    [
      "Jane Roe was named interim chief financial officer.",
      "chief financial officer",
    ],
    ["Norvale Energy CEO Jane Roe spoke.", "CEO"],
    [
      "Its vice president of sales, Jane Roe, spoke.",
      "vice president of sales",
    ],
    ["Jane Roe spoke.", null],
  ])(
    "comes with the role that the text gives a person: %s",
    async (text, role) => {
      expect(await said(text)).toMatchObject({
        people: [{ name: "Jane Roe", role }],
      });
    },
  );

  it("has the account's own names wherever they stand, as one company under its first", async () => {
    const text =
      "what target (also Target Corp) sells; Target Corporation and Bullseye Stores pay";
    const own = ["Target", "Bullseye Stores"];
    const { companies } = await said(text, "xx", own);
    expect(companies.map(({ name }) => name)).toEqual(["Target"]);
    expect((await said("a target market", "xx", own)).companies).toEqual([]);
  });

  it.each([
    ["en", "$1,234", 1234],
    ["en", "$1.234 billion", 1_234_000_000],
    ["en", "$1.50", 1.5],
    ["de", "1.234 Euro", 1234],
    ["de", "1.234,56 Euro", 1234.56],
    ["de", "2 Billionen Euro", 2e12],
    ["fr", "1 234 567 euros", 1_234_567],
    ["en", "US$5m", 5_000_000],
    ["en", "CHF 1'250.40", 1250.4],
  ])(
    "reads the numbers of a language, %s: %s",
    async (language, text, value) => {
      const { amounts } = await said(`So ${text}.`, language);
      expect(amounts).toMatchObject([{ value }]);
    },
  );

  it("has both ends of a range, each counted in what the range is", async () => {
    const { amounts } = await said("It will cost $4–5 billion.");
    expect(amounts).toMatchObject([
      { text: "$4–5 billion", value: 4e9 },
      { text: "$4–5 billion", value: 5e9 },
    ]);
  });

  it.each([
    "12% of it",
    "5 million people",
    "2 million pounds of steel",
    "a man of 243 pounds",
    "A$AP wrote it",
    "version 1.2.3",
  ])("holds no sum where none is named: %s", async (text) => {
    expect((await said(text)).amounts).toEqual([]);
  });

  it("has the day nearest to its publication where the year is not said, and none where that is not known or far", async () => {
    const text =
      "It closes on April 1 and was signed December 20; 3 weeks ago, on 03/04/2026, we may 10 times.";
    const dates = (found: Annotations) => found.dates.map(({ date }) => date);
    expect(dates(await said(text))).toEqual(["2026-04-01", "2025-12-20"]);
    const undated = { text, language: "en", publishedAt: null, own: [] };
    expect(dates(await annotate(undated))).toEqual([]);
    expect(dates(await said("It was on August 20."))).toEqual([]);
  });

  it("is at most 20 of a kind, of the first 20,000 characters", async () => {
    const many = Array.from(
      { length: 30 },
      (_, n) => `We paid $${n + 1} million.`,
    );
    expect((await said(many.join(" "))).amounts).toHaveLength(20);
    const late = `${"word ".repeat(4000)}We paid $5 million to Norvale Inc.`;
    expect(await said(late)).toMatchObject({ amounts: [], companies: [] });
  });

  it.each([
    "Jane Roe, ",
    "A. ",
    "Acme & ",
    "van ",
    "1,000 ",
    "$1 ",
    "1.",
    "12/12/",
    "Q1 ",
    "ТОВ «",
    "chief executive officer of ",
    "co-",
    "Mr. ",
    "a.b",
    "first quarter of ",
    "January 1 ",
    "$1-",
    "Inc. ",
  ])("takes time linear in the text, whatever it repeats: %s", async (part) => {
    // Beyond 20,000 characters nothing is looked at, hence below.
    const text = (length: number) => part.repeat(length / part.length);
    const ms = async (of: string) => {
      const before = process.cpuUsage();
      await said(of);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    const best = async (of: string) => {
      const runs = [];
      for (let n = 0; n < 3; n++) runs.push(await ms(of));
      return Math.max(30, Math.min(...runs));
    };
    const [short, long] = [await best(text(5_000)), await best(text(20_000))];
    expect(long / short).toBeLessThan(9);
  });
});

function keysOf({ people, companies, amounts, dates }: Annotations) {
  return {
    people: people.map(({ name }) => name),
    companies: companies.map(({ name }) => name),
    amounts: amounts.map(({ value, currency }) => `${currency} ${value}`),
    dates: dates.map(({ date }) => date),
  };
}
