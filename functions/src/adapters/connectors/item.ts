import { idInPlaceOf, sha256 } from "../../domain/hash.ts";
import { SourceItem } from "../../domain/signal.ts";

/** What a look finds without a cursor: the newest three of each form, board or feed. */
export const firstLookItems = 3;

/** An item within the limits of its schema: titles cut, overlong ids hashed, overlong addresses left out; null where even so it does not fit. */
export function sourceItem(found: SourceItem): SourceItem | null {
  const parsed = SourceItem.safeParse({
    ...found,
    itemId:
      found.itemId.length > 1000 ? idInPlaceOf(found.itemId) : found.itemId,
    revision:
      found.revision.length > 200 ? sha256(found.revision) : found.revision,
    title: cut(found.title, 500),
    publisher: cut(found.publisher, 200),
    url: found.url !== null && found.url.length > 2000 ? null : found.url,
  });
  return parsed.success ? parsed.data : null;
}

/** Text on one line, at most `limit` UTF-16 units, never through the middle of a character. */
export function cut(text: string, limit: number): string {
  const line = text.replace(/\s+/gu, " ").trim();
  if (line.length <= limit) return line;
  return `${line.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/u, "")}…`;
}

/** A date that a source gives, or null where it is none. */
export function dateOf(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const at = Date.parse(text.trim());
  return Number.isNaN(at) ? null : new Date(at);
}
