import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { read } from "../support/readers.ts";
import { PermanentError } from "../../functions/src/domain/kernel/errors.ts";
import { maxSnapshotCharacters } from "../../functions/src/domain/signals/snapshot.ts";
import { errorOf } from "../support/sources.ts";

const recordingsDir = resolve(
  process.env["RECORDINGS_DIR"] ?? "../shared/data",
);
const recorded = existsSync(recordingsDir);
if (!recorded)
  console.log(`recorded pages are not read: ${recordingsDir} is absent`);

function page(
  body: string | Uint8Array,
  about: { contentType?: string; url?: string } = {},
) {
  return read({
    body: typeof body === "string" ? new TextEncoder().encode(body) : body,
    contentType: about.contentType ?? "text/html; charset=utf-8",
    url: about.url ?? "https://news.example.com/a.html",
    licence: "example",
  });
}

function file(path: string, url: string) {
  return page(readFileSync(path), { contentType: "text/html", url });
}

test("a page in windows-1252 keeps its quotation marks and dashes", async () => {
  const said =
    "<p>The chief executive called the plan \x93bold\x94 \x96 and costly: \x80 40 million.</p>";
  const { text } = await page(Buffer.from(said, "latin1"), {
    contentType: "text/html; charset=windows-1252",
  });
  expect(text).toBe(
    "The chief executive called the plan “bold” – and costly: € 40 million.",
  );
});

describe("an article", () => {
  const path =
    "test/fixtures/recordings/news.example.com/technology/brindlewick-cfo.html";

  test("is read without what surrounds it on its page", async () => {
    const { title, text, language } = await file(
      path,
      "https://news.example.com/technology/brindlewick-cfo.html",
    );
    expect(title).toContain("appoints Anaïs Quellmark chief financial officer");
    expect(text).toContain(
      "effective September 1, 2026.\n\nMs. Quellmark joins",
    );
    expect(text).toContain(
      "“Our first task is a single view of cost across five plants,”",
    );
    expect(text).not.toMatch(/Subscribe|gadgets|umbrellas|Privacy/);
    expect(language).toBe("en");
  });

  test("that is all of its page is read whole, headings and lists included", async () => {
    const about =
      "Wir bauen in München einen Einkauf auf und suchen dafür eine Leitung, die ihn in die Hand nimmt. "
        .repeat(5)
        .trim();
    const { text, language } = await page(
      `<html lang="en"><head><title>Leitung Einkauf</title></head><body><article><h1>Leitung Einkauf</h1><p>Ort:&nbsp;München</p><p>${about}</p><ul><li>Erstens</li><li>Zweitens</li></ul></article></body></html>`,
    );
    expect(text).toBe(
      `Leitung Einkauf\n\nOrt: München\n\n${about}\n\nErstens\nZweitens`,
    );
    expect(language).toBe("de");
  });

  test("too short to be told from its page comes with the page's text", async () => {
    const { text } = await page(
      "<html><body><nav>Home</nav><p>All of it.</p></body></html>",
    );
    expect(text).toBe("Home\n\nAll of it.");
  });
});

describe("a filing", () => {
  const folder =
    "test/fixtures/recordings/www.sec.gov/Archives/edgar/data/1326801/000999999925000031";
  const url =
    "https://www.sec.gov/Archives/edgar/data/1326801/000999999925000031/meta-example-8k.htm";

  test("is read whole, each paragraph in one piece, without the header of its XBRL", async () => {
    const { title, text, language } = await file(
      join(folder, "meta-example-8k.htm"),
      url,
    );
    expect(text.split("\n\n")).toContain(
      "(b) On December 19, 2025, Maren Oduya-Falk notified Meta Platforms, Inc. (the “Company”) that she will resign as a member of the Board of Directors of the Company, effective immediately.",
    );
    expect(text).toContain(
      "Delaware\t000-00000\t00-0000000\n(State of Incorporation)\t(Commission File Number)",
    );
    expect(
      text.startsWith(
        "UNITED STATES\n\nSECURITIES AND EXCHANGE COMMISSION\n\nFORM 8-K",
      ),
    ).toBe(true);
    expect(title).toBeNull();
    expect(language).toBe("en");
  });

  test("keeps its items", async () => {
    const { text, sections } = await file(
      join(folder, "meta-example-8k.htm"),
      url,
    );
    expect(sections.map(({ title }) => title)).toEqual([
      expect.stringMatching(/^Item 5\.02 Departure of Directors/),
      "SIGNATURES",
    ]);
    const [item] = sections;
    expect(text.slice(item?.start, item?.end)).toContain(
      "she will resign as a member of the Board of Directors",
    );
  });
});

test("XHTML's empty elements do not swallow what follows them", async () => {
  const { text } = await page(
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="x"/></head><body><div style="display:none"/><table><tr><td/><td>a</td></tr></table><p>b<br/>c</p></body></html>',
  );
  expect(text).toBe("a\n\nb\nc");
});

describe("text", () => {
  test.each([
    [
      "the charset of the content type",
      "text/html; charset=iso-8859-1",
      "<p>Århus</p>",
    ],
    ["a meta element", "text/html", '<meta charset="iso-8859-1"><p>Århus</p>'],
    [
      "an XML declaration",
      "text/html",
      '<?xml version="1.0" encoding="iso-8859-1"?><p>Århus</p>',
    ],
    ["nothing at all", "text/html", "<p>Århus</p>"],
    ["a charset that is none", "text/html; charset=klingon", "<p>Århus</p>"],
  ])("is decoded by %s", async (_by, contentType, html) => {
    const { text } = await page(Buffer.from(html, "latin1"), { contentType });
    expect(text).toBe("Århus");
  });

  test("is decoded as UTF-8 where a page declares the ASCII that it is not", async () => {
    const { text } = await page(
      '<?xml version="1.0" encoding="ASCII"?><p>Århus – “so”</p>',
      { contentType: "text/html" },
    );
    expect(text).toBe("Århus – “so”");
  });

  test("has single spaces, empty lines between paragraphs, and nothing that cannot be seen", async () => {
    const { text } = await page(
      "<p>one\n   two&nbsp; &nbsp;three&#173;four\u200b</p><p hidden>no</p><p style='display: none'>no</p><div>a<br>b<br><br>c</div><script>no</script><pre>x\n  y</pre>",
    );
    expect(text).toBe("one two threefour\n\na\nb\n\nc\n\nx\ny");
  });

  test("that is plain passes", async () => {
    const { text, title } = await page(
      "One.\r\n\r\n\r\n  Two  words\t\tapart.\r\n",
      { contentType: "text/plain" },
    );
    expect({ text, title }).toEqual({
      text: "One.\n\nTwo words\tapart.",
      title: null,
    });
  });

  test.each([
    [
      "de",
      "Die Gesellschaft hat am Montag mitgeteilt, dass der Vorstand einen neuen Finanzvorstand bestellt hat, der sein Amt zum ersten September antritt. Der bisherige Finanzvorstand verlässt das Unternehmen nach sechs Jahren auf eigenen Wunsch und bleibt beratend tätig.",
    ],
    [
      "fr",
      "La société a annoncé lundi que le conseil d'administration a nommé un nouveau directeur financier, qui prendra ses fonctions le premier septembre. Le directeur financier actuel quitte l'entreprise après six ans à sa propre demande et restera conseiller.",
    ],
  ])(
    "in %s is known by its letters, whatever the page says",
    async (language, text) => {
      expect(
        (await page(`<html lang="en"><body><p>${text}</p></body></html>`))
          .language,
      ).toBe(language);
    },
  );

  test("too short for that has the language of its page, or none that is known", async () => {
    expect(
      (await page('<html lang="pt-BR"><body>Acme 5M</body></html>')).language,
    ).toBe("pt");
    expect((await page("<p>Acme 5M</p>")).language).toBe("und");
  });
});

describe("what cannot be read", () => {
  test.each([
    "",
    "   ",
    "<html></html>",
    "<!-- nothing -->",
    "<script>x</script>",
    "<p hidden>x</p>",
  ])("is refused: %j", async (html) => {
    const error = await errorOf(page(html));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ code: "bad-answer" });
  });

  test.each(["image/png", "video/mp4", "application/json"])(
    "is refused by its type %s",
    async (contentType) => {
      const error = await errorOf(page("%PDF-1.7", { contentType }));
      expect(error).toMatchObject({ code: "bad-answer" });
      expect(String(error)).toContain("cannot be read yet");
    },
  );

  test("is refused beyond the largest text that is archived", async () => {
    const error = await errorOf(
      page("word ".repeat(maxSnapshotCharacters / 5 + 10), {
        contentType: "text/plain",
      }),
    );
    expect(error).toMatchObject({ code: "too-large" });
  });

  test("does not end the process, however deep it nests or broken it is", async () => {
    const deep = (levels: number) =>
      page(`${"<div>".repeat(levels)}deep down${"</div>".repeat(levels)}`);
    expect((await deep(4000)).text).toBe("deep down");
    expect(await errorOf(deep(1_000_000))).toMatchObject({
      code: "bad-answer",
    });
    expect(await errorOf(page("<b <i>x".repeat(500_000)))).toMatchObject({
      code: "bad-answer",
    });
    expect(
      (await page("<p><a href=x>y</a>".repeat(30_000))).text.length,
    ).toBeGreaterThan(30_000);
    expect(
      (await page("<table><tr><td>a<td>b<tr><td>c</p></div><b>d")).text,
    ).toContain("a\tb");
    expect(
      await errorOf(page(`<div class="${"a ".repeat(500_000)}">x</div>`)),
    ).toMatchObject({ code: "bad-answer" });
  });
});

describe.skipIf(!recorded)("recorded pages", () => {
  const data = join(recordingsDir, "edgar/www.sec.gov/Archives/edgar/data");

  test("Meta's filing has its resignation in one sentence of one paragraph", async () => {
    const { text } = await file(
      join(data, "1326801/000162828025058337/meta-20251219.htm"),
      "https://www.sec.gov/Archives/x",
    );
    const [paragraph] = text
      .split("\n\n")
      .filter((p) =>
        p.includes("resign as a member of the Board of Directors"),
      );
    expect(paragraph).toMatch(
      /^\(b\) On December 19, 2025, .* resign as a member of the Board of Directors of the Company, effective immediately\.$/,
    );
  });

  test("NVIDIA's filing has its item and its table", async () => {
    const { text, sections } = await file(
      join(data, "1045810/000104581026000024/nvda-20260302.htm"),
      "https://www.sec.gov/Archives/x",
    );
    expect(text).toContain(
      "Item 5.02. Departure of Directors or Certain Officers",
    );
    expect(text).toContain("$1,500,000\t150%");
    expect(sections.map(({ title }) => title.slice(0, 10))).toEqual([
      "Item 5.02.",
      "Item 9.01.",
      "SIGNATURE",
    ]);
  });
});
