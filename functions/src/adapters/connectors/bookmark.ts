import { idFrom } from "../../domain/kernel/hash.ts";
import { addMs, dayMs } from "../../domain/kernel/instant.ts";
import { dateOf, firstLookItems } from "./item.ts";

type Cursor = Readonly<Record<string, string>>;

/** Something that a search lists: called the same at every look, and dated as far as is known. */
interface Listed {
  readonly id: string;
  readonly publishedAt: Date | null;
}

/** Searches list late what is dated earlier; so much before the newest is told by name, not by date. */
const overlapMs = 3 * dayMs;

/** How many names a bookmark holds: 1,000 of 16 characters are 17 kB. */
const remembered = 1000;

/**
 * What is listed for the first time, oldest first, what has no date before all, and the bookmark after it.
 * With no bookmark: the newest three.
 */
export function sinceBookmark<T extends Listed>(
  listed: readonly T[],
  cursor: Cursor | null,
  now: Date,
): { readonly found: readonly T[]; readonly cursor: Cursor } {
  const unique = [...new Map(listed.map((one) => [one.id, one])).values()];
  const sorted = unique.sort((a, b) => timeOf(a) - timeOf(b));
  const before = (cursor?.["seen"] ?? "").split(" ").filter(Boolean);
  const seen = new Set(before);
  const from = overlapStart(cursor);
  const found =
    cursor === null
      ? sorted.slice(-firstLookItems)
      : sorted.filter((one) => isSince(one, from) && !seen.has(markOf(one)));

  // What is dated ahead must not make what comes until then look old.
  const newest = Math.min(
    now.getTime(),
    sorted
      .map(timeOf)
      .reduce(
        (latest, time) => Math.max(latest, time),
        dateOf(cursor?.["newest"])?.getTime() ?? 0,
      ),
  );
  const since = new Date(newest - overlapMs);
  const marks = sorted.filter((one) => isSince(one, since)).map(markOf);
  return {
    found,
    cursor: {
      newest: newest === 0 ? "" : new Date(newest).toISOString(),
      seen: [...new Set([...marks.toReversed(), ...before])]
        .slice(0, remembered)
        .join(" "),
    },
  };
}

/** The moment from which on something may be new to a bookmark; null where there is none. */
export function overlapStart(cursor: Cursor | null): Date | null {
  const newest = dateOf(cursor?.["newest"]);
  return newest === null ? null : addMs(newest, -overlapMs);
}

function isSince({ publishedAt }: Listed, from: Date | null): boolean {
  return publishedAt === null || from === null || publishedAt >= from;
}

function timeOf({ publishedAt }: Listed): number {
  return publishedAt?.getTime() ?? 0;
}

function markOf({ id }: Listed): string {
  return idFrom(id).slice(0, 16);
}
