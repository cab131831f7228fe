import { PermanentError } from "../../../../domain/kernel/errors.ts";
import { idFrom } from "../../../../domain/kernel/hash.ts";
import {
  type PolledKind,
  type Source,
  sourceFacts,
} from "../../../../domain/sources/source.ts";
import type {
  Connector,
  DroppedItem,
  Fetched,
} from "../../../../ports/sources.ts";
import { isGone } from "../../../web/answer.ts";
import { loggableUrl } from "../../../web/url.ts";
import type { WebResponse, Validators } from "../../../web/fetch.ts";
import { toItemDate, firstPollItems } from "../../item.ts";
import {
  postingToItem,
  postingToPage,
  type Posting,
  hashRevision,
} from "./postings.ts";
import { assertSomeRead, withDropped } from "../../parseEach.ts";
import {
  sourceOfKind,
  type Reach,
  type Vendor,
  vendorFor,
} from "../../reach.ts";

/** How many postings of a board are watched, the newest, so that a bookmark of them stays below 30 kB. */
export const watchedPostings = 3000;

/** The most that is read of a list, in bytes: some vendors list every posting with all of its text. */
const maxListBytes = 30_000_000;

type Cursor = Readonly<Record<string, string>>;
type SourceOfKind<Kind extends PolledKind> = Extract<Source, { kind: Kind }>;

/** What one answer lists, what of it cannot be read, and how many postings lie before the next page; null behind the last. */
interface Listed {
  readonly postings: readonly Posting[];
  readonly dropped: readonly DroppedItem[];
  readonly next: number | null;
}

/** What tells one vendor's job boards from another's. */
interface JobBoards<Kind extends PolledKind> {
  /** The company, as the vendor's addresses call it. */
  readonly boardName: (source: SourceOfKind<Kind>) => string;
  /** Where the postings behind the first so many are listed. */
  readonly listUrl: (source: SourceOfKind<Kind>, offset: number) => string;
  readonly list: (
    got: WebResponse,
    source: SourceOfKind<Kind>,
  ) => Listed | Promise<Listed>;
  /** Where one posting is told in full; absent where the list tells all. */
  readonly one?: {
    readonly url: (source: SourceOfKind<Kind>, id: string) => string;
    readonly read: (got: WebResponse, source: SourceOfKind<Kind>) => Posting;
  };
}

/**
 * The postings of a company's job board. New is what the bookmark does not name in its present revision. A posting that
 * closes is nothing, and stays in the bookmark, so that a list that is short for once announces nothing twice.
 */
export function jobBoard<Kind extends PolledKind>(
  kind: Kind,
  reach: Reach,
  boards: JobBoards<Kind>,
): Connector {
  const vendor = vendorFor(kind, reach);
  const { licence } = sourceFacts[kind];
  return {
    kind,

    async poll(from, cursor, abortSignal) {
      const source = sourceOfKind(kind, from);
      const asked = { source, since: toSince(cursor), abortSignal };
      const list = await fetchList(asked, boards, vendor);
      if (list === null) return { items: [], cursor: cursor ?? {} };
      const all = byChange(list.postings);
      const watched = all.slice(-watchedPostings);
      const news =
        cursor === null
          ? watched.slice(-firstPollItems)
          : watched.filter(isNewTo(cursor));
      return {
        items: news.map((posting) =>
          postingToItem(posting, kind, boards.boardName(source)),
        ),
        ...withDropped(list.dropped),
        cursor: {
          seen: remember(watched, cursor),
          // What is older was left out, and is no news when others make room for it.
          ...(all.length > watched.length ? since(watched[0]) : {}),
          ...list.validators,
        },
      };
    },

    async fetch(item, from, abortSignal): Promise<Fetched | null> {
      const source = sourceOfKind(kind, from);
      const id = item.facts["jobId"] ?? "";
      const { one } = boards;
      const url = one?.url(source, id) ?? boards.listUrl(source, 0);
      const options = { signal: abortSignal, maxBytes: maxListBytes };
      const got = await vendor.ask(url, options);
      if (isGone(got)) return null;
      const readList = async () => {
        const page = await boards.list(got, source);
        assertRead(page, got, vendor);
        return page.postings.find((posting) => posting.id === id);
      };
      const posting = one?.read(got, source) ?? (await readList());
      if (posting === undefined) return null;
      return {
        body: new TextEncoder().encode(postingToPage(posting)),
        contentType: "text/html; charset=utf-8",
        url: posting.url,
        licence,
      };
    },
  };
}

/** All postings that are listed, and what makes the next poll conditional; null where nothing changed since. */
async function fetchList<Kind extends PolledKind>(
  {
    source,
    since,
    abortSignal,
  }: {
    readonly source: SourceOfKind<Kind>;
    readonly since: Validators | null;
    readonly abortSignal: AbortSignal;
  },
  boards: JobBoards<Kind>,
  vendor: Vendor,
): Promise<(Omit<Listed, "next"> & { readonly validators: Cursor }) | null> {
  const postings: Posting[] = [];
  const dropped: DroppedItem[] = [];
  let offset = 0;
  for (;;) {
    const got = await vendor.ask(boards.listUrl(source, offset), {
      signal: abortSignal,
      maxBytes: maxListBytes,
      ...(offset === 0 && since !== null ? { since } : {}),
    });
    if (got.status === 304) return null;
    if (isGone(got))
      throw new PermanentError(
        "not-found",
        `${vendor.name} has no board ${boards.boardName(source)}`,
      );
    const page = await boards.list(got, source);
    for (const posting of page.postings) postings.push(posting);
    for (const posting of page.dropped) dropped.push(posting);
    if (page.next === null || page.next >= watchedPostings) {
      assertRead({ postings, dropped }, got, vendor);
      // A first page that is unchanged says nothing of the others.
      const isWhole = offset === 0 && page.next === null;
      return {
        postings,
        dropped,
        validators: isWhole ? toValidators(got) : {},
      };
    }
    offset = page.next;
  }
}

function assertRead(
  { postings, dropped }: Omit<Listed, "next">,
  got: WebResponse,
  vendor: Vendor,
): void {
  const from = `${vendor.name}: ${loggableUrl(got.url)}`;
  assertSomeRead({ read: postings, dropped }, from);
}

/** A posting with the mark that names it in its present revision: short, since there are thousands of them. */
type Marked = Posting & { readonly revision: string; readonly mark: string };

/** Each posting once, the oldest change first. */
function byChange(postings: readonly Posting[]): readonly Marked[] {
  const unique = new Map(postings.map((posting) => [posting.id, posting]));
  return [...unique.values()]
    .map((posting) => {
      const revision = hashRevision(posting);
      const mark = idFrom(posting.id, revision).slice(0, 8);
      return { ...posting, revision, mark };
    })
    .sort((a, b) => publishedMs(a) - publishedMs(b));
}

function publishedMs(posting: Posting): number {
  return posting.changedAt?.getTime() ?? 0;
}

function isNewTo(cursor: Cursor): (posting: Marked) => boolean {
  const seen = new Set((cursor["seen"] ?? "").split(" "));
  const oldest = toItemDate(cursor["updatedAt"])?.getTime() ?? -Infinity;
  return (posting) => !seen.has(posting.mark) && publishedMs(posting) >= oldest;
}

/** The postings listed now, the newest first, and as many of those seen before as there is room for. */
function remember(watched: readonly Marked[], before: Cursor | null): string {
  const known = (before?.["seen"] ?? "").split(" ");
  const marks = known.filter((mark) => /^[0-9a-f]{8}$/.test(mark));
  const listed = watched.map(({ mark }) => mark).toReversed();
  return [...new Set([...listed, ...marks])]
    .slice(0, watchedPostings)
    .join(" ");
}

/** Under the name by which the first bookmarks of Greenhouse boards gave their newest posting. */
function since(posting: Posting | undefined): Cursor {
  const { changedAt = null } = posting ?? {};
  return changedAt === null ? {} : { updatedAt: changedAt.toISOString() };
}

function toSince(cursor: Cursor | null): Validators | null {
  const { etag, lastModified } = cursor ?? {};
  return (etag ?? lastModified) === undefined ? null : { etag, lastModified };
}

function toValidators({ headers }: WebResponse): Cursor {
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  return {
    ...(etag === null ? {} : { etag }),
    ...(lastModified === null ? {} : { lastModified }),
  };
}
