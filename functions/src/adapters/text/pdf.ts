import { PermanentError } from "../../domain/errors.ts";
import { maxSnapshotCharacters } from "../../domain/snapshot.ts";
import { instantOf } from "./dates.ts";
import { tidy } from "./html.ts";

/** What a PDF says, and what its information dictionary says of it. */
export interface PdfContent {
  readonly title: string | null;
  readonly text: string;
  readonly author: string | null;
  readonly publishedAt: Date | null;
}

const mostPages = 500;

/** Whether bytes are those of a PDF (ISO 32000-1, 7.5.2; readers look for the mark in the first 1,024 bytes). */
export function isPdf(body: Uint8Array): boolean {
  const beginning = new TextDecoder("latin1").decode(body.subarray(0, 1024));
  return beginning.includes("%PDF-");
}

/** Reads a PDF's pages one after the other. PermanentError for what is damaged or locked, and beyond 500 pages or the largest text that is archived. */
export async function readPdf(
  body: Uint8Array,
  url: string,
): Promise<PdfContent> {
  const { getDocumentProxy } = await import("unpdf");
  // It takes over the bytes that it is given, and wants no Buffer.
  const pdf = await getDocumentProxy(Uint8Array.from(body)).catch(
    (cause: unknown) => {
      throw new PermanentError(
        "bad-answer",
        `${url} is not a PDF that can be read`,
        { cause },
      );
    },
  );
  try {
    if (pdf.numPages > mostPages) {
      const message = `${url} has ${pdf.numPages} pages`;
      throw new PermanentError("too-large", message);
    }
    const paragraphs: string[] = [];
    let characters = 0;
    for (let n = 1; n <= pdf.numPages; n++) {
      const page = await pdf.getPage(n);
      const { items } = await page.getTextContent();
      page.cleanup();
      const found = paragraphsOf(
        items.flatMap((item) => ("str" in item ? [item] : [])),
      );
      characters += found.reduce((sum, { length }) => sum + length, 0);
      if (characters > maxSnapshotCharacters) {
        const message = `${url} has more than ${maxSnapshotCharacters} characters of text`;
        throw new PermanentError("too-large", message);
      }
      paragraphs.push(...found);
    }
    const { info } = await pdf.getMetadata();
    const says = new Map(Object.entries(info));
    return {
      title: wordIn(says.get("Title")),
      text: tidy(withoutHyphens(paragraphs.join("\n\n"))),
      author: wordIn(says.get("Author")),
      publishedAt: instantOf(wordIn(says.get("CreationDate")) ?? ""),
    };
  } catch (error) {
    if (error instanceof PermanentError) throw error;
    throw new PermanentError(
      "bad-answer",
      `${url} is not a PDF that can be read`,
      { cause: error },
    );
  } finally {
    await pdf.destroy();
  }
}

interface Piece {
  readonly str: string;
  readonly transform: readonly unknown[];
  readonly width: number;
  readonly height: number;
  readonly hasEOL: boolean;
}

interface PrintedLine {
  readonly text: string;
  /** Where it ends and on what height it stands, in points from the left and from the foot. */
  readonly right: number;
  readonly y: number;
  readonly height: number;
}

/** The paragraphs of a page: lines whose distance is the page's usual one, in one type size, and that go to the right edge. */
function paragraphsOf(pieces: readonly Piece[]): readonly string[] {
  const lines = printedLines(pieces);
  const gaps = lines
    .map(({ y }, i) => (lines[i - 1]?.y ?? y) - y)
    .filter((gap) => gap > 0)
    .toSorted((a, b) => a - b);
  // The lower quarter: half of a short page may be gaps between paragraphs.
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
  above: PrintedLine,
  line: PrintedLine,
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

function printedLines(pieces: readonly Piece[]): readonly PrintedLine[] {
  const lines: PrintedLine[] = [];
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

/** Words that a line's end cut in two, in one piece; the hyphen stays where the same document writes the word with it. */
function withoutHyphens(text: string): string {
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

function wordIn(value: unknown): string | null {
  return (typeof value === "string" && tidy(value)) || null;
}
