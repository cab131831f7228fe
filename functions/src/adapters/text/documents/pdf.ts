import { PermanentError } from "../../../domain/kernel/errors.ts";
import { maxSnapshotCharacters } from "../../../domain/signals/snapshot.ts";
import { budgets } from "../budgets.ts";
import { parseInstant } from "./dates.ts";
import { tidy } from "./html.ts";
import { countInflatedBytes } from "./pdfStreams.ts";

/** The text of a PDF, and what its information dictionary says about it. */
export interface PdfContent {
  readonly title: string | null;
  readonly text: string;
  readonly author: string | null;
  readonly publishedAt: Date | null;
}

/** Whether bytes are a PDF (ISO 32000-1, 7.5.2; readers look for the mark in the first 1,024 bytes). */
export function isPdf(body: Uint8Array): boolean {
  const beginning = new TextDecoder("latin1").decode(body.subarray(0, 1024));
  return beginning.includes("%PDF-");
}

/** Reads a PDF page by page. Throws PermanentError for one that is damaged or locked, and for one beyond its budget of pages, inflated bytes and pieces of text, or beyond the largest text that is archived. */
export async function readPdf(
  body: Uint8Array,
  url: string,
): Promise<PdfContent> {
  const { pdfInflatedBytes } = budgets;
  if (countInflatedBytes(body, pdfInflatedBytes) > pdfInflatedBytes)
    throw tooLargeError(
      `${url} inflates to more than ${pdfInflatedBytes} bytes`,
    );
  const { getDocumentProxy } = await import("unpdf");
  // It takes ownership of the bytes, and accepts no Buffer.
  const pdf = await getDocumentProxy(Uint8Array.from(body)).catch(
    (cause: unknown) => {
      throw unreadableError(url, cause);
    },
  );
  try {
    const paragraphs = await readParagraphs(pdf, url);
    const { info } = await pdf.getMetadata();
    const says = new Map(Object.entries(info));
    return {
      title: toWords(says.get("Title")),
      text: tidy(joinHyphenated(paragraphs.join("\n\n"))),
      author: toWords(says.get("Author")),
      publishedAt: parseInstant(toWords(says.get("CreationDate")) ?? ""),
    };
  } catch (error) {
    throw error instanceof PermanentError ? error : unreadableError(url, error);
  } finally {
    await pdf.destroy();
  }
}

async function readParagraphs(
  pdf: Pdf,
  url: string,
): Promise<readonly string[]> {
  const { pdfPages, pdfPieces } = budgets;
  if (pdf.numPages > pdfPages)
    throw tooLargeError(`${url} has ${pdf.numPages} pages`);
  const paragraphs: string[] = [];
  let characters = 0;
  let room: number = pdfPieces;
  for (let n = 1; n <= pdf.numPages; n++) {
    const page = await pdf.getPage(n);
    const pieces = await readPieces(page, room);
    page.cleanup();
    room -= pieces.length;
    if (room < 0)
      throw tooLargeError(`${url} has more than ${pdfPieces} pieces of text`);
    const found = toParagraphs(pieces);
    characters += found.reduce((sum, { length }) => sum + length, 0);
    if (characters > maxSnapshotCharacters)
      throw tooLargeError(
        `${url} has more than ${maxSnapshotCharacters} characters of text`,
      );
    paragraphs.push(...found);
  }
  return paragraphs;
}

function tooLargeError(message: string): PermanentError {
  return new PermanentError("too-large", message);
}

function unreadableError(url: string, cause: unknown): PermanentError {
  const message = `${url} is not a PDF that can be read`;
  return new PermanentError("bad-answer", message, { cause });
}

/** The part of pdf.js's document that is used here. */
interface Pdf {
  readonly numPages: number;
  readonly getPage: (
    n: number,
  ) => Promise<Page & { readonly cleanup: () => unknown }>;
}

interface Page {
  readonly streamTextContent: () => ReadableStream<unknown>;
}

/** Reads the pieces of text of a page; stops once there are more than `most`. */
async function readPieces(page: Page, most: number): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  const stream = page.streamTextContent().getReader();
  while (pieces.length <= most) {
    const { done, value } = await stream.read();
    if (done) return pieces;
    for (const item of toItems(value)) if (isPiece(item)) pieces.push(item);
  }
  await stream.cancel(new Error("There are too many pieces of text."));
  return pieces;
}

function toItems(part: unknown): readonly unknown[] {
  const isPart = typeof part === "object" && part !== null && "items" in part;
  return isPart && Array.isArray(part.items) ? part.items : [];
}

/** The stream also contains marks of structure. */
function isPiece(item: unknown): item is Piece {
  return typeof item === "object" && item !== null && "str" in item;
}

interface Piece {
  readonly str: string;
  readonly transform: readonly unknown[];
  readonly width: number;
  readonly height: number;
  readonly hasEOL: boolean;
}

interface TextLine {
  readonly text: string;
  /** Its right end and its height on the page, in points from the left and from the bottom. */
  readonly right: number;
  readonly y: number;
  readonly height: number;
}

/** The paragraphs of a page: lines at the page's usual distance, in one type size, that reach the right edge. */
function toParagraphs(pieces: readonly Piece[]): readonly string[] {
  const lines = toLines(pieces);
  const gaps = lines
    .map(({ y }, i) => (lines[i - 1]?.y ?? y) - y)
    .filter((gap) => gap > 0)
    .toSorted((a, b) => a - b);
  // The lower quartile: on a short page, half of the gaps may be between paragraphs.
  const usual = gaps[Math.floor(gaps.length / 4)] ?? 0;
  const edge = Math.max(0, ...lines.map(({ right }) => right));
  let text = "";
  lines.forEach((line, i) => {
    const above = lines[i - 1];
    text +=
      above === undefined ? "" : breakBetween(above, line, { usual, edge });
    text += line.text;
  });
  return text.split("\n\n");
}

function breakBetween(
  above: TextLine,
  line: TextLine,
  { usual, edge }: { readonly usual: number; readonly edge: number },
): string {
  const gap = above.y - line.y;
  const isApart =
    gap < 0 ||
    gap > 1.35 * Math.min(usual, 1.8 * line.height) ||
    Math.abs(above.height - line.height) > 0.15 * line.height;
  if (isApart) return "\n\n";
  return above.right < 0.75 * edge ? "\n" : " ";
}

function toLines(pieces: readonly Piece[]): readonly TextLine[] {
  const lines: TextLine[] = [];
  let line: Piece[] = [];
  const end = () => {
    const text = line
      .map(({ str }) => str)
      .join("")
      .trim();
    const last = line.findLast(({ str }) => str.trim() !== "");
    if (last !== undefined)
      lines.push({
        text,
        right: Number(last.transform[4]) + last.width,
        y: Number(last.transform[5]),
        height: Math.max(...line.map(({ height }) => height)),
      });
    line = [];
  };
  for (const piece of pieces) {
    line.push(piece);
    if (piece.hasEOL) end();
  }
  end();
  return lines;
}

/** Joins words that a line break cut in two; keeps the hyphen where the document also writes the word with it. */
function joinHyphenated(text: string): string {
  const hyphenated = new Set(
    [...text.matchAll(/(?<!\p{L})\p{L}{2,}-\p{Ll}{2,}/gu)].map(
      ([word]) => word,
    ),
  );
  return text.replace(
    /(?<!\p{L})(\p{L}{2,})-[ \n](\p{Ll}{2,})/gu,
    (_, head: string, tail: string) =>
      hyphenated.has(`${head}-${tail}`) ? `${head}-${tail}` : head + tail,
  );
}

function toWords(value: unknown): string | null {
  return (typeof value === "string" && tidy(value)) || null;
}
