import { PermanentError } from "../../../../domain/kernel/errors.ts";
import { idFrom } from "../../../../domain/kernel/hash.ts";
import {
  type LookedAt,
  type Source,
  sourceFacts,
} from "../../../../domain/sources/source.ts";
import type {
  Connector,
  DroppedItem,
  Fetched,
} from "../../../../ports/sources.ts";
import { isGone } from "../../../web/answer.ts";
import { shown } from "../../../web/url.ts";
import type { Got, Since } from "../../../web/fetch.ts";
import { dateOf, firstLookItems } from "../../item.ts";
import { itemOf, pageOf, type Posting, revisionOf } from "./postings.ts";
import { assertSomeRead, leavingOut } from "../../parseEach.ts";
import { ours, type Reach, vendorOf } from "../../reach.ts";

/** How many postings of a board are watched, the newest, so that a bookmark of them stays below 30 kB. */
export const watchedPostings = 3000;

/** The most that is read of a list, in bytes: some vendors list every posting with all of its text. */
const maxListBytes = 30_000_000;

type Cursor = Readonly<Record<string, string>>;
type SourceOf<Kind extends LookedAt> = Extract<Source, { kind: Kind }>;

/** What one answer lists, what of it cannot be read, and how many postings lie before the next page; null behind the last. */
interface Listed {
  readonly postings: readonly Posting[];
  readonly dropped: readonly DroppedItem[];
  readonly next: number | null;
}

/** What tells one vendor's job boards from another's. */
interface JobBoards<Kind extends LookedAt> {
  /** The company, as the vendor's addresses call it. */
  readonly nameOf: (source: SourceOf<Kind>) => string;
  /** Where the postings behind the first so many are listed. */
  readonly listUrl: (source: SourceOf<Kind>, offset: number) => string;
  readonly list: (got: Got, source: SourceOf<Kind>) => Listed | Promise<Listed>;
  /** Where one posting is told in full; absent where the list tells all. */
  readonly one?: {
    readonly url: (source: SourceOf<Kind>, id: string) => string;
    readonly read: (got: Got, source: SourceOf<Kind>) => Posting;
  };
}

/**
 * The postings of a company's job board. New is what the bookmark does not name in its present revision. A posting that
 * closes is nothing, and stays in the bookmark, so that a list that is short for once announces nothing twice.
 */
export function jobBoard<Kind extends LookedAt>(
  kind: Kind,
  reach: Reach,
  boards: JobBoards<Kind>,
): Connector {
  const vendor = vendorOf(kind, reach);
  const { licence } = sourceFacts[kind];

  /** All postings that are listed, and what makes the next look conditional; null where nothing changed since. */
  async function listing(
    source: SourceOf<Kind>,
    since: Since | null,
    signal: AbortSignal,
  ): Promise<(Omit<Listed, "next"> & { validators: Cursor }) | null> {
    const postings: Posting[] = [];
    const dropped: DroppedItem[] = [];
    let offset = 0;
    for (;;) {
      const got = await vendor.ask(boards.listUrl(source, offset), {
        signal,
        maxBytes: maxListBytes,
        ...(offset === 0 && since !== null ? { since } : {}),
      });
      if (got.status === 304) return null;
      if (isGone(got))
        throw new PermanentError(
          "not-found",
          `${vendor.name} has no board ${boards.nameOf(source)}`,
        );
      const page = await boards.list(got, source);
      for (const posting of page.postings) postings.push(posting);
      for (const posting of page.dropped) dropped.push(posting);
      if (page.next === null || page.next >= watchedPostings) {
        // A first page that is unchanged says nothing of the others.
        const isWhole = offset === 0 && page.next === null;
        assertSomeRead(
          { read: postings, dropped },
          `${vendor.name}: ${shown(got.url)}`,
        );
        const validators = isWhole ? validatorsOf(got) : {};
        return { postings, dropped, validators };
      }
      offset = page.next;
    }
  }

  async function listed(got: Got, source: SourceOf<Kind>, id: string) {
    const { postings, dropped } = await boards.list(got, source);
    const from = `${vendor.name}: ${shown(got.url)}`;
    assertSomeRead({ read: postings, dropped }, from);
    return postings.find((posting) => posting.id === id);
  }

  return {
    kind,

    async look(from, cursor, signal) {
      const source = ours(kind, from);
      const found = await listing(source, sinceOf(cursor), signal);
      if (found === null) return { items: [], cursor: cursor ?? {} };
      const all = byChange(found.postings);
      const watched = all.slice(-watchedPostings);
      const fresh =
        cursor === null
          ? watched.slice(-firstLookItems)
          : watched.filter(isNewTo(cursor));
      return {
        items: fresh.map((posting) =>
          itemOf(posting, kind, boards.nameOf(source)),
        ),
        ...leavingOut(found.dropped),
        cursor: {
          seen: remember(watched, cursor),
          // What is older was left out, and is no news when others make room for it.
          ...(all.length > watched.length ? since(watched[0]) : {}),
          ...found.validators,
        },
      };
    },

    async fetch(item, from, signal): Promise<Fetched | null> {
      const source = ours(kind, from);
      const id = item.facts["jobId"] ?? "";
      const { one } = boards;
      const url = one?.url(source, id) ?? boards.listUrl(source, 0);
      const got = await vendor.ask(url, { signal, maxBytes: maxListBytes });
      if (isGone(got)) return null;
      const posting = one?.read(got, source) ?? (await listed(got, source, id));
      if (posting === undefined) return null;
      return {
        body: new TextEncoder().encode(pageOf(posting)),
        contentType: "text/html; charset=utf-8",
        url: posting.url,
        licence,
      };
    },
  };
}

/** A posting with the mark that names it in its present revision: short, since there are thousands of them. */
type Marked = Posting & { readonly revision: string; readonly mark: string };

/** Each posting once, the oldest change first. */
function byChange(postings: readonly Posting[]): readonly Marked[] {
  const unique = new Map(postings.map((posting) => [posting.id, posting]));
  return [...unique.values()]
    .map((posting) => {
      const revision = revisionOf(posting);
      const mark = idFrom(posting.id, revision).slice(0, 8);
      return { ...posting, revision, mark };
    })
    .sort((a, b) => timeOf(a) - timeOf(b));
}

function timeOf(posting: Posting): number {
  return posting.changedAt?.getTime() ?? 0;
}

function isNewTo(cursor: Cursor): (posting: Marked) => boolean {
  const seen = new Set((cursor["seen"] ?? "").split(" "));
  const oldest = dateOf(cursor["updatedAt"])?.getTime() ?? -Infinity;
  return (posting) => !seen.has(posting.mark) && timeOf(posting) >= oldest;
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

function sinceOf(cursor: Cursor | null): Since | null {
  const { etag, lastModified } = cursor ?? {};
  return (etag ?? lastModified) === undefined ? null : { etag, lastModified };
}

function validatorsOf({ headers }: Got): Cursor {
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  return {
    ...(etag === null ? {} : { etag }),
    ...(lastModified === null ? {} : { lastModified }),
  };
}
