import { describe, expect, test } from "vitest";
import { PermanentError } from "../../functions/src/domain/kernel/errors.ts";
import { lineOf, pdfWith } from "../support/hostilePdf.ts";
import { read } from "../support/readers.ts";
import { errorOf } from "../support/sources.ts";

const url = "https://news.example.com/a";

function readAs(contentType: string, body: string | Uint8Array) {
  const bytes =
    typeof body === "string" ? new TextEncoder().encode(body) : body;
  return read({ body: bytes, contentType, url, licence: "example" });
}

const megabytes = (count: number, part: string) =>
  part.repeat(Math.ceil((count * 1_000_000) / Buffer.byteLength(part)));
const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

/** What is refused before it is parsed. */
const refused: Readonly<Record<string, readonly [string, () => string]>> = {
  "elements without end": ["too-large", () => megabytes(3, "<i>a</i>")],
  "angle brackets": ["too-large", () => megabytes(3, "<")],
  "open tags": ["bad-answer", () => megabytes(3, "<a>")],
  entities: ["too-large", () => megabytes(3, "&lt;")],
  "escaped ampersands": ["too-large", () => megabytes(3, "&amp;")],
  comments: ["too-large", () => megabytes(3, "<!--->")],
  attributes: ["too-large", () => `<p ${megabytes(3, "a ")}>x</p>`],
  "quoted attributes": ["too-large", () => `<p ${megabytes(3, "a='' ")}x>`],
  "tags that a quote seems to hide": [
    "too-large",
    () => `<a b"c>${megabytes(3, "<i>a</i>")}"`,
  ],
  "tags behind a script that closes itself": [
    "too-large",
    () => `<script/>${megabytes(3, "<i>a</i>")}`,
  ],
  "100,000 elements in one another": [
    "bad-answer",
    () => "<div>".repeat(100_000),
  ],
};

describe.each(["https://news.example.com/a", "https://www.sec.gov/a"])(
  "a page of %s is refused, and not parsed,",
  (at) => {
    test.each(Object.keys(refused))("with 3 MB of %s", async (name) => {
      const [code, html] = refused[name] ?? ["", () => ""];
      const page = `<html><body>${html()}</body></html>`;
      const body = new TextEncoder().encode(page);
      const contentType = "text/html; charset=utf-8";
      const error = await errorOf(
        read({ body, contentType, url: at, licence: "example" }),
      );
      expect(error).toBeInstanceOf(PermanentError);
      expect(error).toMatchObject({ code });
      expect(String(error)).toContain(at);
    });
  },
);

describe("a page is read, or refused for good,", () => {
  test.each<[string, () => string]>([
    ["1 MB of ‹", () => megabytes(1, "‹")],
    ["1 MB of ‹ and blanks", () => megabytes(1, "‹ ")],
    ["1 MB of blanks", () => megabytes(1, " \n\t")],
    [
      "1 MB of scripts",
      () => `<script>${megabytes(1, "<i>a&b</i>")}</script><p>x`,
    ],
    [
      "JSON-LD 100,000 levels deep",
      () => `<script type="application/ld+json">${deep(100_000)}</script><p>x`,
    ],
    [
      "a document type of entities",
      () => `<!DOCTYPE a [${'<!ENTITY b "&b;&b;">'.repeat(20_000)}]><p>x`,
    ],
  ])("with %s", async (_what, html) => {
    const outcome = await errorOf(readAs("text/html", `<html><body>${html()}`));
    expect(outcome === "no error" || outcome instanceof PermanentError).toBe(
      true,
    );
  });
});

describe("a PDF", () => {
  const pdf = (body: Uint8Array) => readAs("application/pdf", body);

  test("by hand is one that is read", async () => {
    const { text } = await pdf(pdfWith(lineOf("A line of text.")));
    expect(text).toBe("A line of text.");
    const form = { content: lineOf("A line of a form.") };
    const inForm = await pdf(pdfWith("/X1 Do", [form]));
    expect(inForm.text).toBe("A line of a form.");
  });

  test("of some 200 kB that inflates to 140 MB is refused before it is read", async () => {
    const body = pdfWith("q Q ".repeat(35_000_000));
    expect(body.byteLength).toBeLessThan(250_000);
    const error = await errorOf(pdf(body));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ code: "too-large" });
    expect(String(error)).toContain("inflates to more than");
  });

  test("that inflates to as much in many streams is refused too", async () => {
    const form = { content: "q Q ".repeat(1_000_000) };
    const error = await errorOf(pdf(pdfWith("", Array(12).fill(form))));
    expect(error).toMatchObject({ code: "too-large" });
  });

  test("with pictures that inflate to as much is read: nobody looks at them", async () => {
    const picture = {
      dictionary: "/Subtype /Image /Width 9 /Height 9",
      content: "\0".repeat(45_000_000),
    };
    const { text } = await pdf(pdfWith(lineOf("Beside it."), [picture]));
    expect(text).toBe("Beside it.");
  });

  test("with more pieces of text than a book is refused", async () => {
    const lines = "1 0 0 1 72 700 Tm (a) Tj 1 0 0 1 72 70 Tm (b) Tj ".repeat(
      155_000,
    );
    const body = pdfWith(`BT /F1 12 Tf ${lines} ET`);
    const error = await errorOf(pdf(body));
    expect(error).toMatchObject({ code: "too-large" });
    expect(String(error)).toContain("pieces of text");
  });

  test("of 50,000 objects that nothing names is read", async () => {
    const odd = Array.from(
      { length: 50_000 },
      (_, n) => `${n + 9} 0 obj 1 endobj\n`,
    );
    const body = Buffer.concat([
      pdfWith(lineOf("A line of text.")),
      Buffer.from(odd.join("")),
    ]);
    const outcome = await errorOf(pdf(body));
    expect(outcome === "no error" || outcome instanceof PermanentError).toBe(
      true,
    );
  });
});
