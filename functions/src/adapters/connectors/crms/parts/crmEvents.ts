import { z } from "zod";
import { addMs, minuteMs } from "../../../../domain/kernel/instant.ts";
import { earlier } from "../../../../domain/signals/occurrence.ts";
import type { SourceItem } from "../../../../domain/signals/signal.ts";
import { sourceFacts } from "../../../../domain/sources/source.ts";
import type { Fetched } from "../../../../ports/sources.ts";
import {
  toLine,
  toItemDate,
  firstPollItems,
  toSourceItem,
} from "../../item.ts";
import { plainText } from "../../reach.ts";

type Cursor = Readonly<Record<string, string>>;

/** How many records of each kind a cursor holds: those whose state changed last. */
const mostRecords = 100;

/** How much of a field's value is kept and compared, in characters. */
const valueLength = 50;

/** A CRM's lists lag behind its records: whatever changed this long before the newest change is read again. */
const overlapMs = 2 * minuteMs;

/** A record of a CRM in its present state. */
export interface CrmRecord {
  readonly kind: string;
  readonly itemId: string;
  /** How a sentence calls it: `deal “Renewal”`, `a contact (VP Finance)`. Nobody's name. */
  readonly what: string;
  /** What makes a change of it an event, by what people call it: the raw values, "" where there is none. The first stands in the revision. */
  readonly state: Readonly<Record<string, string>>;
  readonly changedAt: Date;
}

/** A record that has changed; `before` is null where its earlier state is not known. */
export interface CrmEvent {
  readonly record: CrmRecord;
  readonly before: Readonly<Record<string, string>> | null;
}

/** How an event is put into words. */
export interface EventWords {
  readonly source: "hubspot" | "salesforce";
  readonly company: string;
  /** A field's raw value as people know it. */
  readonly shown: (field: string, value: string) => string;
  /** Where the record is opened; null where that is not known. */
  readonly link: (record: CrmRecord) => string | null;
}

/** Id and state of the records that a cursor holds, by kind. */
const Known = z.record(
  z.string(),
  z.array(z.tuple([z.string(), z.record(z.string(), z.string())])),
);

/** The moment from which records of this kind are asked for; null where none have been seen yet. */
export function changedSince(kind: string, cursor: Cursor | null): Date | null {
  const newest = toItemDate(cursor?.[kind]);
  return newest === null ? null : addMs(newest, -overlapMs);
}

/**
 * What happened to these records since the cursor, oldest first: each whose state is another than the one remembered,
 * whatever else of it was modified. Without a cursor, the newest three of each kind as they stand.
 */
export function eventsSince(
  cursor: Cursor | null,
  found: readonly CrmRecord[],
  now: Date,
): { readonly events: readonly CrmEvent[]; readonly cursor: Cursor } {
  const known = { ...parseKnown(cursor) };
  const newest: Record<string, string> = {};
  const events: CrmEvent[] = [];
  for (const record of byAge(found)) {
    const { kind, itemId, changedAt } = record;
    // What is dated ahead must not hide what changes until then.
    const by = earlier(changedAt, now);
    newest[kind] = laterInstant(newest[kind] ?? cursor?.[kind], by);
    const state = shortenState(record.state);
    const ofKind = known[kind] ?? [];
    const was = ofKind.find(([id]) => id === itemId)?.[1] ?? null;
    const isNews = was === null || !isSame(was, state);
    if (isNews) events.push({ record, before: was });
    // A field that may be read now, or no longer, is no change; what it holds is remembered.
    else if (Object.keys(was).length === Object.keys(state).length) continue;
    known[kind] = [...ofKind.filter(([id]) => id !== itemId), [itemId, state]];
  }
  const kept = Object.entries(known).map(([kind, records]) => [
    kind,
    records.slice(-mostRecords),
  ]);
  return {
    events: cursor === null ? newestOfEach(events) : events,
    cursor: {
      ...cursor,
      ...newest,
      known: JSON.stringify(Object.fromEntries(kept)),
    },
  };
}

/** An event as an item that carries its own text; its revision is its leading field and when the CRM wrote it. */
export function eventToItem(
  { record, before }: CrmEvent,
  { source, company, shown, link }: EventWords,
): SourceItem {
  const { name } = sourceFacts[source];
  const { itemId, what, state, changedAt } = record;
  const fields = Object.keys(state);
  const readField = (from: Readonly<Record<string, string>>, field: string) => {
    const value = from[field] ?? "";
    return value === "" ? `no ${field}` : `${field} ${shown(field, value)}`;
  };
  const changed = fields.filter(
    (field) =>
      before?.[field] !== undefined &&
      before[field] !== shortenState(state)[field],
  );
  const set = fields.filter((field) => state[field] !== "");
  const now =
    before === null
      ? `has ${set.map((field) => readField(state, field)).join(", ") || "nothing set"}`
      : `now has ${changed.map((field) => readField(state, field)).join(", ")}`;
  const stamp = changedAt.toISOString();
  const title = `${company}: ${what} ${now}`;
  const text = [
    `${title}.`,
    ...(before === null
      ? []
      : [
          `Before, it had ${changed.map((field) => readField(before, field)).join(", ")}.`,
          `As a whole it has ${fields.map((field) => readField(state, field)).join(", ")}.`,
        ]),
    `${name} recorded this at ${stamp} as ${record.kind} ${itemId.replace(/^.*\//, "")}.`,
  ].join(" ");
  const [leading = ""] = Object.values(state);
  return toSourceItem({
    source,
    itemId,
    revision: `${leading}@${stamp}`,
    url: link(record),
    title,
    publisher: name,
    publishedAt: changedAt,
    facts: {
      record: record.kind,
      ...(state["stage"] === undefined
        ? {}
        : { stage: toLine(shown("stage", state["stage"]), 200) }),
      text: toLine(text, 2000),
    },
  });
}

/** The text that an event's item carries with it. */
export function eventText(
  item: SourceItem,
  { kind }: { readonly kind: "hubspot" | "salesforce" },
  home: string,
): Fetched {
  const { licence } = sourceFacts[kind];
  return plainText(item.facts["text"] ?? item.title, {
    url: item.url ?? home,
    licence,
  });
}

/** An amount with its thousands apart; as it is where it is no number. */
export function formatAmount(value: string): string {
  const amount = Number(value);
  return Number.isFinite(amount) ? amount.toLocaleString("en-GB") : value;
}

function byAge(records: readonly CrmRecord[]): readonly CrmRecord[] {
  return records.toSorted(
    (a, b) =>
      a.changedAt.getTime() - b.changedAt.getTime() ||
      (a.itemId < b.itemId ? -1 : 1),
  );
}

function newestOfEach(events: readonly CrmEvent[]): readonly CrmEvent[] {
  const kinds = new Set(events.map(({ record }) => record.kind));
  const newest = new Set(
    [...kinds].flatMap((kind) =>
      events.filter((e) => e.record.kind === kind).slice(-firstPollItems),
    ),
  );
  return events.filter((event) => newest.has(event));
}

/** The states in a cursor; none where it cannot be read, and then every record is new again, under the same id. */
function parseKnown(cursor: Cursor | null): z.infer<typeof Known> {
  try {
    return Known.parse(JSON.parse(cursor?.["known"] ?? "{}"));
  } catch {
    return {};
  }
}

function laterInstant(known: string | undefined, at: Date): string {
  const before = toItemDate(known);
  return (before !== null && before > at ? before : at).toISOString();
}

function shortenState(state: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(state).map(([field, value]) => [
      field,
      toLine(value, valueLength),
    ]),
  );
}

function isSame(
  before: Readonly<Record<string, string>>,
  state: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(state).every(
    ([field, value]) => before[field] === undefined || before[field] === value,
  );
}
