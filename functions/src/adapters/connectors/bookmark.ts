import { idFrom } from "../../domain/kernel/hash.ts";
import { addMs, dayMs } from "../../domain/kernel/instant.ts";
import { toItemDate, firstPollItems } from "./item.ts";

type Cursor = Readonly<Record<string, string>>;

/** An entry of a search: it has the same id at every poll, and a date where one is known. */
interface Listed {
  readonly id: string;
  readonly publishedAt: Date | null;
}

/** Searches list some entries late. This close to the newest, entries are told apart by id, not by date. */
const overlapMs = 3 * dayMs;

/** How many marks a bookmark holds: 1,000 of 16 characters are 17 kB. */
const mostMarks = 1000;

/**
 * The entries listed for the first time, oldest first (those without a date come before all), and the bookmark that
 * follows. Without a bookmark: the newest three.
 */
export function sinceBookmark<T extends Listed>(
  listed: readonly T[],
  cursor: Cursor | null,
  now: Date,
): { readonly found: readonly T[]; readonly cursor: Cursor } {
  const unique = [...new Map(listed.map((one) => [one.id, one])).values()];
  const sorted = unique.sort((a, b) => publishedMs(a) - publishedMs(b));
  const before = (cursor?.["seen"] ?? "").split(" ").filter(Boolean);
  const seen = new Set(before);
  const from = overlapStart(cursor);
  const found =
    cursor === null
      ? sorted.slice(-firstPollItems)
      : sorted.filter((one) => isSince(one, from) && !seen.has(toMark(one)));

  // What is dated ahead must not make what comes until then look old.
  const newest = Math.min(
    now.getTime(),
    sorted
      .map(publishedMs)
      .reduce(
        (latest, time) => Math.max(latest, time),
        toItemDate(cursor?.["newest"])?.getTime() ?? 0,
      ),
  );
  const since = new Date(newest - overlapMs);
  const marks = sorted.filter((one) => isSince(one, since)).map(toMark);
  return {
    found,
    cursor: {
      newest: newest === 0 ? "" : new Date(newest).toISOString(),
      seen: [...new Set([...marks.toReversed(), ...before])]
        .slice(0, mostMarks)
        .join(" "),
    },
  };
}

/** The moment from which on something may be new to a bookmark; null where there is none. */
export function overlapStart(cursor: Cursor | null): Date | null {
  const newest = toItemDate(cursor?.["newest"]);
  return newest === null ? null : addMs(newest, -overlapMs);
}

function isSince({ publishedAt }: Listed, from: Date | null): boolean {
  return publishedAt === null || from === null || publishedAt >= from;
}

function publishedMs({ publishedAt }: Listed): number {
  return publishedAt?.getTime() ?? 0;
}

function toMark({ id }: Listed): string {
  return idFrom(id).slice(0, 16);
}
