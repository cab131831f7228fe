import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { reader } from "../../functions/src/adapters/text/reader.ts";
import { redactor } from "../../functions/src/adapters/text/redaction/redactor.ts";

const recordingsDir = resolve(
  process.env["RECORDINGS_DIR"] ?? "../shared/data",
);
const recorded = existsSync(recordingsDir);
if (!recorded)
  console.log(
    `redaction of real filings and news is not measured: ${recordingsDir} is absent`,
  );

const { redact } = redactor();

describe("business texts stay as they are", () => {
  test.each([
    [
      "the head of a filing",
      `FORM 8-K, Date of Report (Date of earliest event reported): March 2, 2026.
Commission File Number 0-23985. IRS Employer Identification No. 94-3177549.
Accession Number 0001045810-26-000024, CIK 0001045810, SIC 3674, Film No. 26712345.
2788 San Tomas Expressway, Santa Clara, CA 95051-0953.
Common Stock, $0.001 par value per share; CUSIP 67066G104; ISIN US67066G1040; LEI 549300S4KLFTLO7GSQ80.
17 CFR 240.14d-2(b); Exhibit 104; Items 5.02(b), 9.01(d); Rule 10b5-1(c)(1).`,
    ],
    [
      "a table of a filing",
      `2025	2024	2023	2022
Revenue	130,497	60,922	26,974	26,914
4,410 3,508 2,610 1,700
(1,234) (567) 12.5% 1,234.56
As of January 25, 2026, 24,300,000,000 shares were outstanding.
Total: $4,111,111,111 (2025: $4 111 111 111).`,
    ],
    [
      "an article",
      `NEW YORK (Reuters) - Globex Corp (GLBX.N) shares rose 4.56% to $1,234.56 at 09:30:15 EST on 2026-03-06,
their highest since 2019-2021, after revenue of $12.345 billion beat the $11,900,000,000 expected.
About 450 000 people in 2 300 towns took part; the S&P 500 fell 12.3.
It paid €1.234.567,89 for a 51-49 stake. Flight LH 4111 landed at 18:05. The score was 3-2, 6-4, 7-6.
In 2018-19 and 2020-2021 it sold 1 200 000 units of the model 5555-100-20.`,
    ],
    [
      "links",
      `https://www.sec.gov/Archives/edgar/data/1045810/000104581026000024/nvda-20260302.htm
https://www.sec.gov/cgi-bin/browse-edgar?action=getcompany&CIK=0001045810&type=8-K&dateb=&owner=include&count=40
https://news.example/2026/03/06/globex-appoints-cio-1234567890.html?id=20260306121125&utm_source=a%20b
https://x.example/status/1765432109876543210 https://x.example/watch?v=dQw4w9WgXcQ&t=1234567890
https://boards.greenhouse.io/amplitude/jobs/7654321002?gh_jid=7654321002`,
    ],
    [
      "records of software",
      `Node 20.11.1, Chrome/120.0.0.0, version 15.2.10.4, libfoo-1.2.3.4.tar.gz, build 19041.1234
sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
SKU 0123-4567-89AB, order #100200300, ticket 20260306-000123, PO 4500012345, IMEI 490154203237518
ISBN 978-3-16-148410-0, GTIN 4006381333931, DOI 10.1000/182, patent US 10,123,456 B2`,
    ],
  ])("%s", (_name, text) => {
    expect(redact(text)).toBe(text);
  });

  test("whatever the accession number, CIK, amount, day or id", () => {
    const two = (n: number) => String(n).padStart(2, "0");
    const accession = fc
      .tuple(
        fc.integer({ min: 1, max: 2_200_000 }),
        fc.integer({ min: 93, max: 126 }),
        fc.integer({ min: 1, max: 999_999 }),
      )
      .map(
        ([filer, year, n]) =>
          `${String(filer).padStart(10, "0")}-${two(year % 100)}-${String(n).padStart(6, "0")}`,
      );
    const cik = fc
      .integer({ min: 1, max: 2_200_000 })
      .map((n) => `CIK ${String(n).padStart(10, "0")}`);
    const amount = fc
      .integer({ min: 1, max: 1e15 })
      .map((n) => `$${n.toLocaleString("en-US")}`);
    const day = fc
      .date({
        min: new Date("1990-01-01"),
        max: new Date("2040-01-01"),
        noInvalidDate: true,
      })
      .map((at) => at.toISOString());
    const id = fc.oneof(fc.uuid(), fc.ulid());
    fc.assert(
      fc.property(
        fc.array(fc.oneof(accession, cik, amount, day, id), {
          minLength: 1,
          maxLength: 6,
        }),
        (facts) => {
          const text = `It filed ${facts.join(", ")} and no more.`;
          expect(redact(text)).toBe(text);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

/** What was taken out of a text, in its order. */
function takenFrom(text: string): readonly string[] {
  const kept = redact(text).split(/\[(?:email|phone|card|iban|ssn|ip)\]/u);
  const taken: string[] = [];
  let end = kept[0]?.length ?? 0;
  for (const next of kept.slice(1)) {
    const at = next === "" ? text.length : text.indexOf(next, end + 1);
    taken.push(text.slice(end, at));
    end = at + next.length;
  }
  return taken;
}

/** An address, or a number in one of the forms of North America: looked through by hand, so are all that these texts have. */
const real = /^(?:[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\(?\d{3}\)?[ -]\d{3}-\d{4})$/u;

describe.skipIf(!recorded)(
  "of real texts nothing is taken but what reaches a person",
  () => {
    const folder = (...parts: readonly string[]) =>
      join(recordingsDir, ...parts);

    test("filings: of 486,000 characters, the telephone numbers of the companies", async () => {
      const names = readdirSync(folder("edgar"), {
        recursive: true,
        encoding: "utf8",
      }).filter((name) => /\.(?:json|html?)$/u.test(name));
      const taken: string[] = [];
      for (const name of names) {
        const body = readFileSync(folder("edgar", name));
        const text = name.endsWith(".json")
          ? body.toString("utf8")
          : await textOf(body, `https://${name}`);
        taken.push(...takenFrom(text));
      }
      console.log(`taken from filings: ${taken.join(", ")}`);
      expect(taken).toHaveLength(7);
      expect(taken.filter((found) => !real.test(found))).toEqual([]);
    });

    test("articles: of 79, the addresses that their authors give", () => {
      const json: unknown = JSON.parse(
        readFileSync(folder("articles/ground-truth.json"), "utf8"),
      );
      const truth = z.record(
        z.string(),
        z.object({ articleBody: z.string(), url: z.string() }),
      );
      const articles = Object.values(truth.parse(json));
      const taken = articles.flatMap(({ articleBody }) =>
        takenFrom(articleBody),
      );
      console.log(`taken from articles: ${taken.join(", ")}`);
      expect(taken.length).toBeGreaterThan(0);
      expect(taken.filter((found) => !real.test(found))).toEqual([]);
      for (const { url } of articles) expect(redact(url)).toBe(url);
    });

    test("whole pages: of 79, the addresses and numbers of their authors and offices", async () => {
      const taken: string[] = [];
      for (const name of readdirSync(folder("articles/html"))) {
        const body = gunzipSync(readFileSync(folder("articles/html", name)));
        taken.push(...takenFrom(await textOf(body, "https://news.example/")));
      }
      console.log(`taken from pages: ${taken.join(", ")}`);
      expect(taken.length).toBeGreaterThan(0);
      expect(taken.filter((found) => !real.test(found))).toEqual([]);
    });
  },
);

async function textOf(body: Uint8Array, url: string): Promise<string> {
  const fetched = { body, url, contentType: "text/html", licence: "" };
  return (await reader().read(fetched)).text;
}
