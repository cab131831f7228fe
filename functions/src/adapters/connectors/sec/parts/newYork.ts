import { parseDate } from "../../../../domain/kernel/foreignDate.ts";

const parts = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/New_York",
  timeZoneName: "longOffset",
});

/**
 * The instant of a time in New York as EDGAR writes it (20260730160511), whether daylight saving holds or not; null where
 * it is no such time. Of an hour that comes twice it is the first.
 */
export function newYorkTime(digits: string): Date | null {
  const found =
    /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/u.exec(digits) ?? [];
  const [, year, month, day, hour, minute, second] = found.map(Number);
  if (
    year === undefined ||
    month === undefined ||
    day === undefined ||
    hour === undefined
  )
    return null;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  // A day that is in no calendar, or an hour that is on no clock.
  if (!new Date(asUtc).toISOString().startsWith(toIsoText(digits))) return null;
  // The offset is that of the instant, which is sought: that of either side of it decides.
  const early = asUtc - offsetMs(asUtc);
  return parseDate(new Date(asUtc - offsetMs(early)).toISOString());
}

function toIsoText(digits: string): string {
  return digits.replace(
    /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/u,
    "$1-$2-$3T$4:$5:$6",
  );
}

/** How far New York's clocks are ahead of UTC, which is less than nothing. */
function offsetMs(at: number): number {
  const name =
    parts.formatToParts(at).find(({ type }) => type === "timeZoneName")
      ?.value ?? "";
  const [, sign, hours, minutes] = /^GMT([+-])(\d{2}):(\d{2})$/u.exec(name) ?? [
    "",
    "+",
    "0",
    "0",
  ];
  const ms = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === "-" ? -ms : ms;
}
