import { toMoment } from "../../../domain/kernel/foreignDate.ts";

const months =
  "january february march april may june july august september october november december".split(
    " ",
  );

/**
 * Parses the date of a document: ISO 8601, RFC 2822, PDF (ISO 32000-1, 7.9.4), and days whose month is an English
 * word. A time without a zone is UTC, a day is its first moment. Null for ambiguous dates, such as 03/04/2026, and
 * for days that do not exist.
 */
export function parseInstant(text: string): Date | null {
  const written = text.trim().slice(0, 100);
  return parseIso(written) ?? parsePdfDate(written) ?? parseWorded(written);
}

function parseIso(text: string): Date | null {
  const match =
    /^(\d{4})[-/](\d\d)[-/](\d\d)(?:(?:T|\s+)(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?(?:\[[^\]]*\])?)?$/iu.exec(
      text,
    );
  return match && momentFrom(match.slice(1, 7), match[7]);
}

function parsePdfDate(text: string): Date | null {
  const match =
    /^D:(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)?)?)?)?)?(Z|[+-]\d\d'?(?:\d\d'?)?)?(?:00'?00'?)?$/u.exec(
      text,
    );
  // A year alone would become 1 January, which nobody wrote.
  if (match?.[3] === undefined) return null;
  return momentFrom(match.slice(1, 7), match[7]?.replaceAll("'", ""));
}

/** “Tue, 19 Nov 2019 10:07:00 -0500”, “19 November 2019”, “November 19, 2019”; a time counts only with its zone. */
function parseWorded(text: string): Date | null {
  const match =
    /^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+)?(?:(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})\.?|([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?),?\s+(\d{4})(?:,?\s+(\d\d):(\d\d)(?::(\d\d))?\s*(Z|UTC|GMT|[+-]\d{4}))?(?:[,\s].{0,60})?$/iu.exec(
      text,
    );
  if (match === null) return null;
  const [, day1, month1, month2, day2, year, ...time] = match;
  const month = months.findIndex((name) =>
    name.startsWith((month1 ?? month2 ?? "").toLowerCase()),
  );
  const day = (day1 ?? day2 ?? "").padStart(2, "0");
  if (month < 0) return null;
  return momentFrom(
    [year, String(month + 1), day, ...time.slice(0, 3)],
    time[3],
  );
}

function momentFrom(
  parts: readonly (string | undefined)[],
  zone: string | undefined,
): Date | null {
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] =
    parts.map((part) => Number(part ?? 0));
  return toMoment({
    day: [year, month, day],
    time: [hours, minutes, seconds],
    zone: zone?.replace(/^([+-]\d\d):?$/u, "$1"),
  });
}
