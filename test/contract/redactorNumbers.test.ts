import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redactor } from "../../functions/src/adapters/text/redaction/redactor.ts";
import { checked, identities } from "../support/identities.ts";

const { redact } = redactor();

/** Beginnings that the networks publish, with a length that they give out. */
const networks = [
  ["Visa", "4", 16],
  ["Visa of 19 digits", "4", 19],
  ["Mastercard", "51", 16],
  ["Mastercard", "55", 16],
  ["Mastercard from 2017", "2221", 16],
  ["Mastercard from 2017", "2720", 16],
  ["American Express", "34", 15],
  ["American Express", "37", 15],
  ["Diners Club", "300", 14],
  ["Diners Club", "36", 14],
  ["Diners Club", "38", 14],
  ["Discover", "6011", 16],
  ["Discover", "65", 16],
  ["JCB", "3528", 16],
  ["JCB", "3589", 16],
  ["JCB of 15 digits", "2131", 15],
  ["UnionPay", "62", 16],
  ["UnionPay of 19 digits", "62", 19],
  ["Maestro", "6759", 16],
  ["Maestro of 19 digits", "5018", 19],
  ["Mir", "2200", 16],
] as const;

const digits = (length: number) =>
  fc.string({
    unit: fc.constantFrom(...Array.from("0123456789")),
    minLength: length,
    maxLength: length,
  });

/** A number of this beginning and length whose last digit is its check digit. */
function aCard(beginning: string, length: number) {
  return digits(length - beginning.length - 1).map((middle) =>
    checked(`${beginning}${middle}`),
  );
}

/** As it is printed on the card: in fours, or four, six and the rest. */
function grouped(number: string, gap: string): string {
  const parts =
    number.length < 16
      ? [number.slice(0, 4), number.slice(4, 10), number.slice(10)]
      : (number.match(/\d{1,4}/gu) ?? []);
  return parts.join(gap);
}

describe("a card number", () => {
  test.each(networks)("of %s, %s…, is replaced", (_name, beginning, length) => {
    fc.assert(
      fc.property(
        aCard(beginning, length),
        fc.constantFrom("", " ", "-", "\u00a0", "."),
        (number, gap) => {
          const written = grouped(number, gap);
          for (const around of [
            (card: string) => card,
            (card: string) => `Paid with ${card}, on Monday.`,
            (card: string) => `(${card})`,
            (card: string) => `https://x.example/paid?with=${card}&on=1`,
            (card: string) => `${card} 12/27 123`,
          ])
            expect(redact(around(written))).toBe(around("[card]"));
        },
      ),
      { numRuns: 50 },
    );
  });

  test.each([
    "My card 4825140226032 expires",
    "card number 630427373398 is lost",
    "What's your credit card? 213173282369527",
    "cc 4047737215142",
    "Visa: 41111 11111 111111",
    "060426070011 is my card number",
  ])("of no network is replaced where it is called a card: %s", (text) => {
    expect(redact(text)).toContain("[card]");
    expect(redact(text)).not.toMatch(/\d/u);
  });

  test("with a wrong check digit is none", () => {
    fc.assert(
      fc.property(
        aCard("4", 16),
        fc.integer({ min: 1, max: 9 }),
        (right, by) => {
          const wrong = `${right.slice(0, 15)}${(Number(right.at(15)) + by) % 10}`;
          expect(redact(`Paid with ${wrong}.`)).toBe(`Paid with ${wrong}.`);
        },
      ),
    );
  });

  test.each([
    "$4111111111111111 and €4,111,111,111,111",
    "4111111111111111.25 and 4.111111111111111111",
    "2024 2023 2022 2021 2020 2019",
    "order 4006381333931, ISBN 9783161484100",
    "IMEI 490154203237518",
    "the fiscal years 2027 and 2028",
    "accession 0001045810-26-000012, 000104581026000012",
    "build 20260306121125, 1772791885000",
    "9f8a4111111111111111be",
  ])("is not seen in %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe("an account number", () => {
  // Examples of the registry (SWIFT, IBAN Registry), each in its country's length.
  test.each([
    "GB82WEST12345698765432",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "NL91ABNA0417164300",
    "BE68539007547034",
    "CH9300762011623852957",
    "ES9121000418450200051332",
    "IT60X0542811101000000123456",
    "NO9386011117947",
    "SE4550000000058398257466",
    "PL61109010140000071219812874",
    "AT611904300234573201",
    "IE29AIBK93115212345678",
    "DK5000400440116243",
    "FI2112345600000785",
    "SA0380000000608010167519",
    "AE070331234567890123456",
    "MT84MALT011000012345MTLCAST001S",
    "UA213223130000026007233566001",
  ])("is replaced however it is grouped: %s", (iban) => {
    const inFours = iban.replace(/(.{4})(?=.)/gu, "$1 ");
    for (const written of [
      iban,
      iban.toLowerCase(),
      inFours,
      inFours.replaceAll(" ", "-"),
      inFours.replaceAll(" ", "\u00a0"),
    ]) {
      expect(redact(`to ${written}, please`)).toBe("to [iban], please");
      expect(redact(`to ${written} from us 2026`)).toBe(
        "to [iban] from us 2026",
      );
      expect(redact(`https://x.example/?to=${written}`)).toBe(
        "https://x.example/?to=[iban]",
      );
    }
  });

  test.each([
    "GB83WEST12345698765432",
    "DE8937040044053201300",
    "ISIN US67066G1040 and DE0007164600",
    "LEI 549300S4KLFTLO7GSQ80",
    "CUSIP 67066G104",
    "FY26 2027 2028 2029 2030 2031",
    "In 2026 20 of 30 were at home",
    "part DE20 1000 2000 3000 4000 50",
  ])("is not seen in %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe("a social security number", () => {
  test.each([
    "460-89-9847",
    "078-05-1120",
    "899-01-0001",
    "460–89–9847",
    "460\u201189\u20119847",
    "912-70-1234",
  ])("with dashes is replaced: %s", (number) => {
    expect(redact(`He is ${number}, he says.`)).toBe("He is [ssn], he says.");
    expect(redact(`https://x.example/of/${number}/`)).toBe(
      "https://x.example/of/[ssn]/",
    );
  });

  test.each([
    "SSN 460899847",
    "SSN: 460 89 9847",
    "social security number is 460.89.9847",
    "Soc. Sec. No. 460 89 9847",
    "460 89 9847 is my SSN",
    "SSN 666-12-3456",
  ])("in other forms is replaced where it is called so: %s", (text) => {
    expect(redact(text)).toContain("[ssn]");
    expect(redact(text)).not.toMatch(/\d/u);
  });

  test.each([
    "000-12-3456, 666-12-3456, 123-00-4567, 123-45-0000",
    "900-12-3456",
    "460899847 shares",
    "460 89 9847 units",
    "1460-89-9847 and 460-89-98471 and 3-460-89-9847",
    "IRS No. 94-3177549",
    "driver's license 2270-66-1551",
    "CAS 7732-18-5",
  ])("is not seen in %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe("an IP address", () => {
  test("of four octets is replaced", () => {
    fc.assert(
      fc.property(fc.ipV4(), (ip) => {
        // Four small numbers may be a version.
        fc.pre(/\d{3}/u.test(ip));
        expect(redact(`a request from ${ip}:8080, twice`)).toBe(
          "a request from [ip]:8080, twice",
        );
        expect(redact(`https://${ip}/?client=${ip}`)).toBe(
          "https://[ip]/?client=[ip]",
        );
      }),
    );
  });

  test("of eight groups is replaced, however it is shortened", () => {
    fc.assert(
      fc.property(fc.ipV6(), (ip) => {
        // ::1 and its like say nothing of anybody.
        fc.pre(ip.replace(/[^0-9a-f]/giu, "").length >= 5 && /\d/u.test(ip));
        expect(redact(`Host ${ip} said.`)).toBe("Host [ip] said.");
        expect(redact(`http://[${ip}]:443/`)).toBe("http://[[ip]]:443/");
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    "10.0.0.1",
    "203.0.113.7/24",
    "192.0.2.1-192.0.2.9",
    "…192.0.2.77.",
    "2001:0DB8:85A3:0000:0000:8A2E:0370:7334",
    "2001:db8::1: it is blocked",
    "fe80::1%eth0",
    "::ffff:192.0.2.128",
    "|106.31.73.20|",
  ])("is replaced: %s", (text) => {
    expect(redact(text)).toContain("[ip]");
    expect(redact(text)).not.toMatch(/\d\.\d|:[0-9a-f]{1,4}/iu);
  });

  test.each([
    "version 10.12.13.14 and v10.0.19.44",
    "firmware 120.0.6.71 of release: 192.168.10.1",
    "Section 13.1.22.43 and § 40.10.11.12",
    "3.1.2.4 Scope",
    "Chrome/120.0.0.0",
    "Mozilla/5.0 (X11) Firefox/121.0",
    "256.1.1.1 and 1.2.3 and 21.22.23.24.25",
    "192.0.2.01",
    "€12.200.100.250",
    "at 10:20:30 and 2026-03-06T21:11:25Z",
    "std::vector<a::b>, face::bed",
    "00:1a:2b:3c:4d:5e",
    "odds of 12:1, 1:2:3",
    "::1",
    "http://127.0.0.1:8080/ and 0.0.0.0:80",
  ])("is not seen in %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});

test("an identity in any spelling is replaced by what it is, beside whatever it stands", () => {
  for (const { kind, written } of identities(3000, 7)) {
    expect(redact(`Ask ${written}, or Pat.`)).toBe(`Ask [${kind}], or Pat.`);
    const escaped = encodeURIComponent(written);
    expect(redact(`https://x.example/?page=2&who=${escaped}`)).toContain(
      `[${kind}]`,
    );
  }
});
