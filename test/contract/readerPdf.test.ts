import PDFDocument from "pdfkit";
import { describe, expect, test } from "vitest";
import { read } from "../support/readers.ts";
import { PermanentError } from "../../functions/src/domain/kernel/errors.ts";
import { errorOf } from "../support/sources.ts";

const url = "https://files.example.com/report.pdf";

type Options = ConstructorParameters<typeof PDFDocument>[0];

async function pdf(
  write: (document: PDFKit.PDFDocument) => void,
  options: Options = {},
): Promise<Uint8Array> {
  const document = new PDFDocument({ font: "Helvetica", ...options });
  const parts: Buffer[] = [];
  document.on("data", (part: Buffer) => parts.push(part));
  const ended = new Promise((resolve) => document.on("end", resolve));
  write(document);
  document.end();
  await ended;
  return Uint8Array.from(Buffer.concat(parts));
}

function readPdf(body: Uint8Array, contentType = "application/pdf") {
  return read({ body, contentType, url, licence: "example" });
}

const first =
  "Brindlewick Pumps said on Monday that it would close its plant in Tarn and move the work to Holmsund, where it has made pumps since 1911. The move will cost 40 million crowns this year.";
const second =
  "It will save as much in every year that follows, the company said, and nobody in Tarn was surprised by it. The workers had been told in spring that there would be an end.";

describe("a PDF", () => {
  test("is read by its paragraphs, with what it says of itself", async () => {
    const body = await pdf(
      (document) => {
        document.fontSize(18).text("Annual report").moveDown();
        document.fontSize(11).text(first).moveDown().text(second);
        document.addPage().text("The second page has one line.");
      },
      {
        info: {
          Title: "Report of the year",
          Author: "Anna Bell",
          CreationDate: new Date("2026-03-04T10:07:09Z"),
        },
      },
    );
    const copy = Uint8Array.from(body);
    expect(await readPdf(body)).toEqual({
      title: "Report of the year",
      text: `Annual report\n\n${first}\n\n${second}\n\nThe second page has one line.`,
      author: "Anna Bell",
      publishedAt: new Date("2026-03-04T10:07:09Z"),
      canonicalUrl: null,
      sections: [],
      language: "en",
    });
    expect(body).toEqual(copy);
  });

  test("has the words whole that a line's end cut, and its compounds with their hyphens", async () => {
    const body = await pdf((document) => {
      document.text("The plan is long-term, they said of the invest-");
      document.text("ment in pumps and plants, which is a long-");
      document.text("term plan of the company and of its many owners.");
    });
    const { text } = await readPdf(body);
    expect(text).toContain("the investment in pumps");
    expect(text).toContain("is a long-term plan");
  });

  test("is known by its first bytes where its server knows no type", async () => {
    const body = await pdf((document) => document.text("One line of text."));
    expect((await readPdf(body, "application/octet-stream")).text).toBe(
      "One line of text.",
    );
  });
});

describe("a PDF that cannot be read is refused", () => {
  test.each([
    ["nothing but its mark", "%PDF-1.7"],
    ["something else", "<html>Not found</html>"],
    ["nothing", ""],
  ])("with %s in it", async (_what, text) => {
    const error = await errorOf(readPdf(new TextEncoder().encode(text)));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ code: "bad-answer" });
    expect(String(error)).toContain(`${url} is not a PDF that can be read`);
  });

  test("where it is locked", async () => {
    const body = await pdf((document) => document.text("Secret."), {
      userPassword: "a",
      ownerPassword: "b",
    });
    const error = await errorOf(readPdf(body));
    expect(error).toMatchObject({ code: "bad-answer" });
    expect(String(error)).toContain("is not a PDF that can be read");
  });

  test("where it has no text", async () => {
    const body = await pdf((document) => document.rect(9, 9, 9, 9).fill());
    expect(await errorOf(readPdf(body))).toMatchObject({ code: "bad-answer" });
  });

  test("where it has more than 500 pages", async () => {
    const body = await pdf((document) => {
      for (let n = 0; n < 500; n++) document.addPage();
    });
    const error = await errorOf(readPdf(body));
    expect(error).toMatchObject({ code: "too-large" });
    expect(String(error)).toContain("501 pages");
  });
});
