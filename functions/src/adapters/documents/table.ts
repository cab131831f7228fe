import type { Block } from "../../domain/reports/printableDocument.ts";
import { colors, styles } from "./styles.ts";
import type { Pen } from "./pen.ts";

type Table = Extract<Block, { readonly kind: "table" }>;

const gap = 10;
const padding = 4;
/** The most lines in a row, so that none is taller than a page: longer cells end with an ellipsis. */
const mostLines = 20;

/** Draws a table. No row is split across pages, and each page repeats the names of the columns. */
export function drawTable(pen: Pen, { columns, rows }: Table): void {
  const sum = columns.reduce((all, { width }) => all + width, 0);
  const places = columns.map(({ width, align }, i) => {
    const before = columns.slice(0, i).reduce((all, c) => all + c.width, 0);
    return {
      x: pen.left + (pen.width * before) / sum,
      width: (pen.width * width) / sum - gap,
      align,
    };
  });
  const style = styles.small;
  const drawNames = () => {
    const y = pen.y;
    columns.forEach(({ name }, i) => {
      const place = places[i];
      if (place === undefined) return;
      const text = pen.firstLine(name, styles.columnName, place.width);
      pen.line(text, styles.columnName, { ...place, y });
    });
    pen.y += styles.columnName.leading + padding;
    drawHair(pen);
  };

  pen.room(styles.columnName.leading + 3 * (style.leading + 2 * padding));
  drawNames();
  for (const row of rows) {
    const cells = places.map(({ width }, i) => {
      const lines = pen.linesOf(row[i] ?? "", style, width);
      return lines.length <= mostLines
        ? lines
        : [...lines.slice(0, mostLines - 1), "…"];
    });
    const most = Math.max(1, ...cells.map((lines) => lines.length));
    const height = most * style.leading + 2 * padding;
    if (pen.room(height)) drawNames();
    const y = pen.y + padding;
    cells.forEach((lines, i) => {
      const place = places[i];
      if (place === undefined) return;
      lines.forEach((line, n) =>
        pen.line(line, style, { ...place, y: y + n * style.leading }),
      );
    });
    pen.y += height;
    drawHair(pen);
  }
  pen.y += 8;
}

function drawHair({ paper, left, width, y }: Pen): void {
  paper.rect(left, y - 0.5, width, 0.5).fill(colors.hair);
}
