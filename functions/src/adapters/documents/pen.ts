import { fitLine, wrapLines } from "./lines.ts";

export type Paper = PDFKit.PDFDocument;

/** How a text looks; `leading` is the height of its lines, in points. */
export interface Style {
  readonly font: "regular" | "strong";
  readonly size: number;
  readonly leading: number;
  readonly color: string;
}

/** The place of a text: from `x`, within `width`. */
export interface Place {
  readonly x: number;
  readonly width: number;
  readonly align?: "left" | "right";
  /** The address it links to; null for none. */
  readonly url?: string | null;
  /** The colour of a rule to its left. */
  readonly rule?: string;
}

/** Draws a document line by line, down the page and on to the next. */
export interface Pen {
  readonly paper: Paper;
  readonly left: number;
  readonly width: number;
  /** The top of the next line. */
  y: number;
  /** Makes room for so much, on a new page where it does not fit. Returns whether it took a new page. */
  readonly room: (height: number) => boolean;
  readonly linesOf: (
    text: string,
    style: Style,
    width: number,
  ) => readonly string[];
  /** The text's first line, with an ellipsis where there is more. */
  readonly firstLine: (text: string, style: Style, width: number) => string;
  /** Writes the text, on as many pages as it takes. */
  readonly write: (text: string, style: Style, place: Place) => void;
  /** Writes one line at this height, and does not move. */
  readonly line: (
    text: string,
    style: Style,
    at: Place & { y: number },
  ) => void;
}

const margins = { side: 54, top: 50, bottom: 64 } as const;

/**
 * The text as given: without the font's arrows for "->" and the like, and without shaping that our alphabets do
 * not need, which takes most of a document's time. The types do not allow for features that are off.
 */
const withoutFeatures: object = {
  features: Object.fromEntries(
    "calt kern liga clig rlig rclt locl curs ccmp mark mkmk"
      .split(" ")
      .map((name) => [name, false]),
  ),
};
/** The shaping that combining marks need. */
const withMarkFeatures: object = { features: { calt: false, kern: false } };

/** The pen at the top of the paper's first page. */
export function createPen(paper: Paper): Pen {
  const { side, top, bottom } = margins;
  const widths = new Map<string, number>();
  const select = ({ font, size, color }: Style) =>
    paper.font(font).fontSize(size).fillColor(color);
  const measureWidth = (text: string, style: Style) => {
    let width = 0;
    for (const character of text) {
      const key = `${style.font} ${character}`;
      let each = widths.get(key);
      if (each === undefined) {
        each = paper.font(style.font).fontSize(1000).widthOfString(character);
        widths.set(key, each);
      }
      width += each;
    }
    return (width * style.size) / 1000;
  };

  const pen: Pen = {
    paper,
    left: side,
    width: paper.page.width - 2 * side,
    y: top,
    room: (height) => {
      if (pen.y + height <= paper.page.height - bottom) return false;
      paper.addPage();
      pen.y = top;
      return true;
    },
    linesOf: (text, style, width) =>
      wrapLines(text, width, (part) => measureWidth(part, style)),
    firstLine: (text, style, width) =>
      fitLine(text, width, (part) => measureWidth(part, style)),
    write: (text, style, place) => {
      for (const line of pen.linesOf(text, style, place.width)) {
        pen.room(style.leading);
        pen.line(line, style, { ...place, y: pen.y });
        pen.y += style.leading;
      }
    },
    line: (text, style, { x, y, width, align, url, rule }) => {
      if (rule !== undefined)
        paper.rect(x - 10, y, 2, style.leading).fill(rule);
      if (text === "") return;
      const wide = measureWidth(text, style);
      const from = align === "right" ? x + width - wide : x;
      // Centred in its line, by the font's ascent of 0.97 and descent of 0.24.
      const down = y + (style.leading - 1.21 * style.size) / 2;
      const features = /\p{M}/u.test(text) ? withMarkFeatures : withoutFeatures;
      select(style).text(text, from, down, { lineBreak: false, ...features });
      if (url !== undefined && url !== null)
        paper.link(from, y, wide, style.leading, url);
    },
  };
  return pen;
}
