import { hashId } from "../../domain/kernel/hash.ts";
import { truncate } from "../../domain/kernel/truncate.ts";
import { SourceItem } from "../../domain/signals/signal.ts";
import type { Deps } from "../../ports/deps.ts";
import type { DroppedItem, PollResult } from "../../ports/sources.ts";
import { itemWithoutPersons } from "../redaction.ts";

/** How many of a poll's dropped items get a record each; all of them are counted. */
export const mostRecorded = 50;

/** The items of a poll that may be announced, and those left out. */
interface Sorted {
  readonly items: readonly SourceItem[];
  readonly dropped: readonly DroppedItem[];
}

/**
 * Separates the items that can be stored, stripped of personal addresses, from those that cannot, judging each on its
 * own.
 */
export function storableItems(
  { items, dropped = [] }: PollResult,
  redactor: Deps["redactor"],
): Sorted {
  const kept: SourceItem[] = [];
  const left: DroppedItem[] = [...dropped];
  for (const item of items) {
    const fault = findFault(item);
    if (fault === null) kept.push(itemWithoutPersons(item, redactor));
    else left.push({ ...toNames(item), detail: fault });
  }
  return {
    items: kept,
    dropped: left.map((one) => withoutPersons(one, redactor)),
  };
}

function findFault(item: SourceItem): string | null {
  const { error } = SourceItem.safeParse(item);
  const [issue] = error?.issues ?? [];
  return issue === undefined
    ? null
    : `${issue.path.map(String).join(".")}: ${issue.message}`;
}

/** Its id and title, where these are text. */
function toNames({ itemId, title }: SourceItem) {
  return { itemId: String(itemId), title: String(title) };
}

/** A dropped item in a form that may be recorded: short, and without anybody's address or number. */
function withoutPersons(
  { itemId, title, detail }: DroppedItem,
  { redact }: Deps["redactor"],
): DroppedItem {
  const clean = (text: string, limit: number) =>
    truncate(
      redact(text.slice(0, 10 * limit)).replace(/\p{Cs}/gu, "\u{FFFD}"),
      limit,
    );
  const isId =
    itemId.length <= 200 &&
    !/\p{Cs}/u.test(itemId) &&
    redact(itemId) === itemId;
  return {
    itemId: isId ? itemId : hashId(itemId),
    title: clean(title, 500),
    detail: clean(detail, 500),
  };
}
