/**
 * The most that one document may ask of whoever reads it. Each is far above what people publish, and low enough that
 * what keeps within all of them is read in a few seconds; what goes beyond is refused before it is parsed.
 */
export const budgets = {
  /** Bytes of a body: as much as is fetched of one answer at most, a job board's list. */
  bytes: 30_000_000,
  /** Elements, texts and attributes of a page, of which a DOM needs some 500 bytes each; long annual reports in inline XBRL have about 150,000. */
  nodes: 400_000,
  /** Elements within one another. Deeper pages are not written by people, and take the parser a time that grows with the square of their depth. */
  depth: 5_000,
  /** The same of a fragment, such as a summary: what costs more loses its tags, and is not parsed. */
  fragmentNodes: 50_000,
  fragmentDepth: 200,
  /** All fragments of one feed together. */
  feedNodes: 200_000,
  /** The same of a board's postings in XML, which are read without a DOM: some 60 for each of 3,000. */
  xmlNodes: 1_000_000,
  /** Pages of a PDF: the longest annual reports have about 400. */
  pdfPages: 500,
  /** Bytes that the streams of a PDF inflate to, images apart, which are not looked at; of these pdf.js reads about 10 MB a second. */
  pdfInflatedBytes: 40_000_000,
  /** Pieces of text that a PDF places one by one; a page of print has some hundred. */
  pdfPieces: 300_000,
} as const;
