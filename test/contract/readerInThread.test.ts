import { afterAll, expect, test } from "vitest";
import { inThread } from "../../functions/src/adapters/text/inThread.ts";
import { endlessPdf, lineOf, pdfWith } from "../support/hostilePdf.ts";
import { buildThreads, useReader } from "../support/readers.ts";
import { errorOf, never } from "../support/sources.ts";

const files = await buildThreads();
const entry = files.reading;
// With time to load on a machine that does much else.
const { reader, close } = inThread({ entry, cpuMs: 60_000, wallMs: 120_000 });
afterAll(async () => {
  await close();
  await files.remove();
});

test("a PDF that nobody is ever done with ends its thread, and the next is read", async () => {
  const killable = inThread({ entry, cpuMs: 8_000 });
  const pdf = (body: Uint8Array) => {
    const from = { url: "https://x.example/a.pdf", licence: "CC0" };
    const fetched = { body, contentType: "application/pdf", ...from };
    return killable.reader.read(fetched, never);
  };
  const ended = errorOf(pdf(endlessPdf()));
  const next = pdf(pdfWith(lineOf("A line of text.")));
  expect(await ended).toMatchObject({
    name: "PermanentError",
    code: "too-costly",
  });
  expect((await next).text).toBe("A line of text.");
  await killable.close();
});

// The suites of the reader, once more over the one that reads in a thread of its own.
useReader(reader);
await import("./reader.test.ts");
await import("./readerArticles.test.ts");
await import("./readerMetadata.test.ts");
await import("./readerPdf.test.ts");
await import("./readerHostile.test.ts");
