/**
 * The most that one document may cost its reader. Each limit is far above what people publish, and low enough that
 * a document within all of them is read in a few seconds; anything beyond is refused before it is parsed.
 */
export const budgets = {
  /** Bytes of a body: the most that is fetched of one answer, a job board's list. */
  bytes: 30_000_000,
  /** Elements, texts and attributes of a page; a DOM needs some 500 bytes for each. Long annual reports in inline XBRL have about 150,000. */
  nodes: 400_000,
  /** The depth of nested elements. People write no deeper pages, and the parser's time grows with the square of the depth. */
  depth: 5_000,
  /** The same for a fragment, such as a summary: above it, tags are stripped and nothing is parsed. */
  fragmentNodes: 50_000,
  fragmentDepth: 200,
  /** All fragments of one feed together. */
  feedNodes: 200_000,
  /** The same for a board's postings in XML, which are read without a DOM: some 60 for each of 3,000. */
  xmlNodes: 1_000_000,
  /** Pages of a PDF: the longest annual reports have about 400. */
  pdfPages: 500,
  /** Bytes that the streams of a PDF inflate to, except images, which are not read; pdf.js reads about 10 MB of these a second. */
  pdfInflatedBytes: 40_000_000,
  /** Separately placed pieces of text in a PDF; a printed page has some hundred. */
  pdfPieces: 300_000,
} as const;
