import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { redactor } from "../../functions/src/adapters/text/redaction/redactor.ts";
import { growth } from "../support/growth.ts";

const recordingsDir = resolve(
  process.env["RECORDINGS_DIR"] ?? "../shared/data",
);
const recorded = existsSync(recordingsDir);
if (!recorded)
  console.log(`redaction is not measured: ${recordingsDir} is absent`);

const { redact } = redactor();

describe("an e-mail address", () => {
  test.each([
    "jo@example.com",
    "Jo.Ann+news@mail.example.co.uk",
    "o'hara_99@sub-domain.example.museum",
    "müller@käse.example",
    "a@b.io",
    "jo [at] example [dot] com",
    "jo(at)example.com",
    "jo＠example.com",
  ])("is replaced: %s", (address) => {
    for (const around of [
      `${address}`,
      `Write to <${address}>.`,
      `mailto:${address}?subject=x`,
      `"${address}", (${address})`,
      `x;${address};y`,
    ]) {
      const redacted = redact(around);
      expect(redacted).toContain("[email]");
      expect(redacted).not.toContain(address);
    }
    expect(redact(`Ask ${address}, please.`)).toBe("Ask [email], please.");
  });

  test.each([
    "@handle",
    "5 @ $3",
    "me@localhost",
    "a @ b.com",
    "v1@2",
    "@example.com",
    "look [at] that",
    "(at) 5.30 p.m.",
  ])("is not seen in %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe("a phone number", () => {
  test.each([
    "(650) 543-4800",
    "(408)486-2000",
    "650-543-4800",
    "650.543.4800",
    "1-800-555-0199",
    "+1 650 543 4800",
    "+1-604-696-5272x565",
    "+44 20 7946 0018",
    "+44 (0)20 7946 0018",
    "+49 89 12345678",
    "+447700900677",
    "001-518-640-0854",
    "01 84 17 61 18",
    "0494 92 82 32",
    "089 / 1234567",
    "(212) 555-0148 ext. 12",
  ])("is replaced wherever it stands: %s", (number) => {
    expect(redact(`Reuters ${number} said.`)).toBe("Reuters [phone] said.");
    expect(redact(number)).toBe("[phone]");
  });

  test.each([
    "Phone: 467 3395",
    "Tel. 12 34 56 78",
    "Fax: 9498777106",
    "please call 781 1704",
    "reach me at 60-56-85-91",
    "Mobile number: 0961-7596216",
    "416 60 039 office",
    "call 781 1704 or 467 3395",
    "Fax: 9498777106 or 467 3395, 467 3396",
    "Tel. 089-123456",
  ])(
    "without a form of its own is replaced beside a word that says so: %s",
    (text) => {
      expect(redact(text)).toContain("[phone]");
      expect(redact(text)).not.toMatch(/\d/);
    },
  );

  test.each([
    "Commission File Number 001-35551, 0-23985 and 333-123456",
    "IRS Employer Identification No. 94-3177549 (telephone below)",
    "accession 0001628280-25-058337",
    "CIK 0001326801 of call 0001045810",
    "Form D file number 021-326166",
    "on 2025-12-19, 12/19/2025, 19.12.2025 and 2026-03-06T21:11:25.000Z",
    "conference call on 2025-12-19 and 12-19-2025",
    "call in 2025 2026",
    "$1,234,567.89, €12.345.678,90 and 1 234 567 shares",
    "£07700 900 123",
    "CA 95051, 94025-1234 and Office 94025-123",
    "invoice 9498777106 of order 123 456 789",
    "ISBN 978-3-16-148410-0",
    "Item 5.02, Rule 14d-2(b) (17 CFR 240.14d-2(b)), Exhibit 104",
    "2024 2023 2022 1,234 5,678",
    "fiscal 2027 150% 200%",
  ])("is not seen in %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});

test("what follows a number that was replaced is not told by its placeholder", () => {
  expect(redact("(650) 543-4800 sold 467 3395 units")).toBe(
    "[phone] sold 467 3395 units",
  );
});

describe("what is escaped for an address", () => {
  test.each([
    [
      "https://x.example/?mail=jo%40example.com&page=2",
      "https://[email]&page=2",
    ],
    ["https://x.example/of/jo%40example.com/", "https://[email]/"],
    ["tel:%2B16505434800", "tel:[phone]"],
    [
      "https://x.example/?a=1#(415)%20562-5231",
      "https://x.example/?a=1#[phone]",
    ],
    ["https://x.example/?q=650+543+4800", "https://x.example/?q=[phone]"],
    ["/find?q=460%2D89%2D9847", "/find?q=[ssn]"],
    ["?card=4111%201111%201111%201111", "?card=[card]"],
    [
      "https://x.example/?to=https%3A%2F%2Fy.example%2F%3Fssn%3D460%252D89%252D9847",
      "https://x.example/?to=https://y.example/?ssn=[ssn]",
    ],
  ])("is redacted too: %s", (text, redacted) => {
    expect(redact(`See ${text} .`)).toBe(`See ${redacted} .`);
  });

  test.each([
    "https://x.example/a%20b?q=c+d%3F",
    "grew by 20%20",
    "100%",
    "%zz%E0%A4%A",
    "https://x.example/%E4%BD%A0",
  ])("stays as it is where it holds nothing: %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});

test("redacting twice changes nothing", () => {
  const part = fc.oneof(
    fc.constantFrom(
      "[phone]",
      "[email]",
      "phone ",
      "call ",
      "781 1704",
      " or ",
      "9498777106",
      "a@b.io",
      "+1 ",
      "00",
      "(650) ",
      "-",
      ".",
      " ",
      "x12",
      "12",
      "345",
      "6789",
      "0",
      "\n",
      "@",
      "office",
      "card ",
      "4111 1111 1111 1111",
      "DE89 3704 0044 0532 0130 00",
      "SSN ",
      "460-89-9847",
      "460899847",
      "192.0.2.7",
      "2001:db8::8a2e",
      ":",
      "%40",
      "%20",
      "?",
      " [at] ",
      "https://x.example/",
    ),
    fc.string({
      unit: fc.constantFrom(...Array.from("0123456789 -().+/@ax:%[]?")),
      maxLength: 20,
    }),
  );
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 25 }).map((parts) => parts.join("")),
      (text) => {
        const once = redact(text);
        expect(redact(once)).toBe(once);
      },
    ),
    { numRuns: 5000 },
  );
});

test.each([
  ["digits", "1234567890"],
  ["single digits", "1 "],
  ["pairs", "12 "],
  ["dashed pairs", "12-"],
  ["words and pairs", "call 12 34 "],
  ["plus signs", "+1"],
  ["countries", "+1 234 "],
  ["numbers", "+1 650 543 4800 "],
  ["parentheses", "(1"],
  ["zeros", "0"],
  ["at signs", "a@"],
  ["dots", "a."],
  ["letters", "a"],
  ["spaces", " "],
  ["a local part", "a.b-c"],
  ["signs in brackets", "[at] "],
  ["escapes", "%41"],
  ["escaped words", "%41 "],
  ["colons", "a:"],
  ["octets", "1.2.3.4 "],
  ["accounts", "GB82 "],
  ["cards", "4111 1111 1111 1112 "],
  [
    "prose",
    "The quick fox, Inc. paid $1,234 on 2025-12-19 to jo@example.com. ",
  ],
])("long texts of %s take no longer than is linear", (_name, unit) => {
  const grown = growth((length) => {
    const text = unit.repeat(length / unit.length);
    for (const adversarial of [text, `${text}@${text}`, `call ${text}x`])
      redact(adversarial);
  }, 25_000);
  expect(grown).toBeLessThan(9);
});

test("long texts with a number in each line take no longer than is linear", () => {
  const line = "Call the press office at 650-543-4800 on any working day.\n";
  const grown = growth(
    (length) => void redact(line.repeat(length / line.length)),
    500_000,
  );
  expect(grown).toBeLessThan(9);
});

const Sentence = z.object({
  full_text: z.string(),
  spans: z.array(
    z.object({ entity_type: z.string(), entity_value: z.string() }),
  ),
});

describe.skipIf(!recorded)("sentences with marked personal data", () => {
  test.each([
    ["EMAIL_ADDRESS", "[email]"],
    ["PHONE_NUMBER", "[phone]"],
    ["CREDIT_CARD", "[card]"],
    ["US_SSN", "[ssn]"],
    ["IBAN_CODE", "[iban]"],
    ["IP_ADDRESS", "[ip]"],
  ])(
    "%s: recall of at least 0.98, precision of at least 0.90",
    (type, placeholder) => {
      const json: unknown = JSON.parse(
        readFileSync(
          join(recordingsDir, "pii/synth_dataset_v2.half.json"),
          "utf8",
        ),
      );
      let [marked, missed, replaced] = [0, 0, 0];
      for (const { full_text, spans } of z.array(Sentence).parse(json)) {
        const redacted = redact(full_text);
        const values = spans
          .filter((span) => span.entity_type === type)
          .map((span) => span.entity_value);
        marked += values.length;
        missed += values.filter((value) => redacted.includes(value)).length;
        replaced += redacted.split(placeholder).length - 1;
      }
      const recall = (marked - missed) / marked;
      const precision = Math.min(1, (marked - missed) / replaced);
      console.log(
        `${type}: ${marked} marked, ${replaced} replaced, recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}`,
      );
      expect(recall).toBeGreaterThanOrEqual(0.98);
      expect(precision).toBeGreaterThanOrEqual(0.9);
    },
  );
});
