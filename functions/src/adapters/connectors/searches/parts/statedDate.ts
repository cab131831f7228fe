import {
  addMs,
  dayMs,
  hourMs,
  minuteMs,
  secondMs,
} from "../../../../domain/kernel/instant.ts";
import { inRange, parseDate } from "../../../../domain/kernel/foreignDate.ts";

const unitMs: Readonly<Record<string, number>> = {
  second: secondMs,
  sec: secondMs,
  minute: minuteMs,
  min: minuteMs,
  hour: hourMs,
  day: dayMs,
  week: 7 * dayMs,
  month: 30 * dayMs,
  year: 365 * dayMs,
};

/** The moment that Google's results state in English: "3 hours ago", "yesterday", "Nov 20, 2026", "20 Nov 2026" or ISO 8601, without a zone UTC; null for anything else. */
export function statedDate(text: string | undefined, now: Date): Date | null {
  const stated = (text ?? "").trim();
  const ago =
    /^(\d{1,3}|an?) (second|sec|minute|min|hour|day|week|month|year)s? ago$/iu.exec(
      stated,
    );
  if (ago !== null) {
    const count = /^an?$/iu.test(ago[1] ?? "") ? 1 : Number(ago[1]);
    const ms = count * (unitMs[ago[2]?.toLowerCase() ?? ""] ?? 0);
    return inRange(addMs(now, -ms));
  }
  if (/^yesterday$/iu.test(stated)) return addMs(now, -dayMs);
  if (/^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/u.test(stated))
    return parseDate(stated);
  return /^(?:[a-z]{3,9}\.? \d{1,2}, \d{4}|\d{1,2} [a-z]{3,9}\.? \d{4})$/iu.test(
    stated,
  )
    ? parseDate(stated)
    : null;
}
