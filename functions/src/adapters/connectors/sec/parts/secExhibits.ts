import { isGone } from "../../../web/answer.ts";
import { unescapeHtml } from "../../../text/documents/html.ts";
import { newYorkTime } from "./newYork.ts";
import { type AskSec, archiveUrl } from "./secArchive.ts";
import type { Exhibit, Filing } from "./secFiling.ts";

/** Items by which an 8-K says little itself and furnishes a press release or slides: results, Regulation FD, other events. */
const coverItems = ["2.02", "7.01", "8.01"];

/** Of what is a cover page more exhibits than these are annexes. */
const mostExhibits = 5;

/** What the header of a filing's submission says. */
export interface Header {
  /** When EDGAR accepted it; null where there is no header, or none that says so. */
  readonly acceptedAt: Date | null;
  /** The press releases and the like (EX-99.*) of a filing that is a cover page of theirs: an 8-K of such items, or a 6-K. */
  readonly exhibits: readonly Exhibit[];
}

/** Reads the header of a filing's submission (SEC, EDGAR Public Dissemination Service, Technical Specification). */
export async function fetchHeader(
  filing: Filing,
  ask: AskSec,
  signal: AbortSignal,
): Promise<Header> {
  const { cik, accession } = filing;
  const headers = `${accession}-index-headers.html`;
  const got = await ask(archiveUrl(cik, accession, headers), { signal });
  if (isGone(got)) return { acceptedAt: null, exhibits: [] };
  const [head = "", ...documents] = unescapeHtml(
    new TextDecoder("latin1").decode(got.body),
  ).split("<DOCUMENT>");
  return {
    acceptedAt: newYorkTime(tag(head, "ACCEPTANCE-DATETIME")),
    exhibits: isCover(filing) ? exhibitsIn(documents) : [],
  };
}

function exhibitsIn(documents: readonly string[]): readonly Exhibit[] {
  return documents
    .map((text) => ({
      type: tag(text, "TYPE"),
      file: tag(text, "FILENAME"),
      description: tag(text, "DESCRIPTION"),
    }))
    .filter(
      ({ type, file }) =>
        /^EX-99(?:\.|$)/u.test(type) &&
        /^[\w.-]+\.(?:html?|txt|pdf)$/iu.test(file),
    )
    .slice(0, mostExhibits);
}

/** Whether a filing says little itself, so that its exhibits are worth a look. */
export function isCover({ form, items }: Filing): boolean {
  if (form.startsWith("6-K")) return true;
  return (
    form.startsWith("8-K") &&
    items.split(",").some((item) => coverItems.includes(item.trim()))
  );
}

/** The value behind an SGML tag, up to the end of its line; file names are links in some of these pages. */
function tag(text: string, name: string): string {
  const mark = `<${name}>`;
  const at = text.indexOf(mark);
  if (at < 0) return "";
  const [line = ""] = text.slice(at + mark.length).split("\n", 1);
  return line.replace(/<[^<>]*>/gu, "").trim();
}
