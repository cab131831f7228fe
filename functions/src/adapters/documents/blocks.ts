import type {
  Block,
  PrintableLink,
} from "../../domain/reports/printableDocument.ts";
import { colors, styles } from "./styles.ts";
import type { Pen, Style } from "./pen.ts";
import { drawTable } from "./table.ts";

type BlockOfKind<K extends Block["kind"]> = Extract<
  Block,
  { readonly kind: K }
>;

/** Draws one block at the pen, and leaves the pen below it. */
export function drawBlock(pen: Pen, block: Block): void {
  switch (block.kind) {
    case "heading":
      return drawHeading(pen, block);
    case "paragraph":
      return drawParagraph(pen, block);
    case "bars":
      return drawBars(pen, block);
    case "claim":
      return drawClaim(pen, block);
    case "item":
      return drawItem(pen, block);
    case "table":
      return drawTable(pen, block);
  }
}

/** Never the last thing on a page. */
function drawHeading(pen: Pen, { text, note }: BlockOfKind<"heading">): void {
  pen.y += 16;
  pen.room(styles.heading.leading + 70);
  pen.write(text, styles.heading, { x: pen.left, width: pen.width });
  if (note !== undefined)
    pen.write(note, styles.quiet, { x: pen.left, width: pen.width });
  pen.y += 5;
}

function drawParagraph(
  pen: Pen,
  { text, tone }: BlockOfKind<"paragraph">,
): void {
  const style = tone === "plain" ? styles.body : styles[tone];
  const rule = tone === "warning" ? { rule: colors.warning } : {};
  const inset = tone === "warning" ? 10 : 0;
  const [x, width] = [pen.left + inset, pen.width - inset];
  pen.write(text, style, { x, width, ...rule });
  pen.y += 8;
}

function drawBars(pen: Pen, { bars }: BlockOfKind<"bars">): void {
  const [names, track, gap] = [96, 150, 12];
  const reasons = pen.left + names + track + gap + 100;
  const width = pen.left + pen.width - reasons;
  for (const { name, value, share, reason } of bars) {
    const lines = pen.linesOf(reason, styles.quiet, width);
    const height = Math.max(1, lines.length) * styles.quiet.leading + 6;
    pen.room(height);
    const y = pen.y;
    const at = (x: number, wide: number) => ({ x, y, width: wide });
    drawFitted(pen, name, { style: styles.label, ...at(pen.left, names) });
    const [bar, middle] = [pen.left + names, y + 3.5];
    const { paper } = pen;
    paper.roundedRect(bar, middle, track, 6, 3).fill(colors.track);
    if (value > 0)
      paper
        .roundedRect(bar, middle, Math.max(6, (track * value) / 100), 6, 3)
        .fill(colors.accent);
    const figures = bar + track + 8;
    pen.line(value.toFixed(1), styles.label, at(figures, 32));
    drawFitted(pen, share, { style: styles.quiet, ...at(figures + 34, 64) });
    for (const line of lines) {
      pen.line(line, styles.quiet, { ...at(reasons, width), y: pen.y });
      pen.y += styles.quiet.leading;
    }
    pen.y = y + height;
  }
}

function drawClaim(pen: Pen, claim: BlockOfKind<"claim">): void {
  const color = colors[claim.of];
  const inset = 26;
  const place = { x: pen.left + inset, width: pen.width - inset };
  // The kind stays on one page with the claim's first lines.
  pen.room(styles.label.leading + 3 * styles.strongBody.leading);
  const label = { ...styles.label, color };
  const number = { x: pen.left, width: inset, y: pen.y };
  pen.line(`${claim.number}.`, label, number);
  pen.write(claim.label, label, place);
  pen.write(claim.text, styles.strongBody, place);
  pen.y += 3;
  if (claim.warning !== null) {
    pen.write(claim.warning, styles.warning, place);
    pen.y += 3;
  }
  const inner = { x: place.x + 10, width: place.width - 10 };
  if (claim.quote !== null) {
    const rule = claim.warning === null ? color : colors.warning;
    pen.write(`“${claim.quote}”`, styles.quote, { ...inner, rule });
    pen.y += 3;
  }
  const notes = claim.quote === null ? place : inner;
  if (claim.source !== null) drawLink(pen, claim.source, notes);
  for (const note of claim.notes) pen.write(note, styles.quiet, notes);
  pen.y += 11;
}

function drawItem(
  pen: Pen,
  { label, title, text, link }: BlockOfKind<"item">,
): void {
  const place = { x: pen.left, width: pen.width };
  pen.room(3 * styles.strongBody.leading);
  if (label !== null) {
    pen.write(label, { ...styles.label, color: colors.quiet }, place);
  }
  pen.write(title, styles.strongBody, place);
  if (text !== null) pen.write(text, styles.body, place);
  if (link !== null) drawLink(pen, link, place);
  pen.y += 9;
}

/** The text is a link where its address is a web address; the address is printed as well, to be read on paper. */
function drawLink(
  pen: Pen,
  { text, url }: PrintableLink,
  place: { readonly x: number; readonly width: number },
): void {
  const target = webAddress(url);
  const style = target === null ? styles.small : styles.link;
  if (text !== url) pen.write(text, style, { ...place, url: target });
  if (url !== null) pen.write(url, style, { ...place, url: target });
}

function webAddress(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  return /^https?:$/.test(parsed.protocol) ? parsed.href : null;
}

/** One line, cut where it does not fit. */
function drawFitted(
  pen: Pen,
  text: string,
  {
    style,
    ...at
  }: {
    readonly style: Style;
    readonly x: number;
    readonly y: number;
    readonly width: number;
  },
): void {
  pen.line(pen.firstLine(text, style, at.width), style, at);
}
