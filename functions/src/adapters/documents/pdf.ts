import { createRequire } from "node:module";
import { buffer } from "node:stream/consumers";
import type { PrintableDocument } from "../../domain/reports/printableDocument.ts";
import type { Printer } from "../../ports/writing.ts";
import { drawBlock } from "./blocks.ts";
import { colors, styles } from "./styles.ts";
import { type Pen, createPen } from "./pen.ts";

/** The fonts come from their package's folder, which is installed beside the functions, here and in the cloud. */
const require = createRequire(import.meta.url);

/** Prints to PDF, A4, in Inter, which covers Latin and Cyrillic; other scripts become empty boxes. */
export function pdfPrinter(): Printer {
  return {
    print: async (document) => {
      const regular =
        require.resolve("@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf");
      const { default: PdfDocument } = await import("pdfkit");
      const paper = new PdfDocument({
        size: "A4",
        layout: document.layout,
        margin: 0,
        bufferPages: true,
        pdfVersion: "1.7",
        lang: document.language,
        displayTitle: true,
        font: regular,
        info: {
          Title: document.title,
          Author: document.author,
          Producer: "ClientPulse",
          Creator: "ClientPulse",
          CreationDate: document.at,
        },
      });
      paper.registerFont("regular", regular);
      paper.registerFont(
        "strong",
        require.resolve("@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf"),
      );
      const pen = createPen(paper);
      drawHead(pen, document);
      for (const block of document.blocks) drawBlock(pen, block);
      drawFeet(pen, document);
      paper.end();
      return new Uint8Array(await buffer(paper));
    },
  };
}

function drawHead(
  pen: Pen,
  { kind, title, figure, facts }: PrintableDocument,
): void {
  const { paper, left, width } = pen;
  paper.rect(0, 0, paper.page.width, 6).fill(colors.accent);
  pen.write(kind, styles.kind, { x: left, width });
  pen.y += 4;
  const beside = figure === null ? 0 : 110;
  if (figure !== null) {
    const place = { x: left + width - beside, width: beside };
    const right = { ...place, align: "right" } as const;
    pen.line(figure.value, styles.figure, { ...right, y: pen.y - 4 });
    pen.line(figure.name, styles.quiet, { ...right, y: pen.y + 30 });
  }
  const least = figure === null ? pen.y : pen.y + 46;
  pen.write(title, styles.title, { x: left, width: width - beside });
  pen.y = Math.max(pen.y, least) + 10;
  drawFacts(pen, facts);
  paper.rect(left, pen.y, width, 0.75).fill(colors.hair);
  pen.y += 14;
}

/** Draws the facts row by row, in as many columns as fit. */
function drawFacts(pen: Pen, facts: PrintableDocument["facts"]): void {
  const columns = Math.floor(pen.width / 150);
  const width = pen.width / columns;
  for (let i = 0; i < facts.length; i += columns) {
    const row = facts.slice(i, i + columns).map(({ name, value }) => ({
      name,
      lines: pen.linesOf(value, styles.small, width - 12).slice(0, 10),
    }));
    const most = Math.max(...row.map(({ lines }) => lines.length));
    const height = (most + 1) * styles.small.leading + 8;
    pen.room(height);
    row.forEach(({ name, lines }, column) => {
      const place = { x: pen.left + column * width, width: width - 12 };
      const fitted = pen.firstLine(name, styles.columnName, place.width);
      pen.line(fitted, styles.columnName, { ...place, y: pen.y });
      lines.forEach((line, n) => {
        const y = pen.y + (n + 1) * styles.small.leading;
        pen.line(line, styles.small, { ...place, y });
      });
    });
    pen.y += height;
  }
}

/** Draws the footers; only then is the number of pages known. */
function drawFeet(pen: Pen, { foot }: PrintableDocument): void {
  const { paper, left, width } = pen;
  const { start, count } = paper.bufferedPageRange();
  for (let n = 1; n <= count; n++) {
    paper.switchToPage(start + n - 1);
    const y = paper.page.height - 40;
    paper.rect(left, y - 8, width, 0.5).fill(colors.hair);
    const page = foot.page
      .replace("{page}", String(n))
      .replace("{pages}", String(count));
    const text = pen.firstLine(foot.text, styles.foot, width - 120);
    pen.line(text, styles.foot, { x: left, width: width - 120, y });
    const right = {
      x: left + width - 110,
      width: 110,
      align: "right",
    } as const;
    pen.line(page, styles.foot, { ...right, y });
  }
}
