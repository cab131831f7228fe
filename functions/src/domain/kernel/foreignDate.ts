import { z } from "zod";
import { addMs, dayMs, hourMs, minuteMs } from "./instant.ts";

/**
 * The range of plausible dates for a document. Systems write 1 January 1970, 0001-01-01 and 9999-12-31 for "no date".
 * `toOccurrence` decides about dates after the receipt.
 */
const earliest = Date.UTC(1970, 0, 2);
const latest = Date.UTC(2200, 0, 1) - 1;

/** The range as explained to whoever sent a date outside of it. */
export const dateRange = "between 1970-01-02 and 2199-12-31";

/** In UTF-16 units; anything longer is not a date and is not examined. */
const longest = 100;

/** Numbers up to this are seconds: as milliseconds they would lie before March 1973. */
const mostSeconds = 100_000_000_000;

const months =
  "january february march april may june july august september october november december".split(
    " ",
  );

/** Zones named in mails and feeds (RFC 2822, 4.3; the usual ones of Europe), in hours ahead of UTC. */
const zones: ReadonlyMap<string, number> = new Map([
  ["Z", 0],
  ["UT", 0],
  ["UTC", 0],
  ["GMT", 0],
  ["WET", 0],
  ["BST", 1],
  ["WEST", 1],
  ["CET", 1],
  ["CEST", 2],
  ["EET", 2],
  ["EEST", 3],
  ["MSK", 3],
  ["EST", -5],
  ["EDT", -4],
  ["CST", -6],
  ["CDT", -5],
  ["MST", -7],
  ["MDT", -6],
  ["PST", -8],
  ["PDT", -7],
]);

/** Hours, minutes, seconds and their fraction, am or pm, and the zone. */
const clock = String.raw`(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?([ap])\.?m\.?)?`;
const zone = String.raw`(?: ?(Z|[A-Z]{2,4}|(?:(?:UTC|GMT) ?)?[+-]\d\d(?::?\d\d)?)(?: ?\([^()]{0,20}\)|\[[^\][]{0,40}\])?)?`;
const time = String.raw`(?:(?:,? (?:at )?|T)${clock}${zone})?`;

const weekday = String.raw`(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,? )?`;

/** The date formats that are read, and which groups hold year, month and day. */
const forms: readonly {
  readonly pattern: RegExp;
  readonly order: readonly [year: number, month: number, day: number];
}[] = [
  // ISO 8601, also in its basic form, with slashes, and with a space instead of the T.
  {
    pattern: new RegExp(
      String.raw`^(\d{4})[-/](\d\d?)[-/](\d\d?)${time}$`,
      "iu",
    ),
    order: [1, 2, 3],
  },
  {
    pattern: /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?()()(Z)?)?$/iu,
    order: [1, 2, 3],
  },
  // RFC 822 and 2822, and dates as people write them.
  {
    pattern: new RegExp(
      String.raw`^${weekday}(\d\d?)(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4}|\d\d)${time}$`,
      "iu",
    ),
    order: [3, 2, 1],
  },
  {
    pattern: new RegExp(
      String.raw`^${weekday}([a-z]{3,9})\.? (\d\d?)(?:st|nd|rd|th)?,? (\d{4})${time}$`,
      "iu",
    ),
    order: [3, 1, 2],
  },
  // Where dots separate them, the day comes first.
  {
    pattern: new RegExp(
      String.raw`^${weekday}(\d\d?)\.(\d\d?)\.(\d{4})${time}$`,
      "iu",
    ),
    order: [3, 2, 1],
  },
];

/**
 * A moment as somebody else states it: ISO 8601, RFC 2822, dates with an English month name or with numbers separated
 * by dots, and seconds or milliseconds since 1970. Without a zone, UTC is assumed. Null for anything else, for days
 * that do not exist, and outside the range of plausible dates.
 */
export function parseDate(stated: unknown): Date | null {
  if (typeof stated === "number") return fromEpoch(stated);
  if (typeof stated !== "string" || stated.length > 10 * longest) return null;
  const text = stated.trim().replace(/\s+/gu, " ");
  if (text.length > longest) return null;
  if (/^(?:\d{10}|\d{13})$/u.test(text)) return fromEpoch(Number(text));
  for (const { pattern, order } of forms) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const [year, month, day] = order.map((place) => match[place] ?? "");
    const [hours, minutes, seconds, fraction, half, zoned] = match.slice(4);
    return toMoment({
      day: [toYear(year ?? ""), toMonth(month ?? ""), Number(day)],
      time: [toHour(hours, half), Number(minutes ?? 0), Number(seconds ?? 0)],
      ms: Number((fraction || "0").padEnd(3, "0").slice(0, 3)),
      zone: zoned,
    });
  }
  return otherwise(text);
}

/**
 * A calendar date and a time of day in a zone as a moment; null where the day, time or zone does not exist, and
 * outside the range.
 */
export function toMoment({
  day: [year, month, day],
  time: [hours, minutes, seconds],
  ms = 0,
  zone: zoned,
}: {
  readonly day: readonly [year: number, month: number, day: number];
  readonly time: readonly [hours: number, minutes: number, seconds: number];
  readonly ms?: number;
  readonly zone?: string | undefined;
}): Date | null {
  const offset = offsetMs(zoned ?? "Z");
  if (offset === null) return null;
  // A leap second counts as the last second of its minute.
  const second = Math.min(seconds, 59);
  const local = new Date(
    Date.UTC(year, month - 1, day, hours, minutes, second, ms),
  );
  const exists =
    local.getUTCFullYear() === year &&
    local.getUTCMonth() === month - 1 &&
    local.getUTCDate() === day &&
    hours < 24 &&
    minutes < 60 &&
    seconds < 61;
  return exists ? inRange(addMs(local, -offset)) : null;
}

/** A field of a vendor's answer that must hold a date, in any format that is read. */
export const ForeignDate = z.unknown().transform(toDate("is not a date"));

/** Turns a schema's field into a date; if it is not one, or not one that can be kept, the field's fault is `why`. */
export function toDate(why: string) {
  return (stated: unknown, context: z.RefinementCtx): Date => {
    const at = parseDate(stated);
    if (at !== null) return at;
    context.addIssue({ code: "custom", message: why });
    return z.NEVER;
  };
}

/** A date or a moment in ISO 8601 in a field of a request; the fault says what is allowed. */
export const StatedDate = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: "must be a date or a moment in ISO 8601, such as 2026-11-20",
  })
  .transform(toDate(`must be ${dateRange}`));

function fromEpoch(count: number): Date | null {
  if (!Number.isFinite(count)) return null;
  const ms = Math.trunc(Math.abs(count) < mostSeconds ? count * 1000 : count);
  return ms >= earliest && ms <= latest ? new Date(ms) : null;
}

/** Other formats that V8 reads, such as JavaScript's own, where they have a four-digit year. */
function otherwise(text: string): Date | null {
  if (!/[a-z/]/iu.test(text) || !/(?<!\d)\d{4}(?!\d)/u.test(text)) return null;
  if (/^\W*\d{5,}|^[+-]/u.test(text)) return null;
  const hasZone = /(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}|\))\s*$/u.test(text);
  const ms = Date.parse(hasZone ? text : `${text} UTC`);
  if (Number.isNaN(ms)) return null;
  const at = new Date(ms);
  // V8 takes 30 February for 2 March; a zone shifts a day by at most one.
  const written = (text.match(/\d+/gu) ?? []).map(Number);
  const isWritten = [-1, 0, 1].some((days) =>
    written.includes(addMs(at, days * dayMs).getUTCDate()),
  );
  return isWritten ? inRange(at) : null;
}

/** The moment, if a document can plausibly have that date. */
export function inRange(at: Date): Date | null {
  const ms = at.getTime();
  return ms >= earliest && ms <= latest ? at : null;
}

function toYear(digits: string): number {
  const year = Number(digits);
  if (digits.length > 2) return year;
  // RFC 2822, 4.3.
  return year < 50 ? 2000 + year : 1900 + year;
}

function toMonth(written: string): number {
  if (/^\d+$/u.test(written)) return Number(written);
  const known = written.toLowerCase();
  return months.findIndex((name) => name.startsWith(known)) + 1;
}

function toHour(written = "0", half: string | undefined): number {
  const hours = Number(written);
  if (half === undefined || half === "") return hours;
  if (hours > 12 || hours === 0) return 24;
  return (hours % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}

function offsetMs(written: string): number | null {
  const [, sign, hours = "0", minutes = "0"] =
    /^(?:(?:UTC|GMT) ?)?([+-])(\d\d):?(\d\d)?$/iu.exec(written) ?? [];
  if (sign === undefined) {
    const ahead = zones.get(written.toUpperCase() || "Z");
    return ahead === undefined ? null : ahead * hourMs;
  }
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  const ms = Number(hours) * hourMs + Number(minutes) * minuteMs;
  return sign === "-" ? -ms : ms;
}
