import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  Evidence,
  type Fault,
  findFault,
  type FoundClaim,
  isReceiptFor,
  toReceipt,
} from "../../../../functions/src/domain/cards/claims.ts";
import { sha256 } from "../../../../functions/src/domain/kernel/hash.ts";
import { aCard, now } from "./aCard.ts";

/** Sentences in the manner of filings, newswires and postings, with what trips a naive reader of them. */
const sentences = [
  "On March 8, 2026, Peggy Alford notified Meta Platforms, Inc. of her decision to resign as a member of the Board of Directors.",
  "NVIDIA reported revenue for the first quarter ended April 27, 2025, of $44.1 billion, up 12% from the previous quarter and up 69% from a year ago.",
  "The U.S. government informed the company on April 9, 2025 that a license is required for exports of its H20 products into China.",
  "“We expect to hire 250 engineers in Dublin by Q3,” said Mary O’Brien-Smith, Acme’s chief people officer.",
  "AT&T and T-Mobile US agreed to pay $1.2 billion, or €1.1bn, over 10 years.",
  "Amplitude does not expect the acquisition of Kraftful to have a material impact on its 2025 results.",
  "Jean-Luc Picard, 59, will succeed Dr. Beverly Crusher as CFO effective Jan. 1, 2027.",
  "Net loss was $(3.4) million, compared with net income of $0.7 million in the prior-year period.",
  "The Company’s Form 8-K, filed 2026-03-12, includes Items 5.02 and 9.01.",
  "iPhone sales at Apple Inc. fell 4.5 percent; eBay's rose 0.3%.",
  "McDonald's franchisees in St. Louis never signed the agreement dated 12/31/2024.",
  "Senior Software Engineer (Remote, EMEA) – salary €85,000 to €110,000 a year.",
  "L’Oréal won't renew the contract with WPP plc, which expires on 30 June 2026.",
  "Revenue in Québec grew by 17.5 %, to C$42 million, said François Müller of Zürich.",
  "Shares of 3M closed at $131.07 on Tuesday, down 2.25 points.",
  "The board of Deutsche Bank AG approved a buyback of up to two million shares.",
  "Visit www.Apple.com or .NET documentation for more. It's free until 5:30 p.m. EST.",
  "TESLA'S BERLIN PLANT CUTS 3,000 JOBS",
  "Neither Boeing nor Airbus commented on the Feb. 14 report 🚀 about 777X delays.",
  "Выручка Яндекса выросла на 34% до 268 млрд рублей в 2024 году.",
  "英伟达公布2025财年第一季度营收为441亿美元。",
  "أعلنت شركة أرامكو عن أرباح بقيمة 98 مليار ريال في 2025.",
  "トヨタ自動車は2026年3月期の純利益が4兆円になると発表した。",
  "Η Εθνική Τράπεζα ανακοίνωσε κέρδη 1,2 δισ. ευρώ για το 2025.",
];

const claimOf = (text: string): FoundClaim => ({
  kind: "FOUND",
  id: "c",
  text,
  evidenceId: "e",
});
const at = (quote: string, start = 0) => ({
  start,
  end: start + quote.length,
  quote,
});
const against = (text: string, quote: string): Fault | null =>
  findFault(claimOf(text), at(quote), quote);

interface Mutant {
  readonly of: string;
  readonly text: string;
}

const seed = 20261120;
const names = [
  "Oracle",
  "Siemens",
  "Hannah",
  "Kowalski",
  "Lisbon",
  "Zenith",
  "McKinley",
  "Nakamura",
  "Øresund",
  "IBM",
];
const replaced = (text: string, match: RegExpExecArray, by: string) =>
  text.slice(0, match.index) + by + text.slice(match.index + match[0].length);

/** Draws `count` changes: `change` gets a sentence and numbers from 0 to 1 to choose by, and gives null where it has nothing to change. */
function mutants(
  count: number,
  change: (sentence: string, a: number, b: number) => string | null,
): readonly Mutant[] {
  const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  return fc
    .sample(fc.tuple(fc.constantFrom(...sentences), unit, unit), {
      numRuns: 40 * count,
      seed,
    })
    .flatMap(([of, a, b]) => {
      const text = change(of, a, b);
      return text === null || text === of ? [] : [{ of, text }];
    })
    .slice(0, count);
}

function pick<T>(list: readonly T[], by: number): T | undefined {
  return list[Math.floor(by * list.length)];
}

function changedAt(pattern: RegExp, by: (found: string, b: number) => string) {
  return (sentence: string, a: number, b: number) => {
    const match = pick([...sentence.matchAll(pattern)], a);
    return match === undefined
      ? null
      : replaced(sentence, match, by(match[0], b));
  };
}

const digit = changedAt(/\p{Nd}/gu, (found, b) =>
  String((Number(found) + 1 + Math.floor(9 * b)) % 10),
);
const name = changedAt(
  /(?<![\p{L}.])\p{Lu}\p{Ll}{2,}(?![\p{L}.])/gu,
  (found, b) => {
    const others = names.filter((other) => other !== found);
    return pick(others, b) ?? found;
  },
);
const letterOfName = changedAt(/(?<=\p{Lu})\p{Ll}/gu, (found) =>
  found === "q" ? "w" : "q",
);
const amount = changedAt(
  /(?<=\d )(?:billion|million)|(?<=\d)bn|[$€]/gu,
  (found) =>
    found === "$"
      ? "£"
      : found === "€"
        ? "$"
        : found === "million"
          ? "billion"
          : "million",
);
const date = changedAt(
  /\b(?:January|March|April|June|Jan|Feb|Tuesday)\b/gu,
  (_, b) => pick(["May", "October", "Sept", "Friday"], b) ?? "",
);
const insertNegation = (sentence: string, a: number) => {
  const gap = pick(
    [...sentence.matchAll(/(?<=\p{Script=Latin}) (?=\p{Script=Latin})/gu)],
    a,
  );
  return gap === undefined ? null : replaced(sentence, gap, " not ");
};
const dropNegation = changedAt(
  / (?:not|never)\b|(?<=wo)n't|\b[Nn]either\b|\bnor\b/gu,
  () => "",
);

function caught(list: readonly Mutant[]): {
  readonly share: number;
  readonly missed: readonly Mutant[];
} {
  const missed = list.filter(({ of, text }) => against(text, of) === null);
  return { share: 1 - missed.length / list.length, missed };
}

describe("a claim that was altered", () => {
  for (const [what, change, count] of [
    ["a digit", digit, 600],
    ["a name", name, 400],
    ["a letter of a name", letterOfName, 300],
    ["an amount's unit or currency", amount, 200],
    ["a month or weekday", date, 200],
  ] as const) {
    it(`is caught when ${what} was changed`, () => {
      const list = mutants(count, change);
      const { share, missed } = caught(list);
      console.log(
        `${list.length} claims with ${what} changed: ${(100 * share).toFixed(2)} % caught`,
      );
      expect(list).toHaveLength(count);
      expect(share, JSON.stringify(missed.slice(0, 5))).toBeGreaterThanOrEqual(
        0.99,
      );
    });
  }

  it("is caught when a negation was put in or left out", () => {
    for (const [what, change, count] of [
      ["inserted", insertNegation, 300],
      ["dropped", dropNegation, 100],
    ] as const) {
      const list = mutants(count, change);
      const { share } = caught(list);
      console.log(
        `${list.length} claims with a negation ${what}: ${(100 * share).toFixed(2)} % caught`,
      );
      expect(list).toHaveLength(count);
      expect(share).toBeGreaterThanOrEqual(0.95);
    }
  });

  it("may be one in which two names of the quote changed places: measured, not promised", () => {
    const list = mutants(200, (sentence, a, b) => {
      const found = [
        ...sentence.matchAll(/(?<![\p{L}.])\p{Lu}\p{Ll}{2,}(?![\p{L}.])/gu),
      ];
      const [one, two] = [pick(found, a), pick(found, b)];
      if (one === undefined || two === undefined || one.index >= two.index)
        return null;
      return replaced(replaced(sentence, two, one[0]), one, two[0]);
    });
    console.log(
      `${list.length} claims with two names swapped: ${(100 * caught(list).share).toFixed(2)} % caught`,
    );
    expect(list).toHaveLength(200);
  });

  it.each<[string, string, Fault]>([
    ["It paid $1.2 million.", "It paid $1.2 billion.", "number-not-in-quote"],
    ["It paid $5.", "It paid 5 and then €5.", "number-not-in-quote"],
    ["It grew 5%.", "It grew -5%.", "number-not-in-quote"],
    [
      "It lost $(3.4) billion.",
      "It lost $(3.4) million.",
      "number-not-in-quote",
    ],
    [
      "They left within 10 months.",
      "They left within 10 days.",
      "number-not-in-quote",
    ],
    ["It sold three plants.", "It sold two plants.", "number-not-in-quote"],
    ["It has 5m users.", "It has 5k users.", "number-not-in-quote"],
    ["From 8 to 8.", "From 8 to 9.", "number-not-in-quote"],
    [
      "The Jean-Marc report",
      "The Jean-Luc report of Marcel",
      "name-not-in-quote",
    ],
    [
      "It bought xPhone makers.",
      "It bought iPhone makers.",
      "name-not-in-quote",
    ],
    ["谷歌公布营收。", "英伟达公布营收。", "name-not-in-quote"],
    ["شركة أرامكو", "شركة سابك", "name-not-in-quote"],
    ["They cannot pay.", "They can pay.", "negation-differs"],
    ["Der Vertrag endet.", "Der Vertrag endet nicht.", "negation-differs"],
  ])("%s ← %s: %s", (text, quote, fault) => {
    expect(against(text, quote)).toBe(fault);
  });
});

describe("a claim that stands", () => {
  it.each(sentences)("verbatim: %s", (sentence) => {
    expect(against(sentence, sentence)).toBeNull();
  });

  it("is any text that is its own quote", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
      fc.string({ unit: "binary", minLength: 1, maxLength: 60 }),
      fc
        .array(
          fc.constantFrom(
            "'S",
            ".",
            "-",
            "'",
            "’",
            "&",
            "A",
            "b",
            "3",
            "$",
            "%",
            " ",
            "İ",
            "ß",
            "ǅ",
            "が",
            "n't",
            "\n",
            "two",
          ),
          { minLength: 1 },
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (quote) => {
        fc.pre(quote.trim() !== "");
        expect(against(quote, quote)).toBeNull();
      }),
      { numRuns: 3000 },
    );
  });

  it("is any one sentence of a quote of two, where neither negates", () => {
    const plain = sentences.filter(
      (sentence) =>
        against(`not ${sentence}`, `x ${sentence}`) === "negation-differs",
    );
    const positive = plain.filter(
      (s) => !/\b(?:not|never|neither|nor)\b|n't/iu.test(s),
    );
    expect(positive.length).toBeGreaterThan(10);
    for (const first of positive)
      for (const second of positive) {
        expect(against(first, `${first} ${second}`), first).toBeNull();
        expect(against(second, `${first} ${second}`), second).toBeNull();
      }
  });

  it.each([
    ["It raised $1.2bn.", "Acme says: It raised $1.2 billion."],
    ["McDonald's grew", "McDonald’s grew"],
    ["The NVIDIA-backed lab", "the lab, backed by NVIDIA"],
    ["Apple's plan", "the plan of Apple"],
    ["A rise of 5 percent", "a rise of 5%"],
    ["A 10-day notice", "a notice of 10 days"],
    ["TESLA'S JOBS", "JOBS at TESLA"],
    ["They won't pay $1.2B", "They won’t pay $1.2 billion"],
    ["Zoe\u0308 left.", "Zoë left."],
  ])("is told in other typography: %s ← %s", (text, quote) => {
    expect(against(text, quote)).toBeNull();
  });
});

describe("a quote", () => {
  const quote = sentences[0] ?? "";
  const snapshot = `Item 5.02 🚀 ${quote} Signature.`;
  const start = snapshot.indexOf(quote);

  it("stands where the snapshot has it, in UTF-16 units", () => {
    expect(findFault(claimOf(quote), at(quote, start), snapshot)).toBeNull();
  });

  it("is refused at every other offset", () => {
    for (let wrong = -snapshot.length; wrong <= snapshot.length; wrong++) {
      if (wrong === start) continue;
      expect(
        findFault(claimOf(quote), at(quote, wrong), snapshot),
        String(wrong),
      ).toBe("quote-not-in-snapshot");
    }
  });

  it("is refused with another end, other case, other spaces, or against another snapshot", () => {
    const fault = (
      evidence: { start: number; end: number; quote: string },
      text = snapshot,
    ) => findFault(claimOf(quote), evidence, text);
    expect(fault({ ...at(quote, start), end: start + quote.length + 1 })).toBe(
      "quote-not-in-snapshot",
    );
    expect(fault(at(quote.toLowerCase(), start))).toBe("quote-not-in-snapshot");
    expect(fault(at(quote.replace(" ", "\u00a0"), start))).toBe(
      "quote-not-in-snapshot",
    );
    expect(fault(at(quote, start), snapshot.replace("8", "9"))).toBe(
      "quote-not-in-snapshot",
    );
  });

  it("is refused where it is empty or counted from the end", () => {
    expect(
      findFault(
        claimOf("all is well"),
        { start: 0, end: 0, quote: "" },
        snapshot,
      ),
    ).toBe("quote-not-in-snapshot");
    expect(
      findFault(
        claimOf("all is well"),
        { start: 4, end: 5, quote: " " },
        snapshot,
      ),
    ).toBe("quote-not-in-snapshot");
    expect(
      findFault(
        claimOf("Signature"),
        { start: -10, end: -1, quote: "Signature" },
        snapshot,
      ),
    ).toBe("quote-not-in-snapshot");
  });

  it("is missing where there is none", () => {
    expect(findFault(claimOf(quote), undefined, snapshot)).toBe(
      "evidence-missing",
    );
  });
});

describe("stored evidence", () => {
  const quote = "Peggy Alford resigns.";
  const evidence = {
    schemaVersion: 1,
    createdAt: now,
    updatedAt: now,
    signalId: "s",
    snapshotId: "a".repeat(64),
    start: 3,
    end: 3 + quote.length,
    quote,
    quoteHash: sha256(quote),
    url: null,
    title: "8-K",
    publisher: "SEC",
    publishedAt: now,
    fetchedAt: now,
    licence: "public domain",
    language: "en",
  };

  it("is refused when the quote is not the one of its hash or its length not that of its offsets", () => {
    expect(Evidence.safeParse(evidence).success).toBe(true);
    expect(
      Evidence.safeParse({ ...evidence, quote: "Peggy Alford resignt." })
        .success,
    ).toBe(false);
    expect(
      Evidence.safeParse({ ...evidence, end: evidence.end + 1 }).success,
    ).toBe(false);
  });
});

describe("a receipt", () => {
  const { claims, evidence, receipt } = aCard();
  it("is of these claims and quotes and of the verifier's version in front of it", () => {
    expect(receipt).toMatch(/^2\.[0-9a-f]{64}$/u);
    expect(isReceiptFor(receipt, claims, evidence)).toBe(true);
    expect(
      isReceiptFor(toReceipt(claims, evidence, "7"), claims, evidence),
    ).toBe(true);
    expect(isReceiptFor(receipt.replace(/^2/u, "3"), claims, evidence)).toBe(
      false,
    );
    expect(isReceiptFor(receipt.slice(2), claims, evidence)).toBe(false);
    expect(isReceiptFor(receipt, claims.toReversed(), evidence)).toBe(false);
  });
});
