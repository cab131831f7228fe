import { z } from "zod";
import { PermanentError } from "../../domain/errors.ts";
import type { SourceItem } from "../../domain/signal.ts";
import { sourceFacts } from "../../domain/source.ts";
import type { Connector, Fetched } from "../../pipeline/ports.ts";
import { isGone, jsonOf } from "../web/answer.ts";
import type { Got } from "../web/fetcher.ts";
import { escapeHtml, unescapeHtml } from "../text/html.ts";
import { dateOf, firstLookItems, sourceItem } from "./item.ts";
import { ours, type Reach, vendorOf } from "./reach.ts";

const { name: source, licence } = sourceFacts.greenhouse;

/** A posting as a board lists it (Greenhouse Job Board API, List jobs). */
const Posting = z.object({
  id: z.union([z.int(), z.string().min(1)]),
  title: z.string(),
  absolute_url: z.url(),
  updated_at: z
    .string()
    .refine((text) => dateOf(text) !== null, "is not a date"),
  company_name: z.string().optional(),
  location: z.object({ name: z.string().nullish() }).nullish(),
});
type Posting = z.infer<typeof Posting>;

/** A posting in full: `content` is HTML that has been escaped once more (Greenhouse Job Board API, Retrieve a job). */
const FullPosting = Posting.extend({
  content: z.string(),
  language: z.string().nullish(),
  departments: z.array(z.object({ name: z.string() })).nullish(),
});

const Board = z.object({ jobs: z.array(z.unknown()) });

/** The postings of a company's Greenhouse job board. */
export function greenhouse(reach: Reach): Connector {
  const vendor = vendorOf("greenhouse", reach);
  const get = (path: string, signal: AbortSignal) =>
    vendor.ask(`https://boards-api.greenhouse.io/v1/boards/${path}`, {
      signal,
    });

  return {
    kind: "greenhouse",

    async look(from, cursor, signal) {
      const { board } = ours("greenhouse", from);
      const got = await get(`${board}/jobs?content=false`, signal);
      if (isGone(got))
        throw new PermanentError(
          "not-found",
          `${source} has no board ${board}`,
        );
      const listed = postingsOf(got);
      const found =
        cursor === null
          ? listed.slice(-firstLookItems)
          : listed.filter((p) => isNew(p, cursor));
      return {
        items: found
          .map((posting) => itemOf(posting, board))
          .filter((item) => item !== null),
        cursor: cursorAfter(listed, cursor),
      };
    },

    async fetch(item, from, signal): Promise<Fetched | null> {
      const board = item.facts["board"] ?? ours("greenhouse", from).board;
      const got = await get(
        `${encodeURIComponent(board)}/jobs/${encodeURIComponent(item.facts["jobId"] ?? "")}`,
        signal,
      );
      if (isGone(got)) return null;
      const posting = jsonOf(got, source, FullPosting);
      const body = new TextEncoder().encode(pageOf(posting));
      return {
        body,
        contentType: "text/html; charset=utf-8",
        url: posting.absolute_url,
        licence,
      };
    },
  };
}

/** The postings that can be read, oldest change first. A list of nothing but unreadable ones is none. */
function postingsOf(got: Got): readonly Posting[] {
  const { jobs } = jsonOf(got, source, Board);
  const read = jobs.map((job) => Posting.safeParse(job));
  const postings = read.filter((r) => r.success).map((r) => r.data);
  const broken = read.find((r) => !r.success);
  if (postings.length === 0 && broken !== undefined) {
    throw new PermanentError(
      "bad-answer",
      `${source}: ${got.url} lists no readable posting`,
      { cause: broken.error },
    );
  }
  return postings.sort((a, b) => changedAt(a) - changedAt(b));
}

function changedAt(posting: Posting): number {
  return Date.parse(posting.updated_at);
}

function isNew(
  posting: Posting,
  cursor: Readonly<Record<string, string>>,
): boolean {
  const newest = dateOf(cursor["updatedAt"])?.getTime();
  if (newest === undefined) return true;
  if (changedAt(posting) !== newest) return changedAt(posting) > newest;
  return !(cursor["seen"] ?? "").split(" ").includes(String(posting.id));
}

function cursorAfter(
  listed: readonly Posting[],
  before: Readonly<Record<string, string>> | null,
): Readonly<Record<string, string>> {
  const last = listed.at(-1);
  const known = dateOf(before?.["updatedAt"])?.getTime() ?? -Infinity;
  // Boards shrink when postings close; the bookmark never moves back.
  if (last === undefined || changedAt(last) < known)
    return before ?? { updatedAt: "", seen: "" };
  const ids = listed
    .filter((p) => changedAt(p) === changedAt(last))
    .map((p) => String(p.id));
  return {
    updatedAt: new Date(changedAt(last)).toISOString(),
    seen: ids.join(" "),
  };
}

function itemOf(posting: Posting, board: string): SourceItem | null {
  const location = posting.location?.name?.trim() ?? "";
  const company = posting.company_name?.trim() ?? board;
  return sourceItem({
    source: "greenhouse",
    itemId: `${board}/${posting.id}`,
    revision: posting.updated_at,
    url: posting.absolute_url,
    title: `${company} is hiring: ${posting.title.trim()}${location === "" ? "" : ` (${location})`}`,
    publisher: `${company} job board`,
    publishedAt: dateOf(posting.updated_at),
    facts: {
      board,
      jobId: String(posting.id),
      location: location.slice(0, 2000),
    },
  });
}

/** The posting as a page that is nothing but its article. */
function pageOf(posting: z.infer<typeof FullPosting>): string {
  const departments = (posting.departments ?? [])
    .map((department) => department.name)
    .join(", ");
  const facts = [
    ["Company", posting.company_name],
    ["Location", posting.location?.name],
    ["Department", departments],
  ] as const;
  const lines = facts
    .filter(([, value]) => value?.trim())
    .map(
      ([label, value]) => `<p>${label}: ${escapeHtml(value?.trim() ?? "")}</p>`,
    );
  const title = escapeHtml(posting.title.trim());
  const lang = escapeHtml(posting.language ?? "");
  return `<html lang="${lang}"><head><title>${title}</title></head><body><article><h1>${title}</h1>${lines.join("")}${unescapeHtml(posting.content)}</article></body></html>`;
}
