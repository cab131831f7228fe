import { fitLine, wrapLines } from "./lines.ts";

export type Paper = PDFKit.PDFDocument;

/** How a text looks; `leading` is the height of its lines, in points. */
export interface Style {
  readonly font: "regular" | "strong";
  readonly size: number;
  readonly leading: number;
  readonly color: string;
}

/** Where a text stands: from `x`, within `width`. */
export interface Place {
  readonly x: number;
  readonly width: number;
  readonly align?: "left" | "right";
  /** Where it leads; null where nowhere. */
  readonly url?: string | null;
  /** The colour of a rule at its left side. */
  readonly rule?: string;
}

/** What a document is drawn with: it goes down the page line by line, and on to the next where one is full. */
export interface Pen {
  readonly paper: Paper;
  readonly left: number;
  readonly width: number;
  /** Where the next line will stand. */
  y: number;
  /** Sees to it that so much fits on this page, by going on to the next where it does not. Whether it did. */
  readonly room: (height: number) => boolean;
  readonly linesOf: (
    text: string,
    style: Style,
    width: number,
  ) => readonly string[];
  /** The text's first line, ended by an ellipsis where there is more. */
  readonly firstLine: (text: string, style: Style, width: number) => string;
  /** Writes the text, over as many pages as it takes. */
  readonly write: (text: string, style: Style, place: Place) => void;
  /** Writes one line at this height, without going on. */
  readonly line: (
    text: string,
    style: Style,
    at: Place & { y: number },
  ) => void;
}

const margins = { side: 54, top: 50, bottom: 64 } as const;

/**
 * Text as it was said: without the font's arrows for "->" and the like, and without shaping that our
 * alphabets do not need, which costs most of a document's time. The types know no features that are off.
 */
const withoutFeatures: object = {
  features: Object.fromEntries(
    "calt kern liga clig rlig rclt locl curs ccmp mark mkmk"
      .split(" ")
      .map((name) => [name, false]),
  ),
};
/** What combining marks do need. */
const withMarkFeatures: object = { features: { calt: false, kern: false } };

/** The pen at the top of the paper's first page. */
export function createPen(paper: Paper): Pen {
  const { side, top, bottom } = margins;
  const widths = new Map<string, number>();
  const select = ({ font, size, color }: Style) =>
    paper.font(font).fontSize(size).fillColor(color);
  const widthOf = (text: string, style: Style) => {
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
      wrapLines(text, width, (part) => widthOf(part, style)),
    firstLine: (text, style, width) =>
      fitLine(text, width, (part) => widthOf(part, style)),
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
      const wide = widthOf(text, style);
      const from = align === "right" ? x + width - wide : x;
      // Between the lines' edges, by the font's own ascent and descent of 0.97 and 0.24.
      const down = y + (style.leading - 1.21 * style.size) / 2;
      const features = /\p{M}/u.test(text) ? withMarkFeatures : withoutFeatures;
      select(style).text(text, from, down, { lineBreak: false, ...features });
      if (url !== undefined && url !== null)
        paper.link(from, y, wide, style.leading, url);
    },
  };
  return pen;
}
