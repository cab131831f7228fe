import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { buildFunctions } from "../../dev/build.ts";
import { cacheFolder, root } from "../../dev/places.ts";
import { pdfPrinter } from "../../functions/src/adapters/documents/pdf.ts";
import type {
  Block,
  PrintableDocument,
} from "../../functions/src/domain/reports/printableDocument.ts";
import {
  footOf,
  pagesOf,
  type PdfPage,
  saidOn,
  squeezed,
} from "../support/pdf.ts";

const at = new Date("2026-11-21T15:43:00Z");

function aDocument(
  changes: Partial<PrintableDocument> = {},
): PrintableDocument {
  return {
    language: "en",
    layout: "portrait",
    kind: "ClientPulse · Card",
    title: "Globex has a new CIO",
    figure: { value: "85.2", name: "of 100" },
    facts: [{ name: "Account", value: "Globex" }],
    blocks: [],
    author: "Anna",
    at,
    foot: { text: "By Anna", page: "Page {page} of {pages}" },
    ...changes,
  };
}

type ClaimBlock = Extract<Block, { readonly kind: "claim" }>;

function aClaim(number: number, changes: Partial<ClaimBlock> = {}): ClaimBlock {
  return {
    kind: "claim",
    number,
    of: "FOUND",
    label: "Found",
    text: `Claim ${number} says so.`,
    warning: null,
    quote: `Quote ${number} proves it.`,
    source: { text: "A page", url: `https://globex.example/${number}` },
    notes: ["CC0"],
    ...changes,
  };
}

const sentence = "The quick brown fox, Pat Doe, jumps over 12 lazy dogs. ";
const quoteOf = (n: number) => `${n}: ${sentence.repeat(40)}`.slice(0, 2000);
const wide = "W".repeat(700);
const wideUrl = `https://globex.example/${"deep/".repeat(100)}${"x".repeat(300)}`;

/** More of everything than a card may hold, and words that no line holds. */
const huge = aDocument({
  title: `${"Довга назва ".repeat(12)}${wide.slice(0, 150)}`,
  author: wide,
  facts: Array.from({ length: 9 }, (_, n) => ({
    name: wide,
    value: `${n}${wide}`,
  })),
  foot: { text: `By ${wide}`, page: "Page {page} of {pages}" },
  blocks: [
    { kind: "paragraph", text: wide.repeat(3), tone: "plain" },
    { kind: "heading", text: wide, note: wide },
    {
      kind: "bars",
      bars: Array.from({ length: 3 }, () => ({
        name: wide,
        value: 100,
        share: wide,
        reason: wide,
      })),
    },
    ...Array.from({ length: 20 }, (_, n) =>
      aClaim(n + 1, {
        text: sentence.repeat(36),
        quote: n === 7 ? wide.repeat(2) : quoteOf(n),
        warning: n === 3 ? wide.slice(0, 90) : null,
        source: { text: wide.slice(0, 90), url: wideUrl },
        notes: [wide.slice(0, 90)],
      }),
    ),
    {
      kind: "item",
      label: wide,
      title: wide,
      text: wide.repeat(5),
      link: null,
    },
    {
      kind: "table",
      columns: [
        { name: wide, width: 1, align: "right" },
        { name: "Note", width: 5, align: "left" },
      ],
      rows: Array.from({ length: 4 }, () => [wide, wide.repeat(9)]),
    },
  ],
});

async function printed(
  document: PrintableDocument,
): Promise<readonly PdfPage[]> {
  const bytes = await pdfPrinter().print(document);
  expect(new TextDecoder().decode(bytes.slice(0, 5))).toBe("%PDF-");
  return pagesOf(bytes);
}

describe("a printed document", () => {
  let pages: readonly PdfPage[];
  beforeAll(async () => void (pages = await printed(huge)), 120_000);

  it("holds all that it is of, in Latin and Cyrillic", async () => {
    const blocks = [
      { kind: "heading", text: "Що тут сказано", note: "ваги 2" },
      { kind: "paragraph", text: "Їжак і ґанок -> 10 €", tone: "warning" },
      aClaim(1),
      aClaim(2, { label: "Обчислено", quote: null, notes: ["1 + 1 = 2"] }),
      {
        kind: "bars",
        bars: [{ name: "Вплив", value: 0, share: "25 %", reason: "today" }],
      },
      {
        kind: "item",
        label: "Лист",
        title: "Пат Доу",
        text: "Dear Pat,\n\nhello",
        link: null,
      },
    ] as const;
    const said = saidOn(await printed(aDocument({ blocks })));
    for (const text of [
      "Globex has a new CIO",
      "85.2",
      "Account",
      "Що тут сказано",
      "Їжак і ґанок -> 10 €",
      "Claim 1 says so.",
      "“Quote 1 proves it.”",
      "https://globex.example/1",
      "CC0",
      "Обчислено",
      "1 + 1 = 2",
      "Вплив",
      "25 %",
      "Лист",
      "Пат Доу",
      "Dear Pat,",
      "hello",
    ])
      expect(said).toContain(squeezed(text));
  });

  it("holds every claim and quote in full, over as many pages as it takes", () => {
    const said = saidOn(pages);
    for (const block of huge.blocks) {
      if (block.kind !== "claim") continue;
      expect(said).toContain(squeezed(block.text));
      expect(said).toContain(squeezed(`“${block.quote ?? ""}”`));
    }
    expect(pages.length).toBeGreaterThan(15);
  });

  it("says on each page which it is of how many", () => {
    pages.forEach((page, i) => {
      expect(footOf(page)).toContain(`Page ${i + 1} of ${pages.length}`);
      expect(footOf(page)).toMatch(/^By W+… /);
    });
  });

  it("keeps every text and link within the margins of its page", () => {
    for (const { width, height, texts, links } of pages) {
      for (const { text, x, y, width: wideness } of texts) {
        expect(x, text).toBeGreaterThanOrEqual(53.5);
        expect(x + wideness, text).toBeLessThanOrEqual(width - 53.5);
        expect(y, text).toBeGreaterThanOrEqual(28);
        expect(y, text).toBeLessThanOrEqual(height - 40);
      }
      for (const { rect } of links) {
        const [left = 0, bottom = 0, right = 0, top = 0] = rect;
        expect(left).toBeGreaterThanOrEqual(53.5);
        expect(right).toBeLessThanOrEqual(width - 53.5);
        expect(bottom).toBeGreaterThanOrEqual(60);
        expect(top).toBeLessThanOrEqual(height - 40);
      }
    }
  });

  it("never writes one text over another", () => {
    for (const { texts } of pages) {
      const lines = texts.filter(({ text }) => text.trim() !== "");
      const places = lines.map(({ x, y }) => `${x.toFixed()} ${y.toFixed()}`);
      expect(new Set(places).size).toBe(places.length);
    }
  });

  it("leads to addresses of the web alone, and shows the others", async () => {
    const bad = [
      "javascript:alert(1)",
      "file:///etc/passwd",
      "data:text/html,x",
      "no address",
    ];
    const blocks = [...bad, "http://globex.example/ф", wideUrl].map((url, n) =>
      aClaim(n + 1, { source: { text: url, url } }),
    );
    const read = await printed(aDocument({ blocks }));
    const urls = read.flatMap(({ links }) => links.map(({ url }) => url));
    expect(new Set(urls)).toEqual(
      new Set(["http://globex.example/%D1%84", wideUrl]),
    );
    for (const url of bad) expect(saidOn(read)).toContain(squeezed(url));
  });

  it("repeats the names of a table's columns on each page, and never parts a row", async () => {
    const rows = Array.from({ length: 90 }, (_, n) => [
      `#${n}`,
      `${sentence.repeat(1 + (n % 4))}end ${n}.`,
    ]);
    const read = await printed(
      aDocument({
        layout: "landscape",
        blocks: [
          {
            kind: "table",
            columns: [
              { name: "Score", width: 1, align: "right" },
              { name: "Opportunity", width: 4, align: "left" },
            ],
            rows,
          },
        ],
      }),
    );
    expect(read.length).toBeGreaterThan(3);
    for (const page of read) {
      expect(page.width).toBeGreaterThan(page.height);
      expect(saidOn([page])).toContain("Opportunity");
      for (const [, n] of saidOn([page]).matchAll(/#(\d+)The/g))
        expect(saidOn([page])).toContain(`end${n}.`);
    }
    expect([...saidOn(read).matchAll(/#\d+The/g)]).toHaveLength(90);
  });

  it("takes what no text should hold, and what the font has not", async () => {
    const text = "a\u0000b\u0007\uD83Dc\r\nd\te 日本 😀 и\u0306 שלום\u202E";
    const blocks = [{ kind: "paragraph", text, tone: "plain" } as const];
    const said = saidOn(await printed(aDocument({ title: text, blocks })));
    expect(said).toMatch(/ab.cde/u);
  });
});

describe("the bundle that is deployed", () => {
  it("finds the printer's fonts in the packages beside it", async () => {
    await mkdir(cacheFolder, { recursive: true });
    const folder = await mkdtemp(join(cacheFolder, "printer-"));
    try {
      const entry = join(folder, "entry.ts");
      const printer = join(root, "functions/src/adapters/documents/pdf.ts");
      await writeFile(
        entry,
        `import { pdfPrinter } from ${JSON.stringify(printer)};
         const document = { ...${JSON.stringify(aDocument())}, at: new Date() };
         pdfPrinter().print(document).then((bytes) => process.stdout.write(bytes));`,
      );
      const bundle = join(folder, "lib/index.cjs");
      await buildFunctions(entry, bundle);
      const { stdout } = await promisify(execFile)(process.execPath, [bundle], {
        encoding: "buffer",
        cwd: "/",
      });
      const pages = await pagesOf(new Uint8Array(stdout));
      expect(saidOn(pages)).toContain(squeezed("Globex has a new CIO"));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
