import { hashId } from "../../domain/kernel/hash.ts";
import { truncate } from "../../domain/kernel/truncate.ts";
import { SourceItem } from "../../domain/signals/signal.ts";
import type { Deps } from "../../ports/deps.ts";
import type { DroppedItem, PollResult } from "../../ports/sources.ts";
import { itemWithoutPersons } from "../redaction.ts";

/** How many dropped items of one look are recorded each by itself; all of them are counted. */
export const mostRecorded = 50;

/** What a look has found that may be announced, and all that is left out. */
interface Sorted {
  readonly items: readonly SourceItem[];
  readonly dropped: readonly DroppedItem[];
}

/** Tells the found items that can be stored, with nobody's address in them, from those that cannot, each by itself. */
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

/** What it is called, as far as that is a text. */
function toNames({ itemId, title }: SourceItem) {
  return { itemId: String(itemId), title: String(title) };
}

/** What was left out as it may be recorded: short, and nobody's address or number in it. */
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
