import { parseDate } from "../../domain/kernel/foreignDate.ts";
import { hashId, sha256 } from "../../domain/kernel/hash.ts";
import { SourceItem } from "../../domain/signals/signal.ts";

/** What a poll without a cursor brings: the newest three of each form, board or feed. */
export const firstPollItems = 3;

/** An item within the limits of its schema: titles and facts cut, overlong ids hashed, what is no address left out. */
export function toSourceItem(found: SourceItem): SourceItem {
  const { itemId, revision, url, facts } = found;
  return {
    ...found,
    itemId: itemId.length > 1000 ? hashId(itemId) : wellFormed(itemId),
    revision: revision.length > 200 ? sha256(revision) : wellFormed(revision),
    title: toLine(found.title, 500),
    publisher: toLine(found.publisher, 200),
    url: SourceItem.shape.url.safeParse(url).success ? url : null,
    facts: Object.fromEntries(
      Object.entries(facts).map(([name, fact]) => [
        name,
        wellFormed(fact.slice(0, 2000)),
      ]),
    ),
  };
}

/** Text on one line, at most `limit` UTF-16 units, never through the middle of a character. */
export function toLine(text: string, limit: number): string {
  // Runs of spaces collapse, so more than the limit is read; text far beyond it is not.
  const line = wellFormed(text.slice(0, 50 * limit))
    .replace(/\s+/gu, " ")
    .trim();
  if (line.length <= limit) return line;
  return `${line.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/u, "")}…`;
}

/** A date that a source gives, or null where it is none. */
export function toItemDate(text: string | undefined): Date | null {
  return parseDate(text);
}

/** Halves of surrogate pairs, which no store keeps, become U+FFFD. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\u{FFFD}");
}
