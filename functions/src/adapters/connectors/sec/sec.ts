import { z } from "zod";
import { PermanentError } from "../../../domain/kernel/errors.ts";
import { ForeignDate } from "../../../domain/kernel/foreignDate.ts";
import { addMs, dayMs } from "../../../domain/kernel/instant.ts";
import { earlier } from "../../../domain/signals/occurrence.ts";
import type { SourceItem } from "../../../domain/signals/signal.ts";
import { sourceFacts } from "../../../domain/sources/source.ts";
import type { Connector, DroppedItem } from "../../../ports/sources.ts";
import { isGone, parseJsonBody } from "../../web/answer.ts";
import type { WebResponse } from "../../web/fetch.ts";
import { defineConnector } from "../definition.ts";
import { toItemDate, firstPollItems } from "../item.ts";
import {
  assertSomeRead,
  withDropped,
  parseEach,
  type ParsedList,
} from "../parseEach.ts";
import { sourceOfKind, type Reach } from "../reach.ts";
import {
  fetchArchived,
  askSec,
  type SecSettings,
  secSettings,
} from "./parts/secArchive.ts";
import { acceptedBy, type ListClock, detectClock } from "./parts/secClock.ts";
import { type Header, fetchHeader, isCover } from "./parts/secExhibits.ts";
import {
  accessionPattern,
  amendedBy,
  type Filing,
  filingToItem,
} from "./parts/secFiling.ts";
import { defaultForms, isAmongForms } from "./parts/secForms.ts";

export const secDefinition = defineConnector({
  kind: "sec",
  settings: secSettings,
  connect: sec,
});

const { name: source } = sourceFacts.sec;

type Cursor = Readonly<Record<string, string>>;

/** A filing may be listed after one that was accepted later; those accepted this long before the newest are remembered by name. */
const overlapMs = 3 * dayMs;

/** How many filings one poll brings; after a long pause the next poll continues where it ended. */
const filingsPerPoll = 100;

/** How many accession numbers a bookmark holds: 1,000 are 21 kB. */
const mostMarks = 1000;

const Column = z.array(z.unknown());

/** A list of filings in columns of equal length (SEC, EDGAR Application Programming Interfaces). */
const Columns = z
  .object({
    accessionNumber: Column,
    acceptanceDateTime: Column,
    form: Column,
    items: Column,
    primaryDocument: Column,
    reportDate: Column,
  })
  .refine(
    (c) => new Set(Object.values(c).map((column) => column.length)).size === 1,
    { message: "has columns of unequal length" },
  );

/** One row of it, of which one that does not fit is left out. */
const Row = z.object({
  accession: z.string().regex(accessionPattern),
  acceptedAt: ForeignDate,
  form: z.string(),
  items: z.string(),
  /** A path below the filing's folder. */
  primaryDocument: z
    .string()
    .regex(/^(?:[\w-][\w .()-]*(?:\/[\w-][\w .()-]*)*\/?)?$/),
  reportDate: z.string().regex(/^\d{4}-\d{2}-\d{2}$|^$/),
});

/** A further file of the list. */
const File = z.object({
  name: z.string().regex(/^CIK\d{10}-submissions-\d{3}\.json$/),
  filingTo: z.string(),
});

/** The part of a company's submissions that is used: the filings of at least a year, and the files with those before. */
const Submissions = z.object({
  name: z.string().min(1),
  filings: z.object({
    recent: Columns,
    files: z.array(z.unknown()).default([]),
  }),
});

/** The filings of a company with SEC EDGAR, amendments included, and the press releases that they furnish. */
export function sec(reach: Reach, settings: SecSettings): Connector {
  const ask = askSec("sec", reach, settings);
  return {
    kind: "sec",

    async poll(from, cursor, abortSignal) {
      const { cik, forms = defaultForms } = sourceOfKind("sec", from);
      const got = await ask(submissionsUrl(`CIK${cik}.json`), {
        signal: abortSignal,
        since: {
          etag: cursor?.["etag"],
          lastModified: cursor?.["lastModified"],
        },
      });
      if (isGone(got))
        throw new PermanentError(
          "not-found",
          `${source} knows no company ${cik}`,
        );
      if (cursor !== null && got.status === 304) return { items: [], cursor };
      const { name: company, filings } = parseJsonBody(
        got,
        source,
        Submissions,
      );
      const watch = { cik, company, now: reach.now(), forms, cursor };
      const listed = await fetchFilings(filings, watch, (file) =>
        ask(submissionsUrl(file), { signal: abortSignal }),
      );
      const chosen = chooseFilings(listed.all, watch);
      const { items, clock } = await filingsToItems(
        { found: chosen.found, all: listed.all },
        parseClock(cursor),
        (filing) => fetchHeader(filing, ask, abortSignal),
      );
      return {
        items,
        cursor: {
          // In the time of the lists, whichever that is.
          ...cursorAfter(chosen.seen, cursor),
          ...(clock === null ? {} : { clock }),
          ...(chosen.isWhole && listed.isWhole ? toValidators(got) : {}),
        },
        ...withDropped(listed.dropped),
      };
    },

    fetch: (item, _from, abortSignal) => fetchArchived(item, ask, abortSignal),
  };
}

/** Whose filings are polled, which of them, and since when. */
interface Watch {
  readonly cik: string;
  readonly company: string;
  readonly now: Date;
  readonly forms: readonly string[];
  readonly cursor: Cursor | null;
}

/** The recent filings, and those of older files that the bookmark has not seen, oldest first; `isWhole`: no such file is left. */
async function fetchFilings(
  list: z.infer<typeof Submissions>["filings"],
  watch: Watch,
  askFile: (file: string) => Promise<WebResponse>,
): Promise<{
  readonly all: readonly Filing[];
  readonly dropped: readonly DroppedItem[];
  readonly isWhole: boolean;
}> {
  const { read: recent, dropped } = parseFilings(list.recent, watch);
  assertSomeRead({ read: recent, dropped }, source);
  const older: Filing[] = [];
  const unreadable = [...dropped];
  const files = parseEach(list.files, File);
  const missed = filesSince(watch.cursor, recent, files.read);
  const isWanted = isNewFor(watch);
  while (missed.length > 0 && older.filter(isWanted).length < filingsPerPoll) {
    const file = await askFile(missed.shift() ?? "");
    if (isGone(file)) continue;
    const more = parseFilings(parseJsonBody(file, source, Columns), watch);
    for (const filing of more.read) older.push(filing);
    for (const row of more.dropped) unreadable.push(row);
  }
  return {
    all: [...older, ...recent].sort(byAcceptance),
    dropped: unreadable,
    isWhole: missed.length === 0,
  };
}

/** Of the filings those that this poll brings, and those that its bookmark is to have seen. */
function chooseFilings(all: readonly Filing[], watch: Watch) {
  const { forms, cursor } = watch;
  const news =
    cursor === null ? newestOfEach(all, forms) : all.filter(isNewFor(watch));
  const left = news.slice(filingsPerPoll);
  return {
    found: news.slice(0, filingsPerPoll),
    seen: all.filter(
      (filing) => isAmongForms(filing.form, forms) && !left.includes(filing),
    ),
    isWhole: left.length === 0,
  };
}

function isNewFor({ forms, cursor }: Watch): (filing: Filing) => boolean {
  return (filing) =>
    isAmongForms(filing.form, forms) &&
    (cursor === null || isNew(filing, cursor));
}

function submissionsUrl(file: string): string {
  return `https://data.sec.gov/submissions/${file}`;
}

/** The rows that can be read, oldest first, and those that cannot. */
function parseFilings(
  columns: z.infer<typeof Columns>,
  { cik, company, now }: Pick<Watch, "cik" | "company" | "now">,
): ParsedList<Filing> {
  const rows = columns.form.map((form, row) => ({
    form,
    accession: columns.accessionNumber[row],
    acceptedAt: columns.acceptanceDateTime[row],
    items: columns.items[row],
    primaryDocument: columns.primaryDocument[row],
    reportDate: columns.reportDate[row],
  }));
  const { read, dropped } = parseEach(rows, Row);
  const filings = read.map((row): Filing => ({
    ...row,
    cik,
    company,
    // What is dated ahead must not make what is filed until then look old.
    acceptedAt: earlier(row.acceptedAt, now),
  }));
  return { read: filings.toSorted(byAcceptance), dropped };
}

/** The files with what was filed since the bookmark and before the recent filings, the oldest first. */
function filesSince(
  cursor: Cursor | null,
  recent: readonly Filing[],
  files: readonly z.infer<typeof File>[],
): string[] {
  const newest = toItemDate(cursor?.["acceptedAt"]);
  const oldest = recent[0]?.acceptedAt;
  if (newest === null || oldest === undefined || newest >= oldest) return [];
  const from = addMs(newest, -overlapMs).toISOString().slice(0, 10);
  return files
    .filter(({ filingTo }) => filingTo >= from)
    .sort((a, b) => (a.filingTo < b.filingTo ? -1 : 1))
    .map(({ name }) => name);
}

function byAcceptance(a: Filing, b: Filing): number {
  return (
    a.acceptedAt.getTime() - b.acceptedAt.getTime() ||
    (a.accession < b.accession ? -1 : 1)
  );
}

function newestOfEach(
  filings: readonly Filing[],
  forms: readonly string[],
): readonly Filing[] {
  const newest = forms.flatMap((form) =>
    filings.filter((f) => isAmongForms(f.form, [form])).slice(-firstPollItems),
  );
  return [...new Set(newest)].sort(byAcceptance);
}

function isNew(filing: Filing, cursor: Cursor): boolean {
  const newest = toItemDate(cursor["acceptedAt"]);
  if (newest === null) return true;
  if (filing.acceptedAt < addMs(newest, -overlapMs)) return false;
  return !(cursor["seen"] ?? "").split(" ").includes(filing.accession);
}

function cursorAfter(
  seen: readonly Filing[],
  before: Cursor | null,
): { readonly acceptedAt: string; readonly seen: string } {
  const newest = seen.at(-1)?.acceptedAt;
  const known = toItemDate(before?.["acceptedAt"]);
  if (newest === undefined || (known !== null && newest < known))
    return {
      acceptedAt: before?.["acceptedAt"] ?? "",
      seen: before?.["seen"] ?? "",
    };
  const recent = seen.filter((f) => f.acceptedAt >= addMs(newest, -overlapMs));
  return {
    acceptedAt: newest.toISOString(),
    seen: recent
      .slice(-mostMarks)
      .map((f) => f.accession)
      .join(" "),
  };
}

function parseClock(cursor: Cursor | null): ListClock | null {
  const clock = cursor?.["clock"];
  return clock === "utc" || clock === "newYork" ? clock : null;
}

/** What the next poll sends to ask whether anything has changed. */
function toValidators({ headers }: WebResponse): Cursor {
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  return {
    ...(etag === null ? {} : { etag }),
    ...(lastModified === null ? {} : { lastModified }),
  };
}

/** Every filing with its exhibits behind it, as of the moment that EDGAR accepted it, and the clock of the filer's list where that is known. */
async function filingsToItems(
  { found, all }: Readonly<Record<"found" | "all", readonly Filing[]>>,
  known: ListClock | null,
  headerOfFiling: (filing: Filing) => Promise<Header>,
): Promise<{
  readonly items: readonly SourceItem[];
  readonly clock: ListClock | null;
}> {
  const headers = new Map<Filing, Header>();
  let clock = known;
  const read = async (filing: Filing) => {
    const header = await headerOfFiling(filing);
    headers.set(filing, header);
    const { acceptedAt } = header;
    if (acceptedAt !== null)
      clock = detectClock(filing.acceptedAt, acceptedAt) ?? clock;
  };
  for (const filing of found.filter(isCover)) await read(filing);
  const newest = found.at(-1);
  // One header tells the clock of all that this filer has filed.
  if (clock === null && newest !== undefined && !headers.has(newest))
    await read(newest);
  const items = found.flatMap((listed) => {
    const { acceptedAt, exhibits = [] } = headers.get(listed) ?? {};
    const at = acceptedAt ?? acceptedBy(clock, listed.acceptedAt);
    const filing = { ...listed, acceptedAt: at };
    const amended = amendedBy(listed, all);
    return [
      filingToItem("sec", filing, { amended }),
      ...exhibits.map((exhibit) =>
        filingToItem("sec", filing, { amended, exhibit }),
      ),
    ];
  });
  return { items, clock };
}
