import { contentHash } from "../../../../domain/kernel/hash.ts";
import type { SourceItem } from "../../../../domain/signals/signal.ts";
import type { PolledKind } from "../../../../domain/sources/source.ts";
import { escapeHtml } from "../../../text/documents/html.ts";
import { toLine, toSourceItem } from "../../item.ts";

/** A posting as its board tells of it; what the board leaves open is null, undefined or empty. */
export interface Posting {
  /** The board's own id of it. */
  readonly id: string;
  readonly title: string;
  /** The public page of it. */
  readonly url: string;
  /** The company by its name. */
  readonly company?: string | null | undefined;
  /** The last change that the board dates: when it was revised, published or made. */
  readonly changedAt: Date | null;
  /** The board's own mark of a revision; without one, what it says is compared. */
  readonly revision?: string;
  /** A language tag, such as "en" (BCP 47). */
  readonly language?: string | null | undefined;
  readonly location?: string | null | undefined;
  readonly department?: string | null | undefined;
  readonly employmentType?: string | null | undefined;
  readonly workplace?: Workplace | null | undefined;
  readonly compensation?: string | null | undefined;
  /** Its text as HTML; empty in a list that leaves it out. */
  readonly html: string;
}

/** Where the work is done. */
export type Workplace = "remote" | "hybrid" | "on-site";

const labels = {
  location: "Location",
  department: "Department",
  employmentType: "Employment",
  workplace: "Workplace",
  compensation: "Compensation",
} as const;

/** What changes when a posting is revised: its board's own mark, else a hash of its title, place and text. */
export function hashRevision(posting: Posting): string {
  const { revision, title, location, html } = posting;
  if (revision !== undefined) return revision;
  const text = html.replace(/<[^<>]*>/g, " ");
  return contentHash([title, location ?? "", text].join("\n")).slice(0, 32);
}

/** The posting as an item of its source. */
export function postingToItem(
  posting: Posting,
  source: PolledKind,
  board: string,
): SourceItem {
  const company = posting.company?.trim() || board;
  const facts = Object.fromEntries(postingFacts(posting));
  const where = facts["location"];
  return toSourceItem({
    source,
    itemId: `${board}/${posting.id}`,
    revision: hashRevision(posting),
    url: posting.url,
    title: `${company} is hiring: ${posting.title.trim()}${where === undefined ? "" : ` (${where})`}`,
    publisher: `${company} job board`,
    publishedAt: posting.changedAt,
    facts: { board, jobId: posting.id, ...facts },
  });
}

/** The posting as a page that is nothing but its article. */
export function postingToPage(posting: Posting): string {
  const title = escapeHtml(posting.title.trim());
  const facts = [
    ["Company", toLine(posting.company ?? "", 2000)] as const,
    ...postingFacts(posting).map(
      ([key, value]) => [labels[key], value] as const,
    ),
  ];
  const lines = facts
    .filter(([, value]) => value !== "")
    .map(([label, value]) => `<p>${label}: ${escapeHtml(value)}</p>`);
  const language = escapeHtml(posting.language ?? "");
  return `<html lang="${language}"><head><title>${title}</title></head><body><article><h1>${title}</h1>${lines.join("")}${posting.html}</article></body></html>`;
}

/** No posting names more places or departments, and a call takes no more arguments than a stack holds. */
export const mostParts = 100;

/** Those names that are given, each once, with commas between; null where none is. */
export function joinNames(
  ...names: readonly (string | null | undefined)[]
): string | null {
  const given = names.map((name) => name?.trim() ?? "").filter(Boolean);
  return [...new Set(given)].join(", ") || null;
}

/** A part of a posting's text under its heading, as HTML; empty where it has no text. */
export function section(
  heading: string | null | undefined,
  html: string | null | undefined,
): string {
  if (!html?.trim()) return "";
  return heading?.trim()
    ? `<h3>${escapeHtml(heading.trim())}</h3>${html}`
    : html;
}

/** A range of pay in one line, such as "70000–90000 EUR, year"; null where no amount is given. */
export function formatPay(range: {
  readonly min?: string | number | null | undefined;
  readonly max?: string | number | null | undefined;
  readonly currency?: string | null | undefined;
  readonly per?: string | null | undefined;
}): string | null {
  const { min, max, currency, per } = range;
  const amounts = [min, max].map((amount) => String(amount ?? "").trim());
  const span = [...new Set(amounts.filter(Boolean))].join("–");
  if (span === "") return null;
  return joinNames(`${span} ${currency?.toUpperCase() ?? ""}`, per);
}

type Fact = keyof typeof labels;

/** The facts that the board gives, each on one line and at most 2,000 characters. */
function postingFacts(posting: Posting): readonly (readonly [Fact, string])[] {
  const { location, department, employmentType, workplace, compensation } =
    posting;
  const facts = [
    ["location", location],
    ["department", department],
    ["employmentType", employmentType],
    ["workplace", workplace],
    ["compensation", compensation],
  ] as const;
  return facts
    .map(([key, value]) => [key, toLine(value ?? "", 2000)] as const)
    .filter(([, value]) => value !== "");
}
