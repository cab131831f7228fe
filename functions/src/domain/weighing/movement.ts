import { dayMs, toDay } from "../kernel/instant.ts";

/** A smaller change of the mean, up or down, is not a movement. */
const leastChange = 0.3;

/** A smaller distance from the usual, in units of a day's usual scatter, is not a movement. */
const leastDistance = 2.5;

/** Figures that come to less than this in a usual week are too small to move. */
const leastPerWeek = 50;

const weekDays = 7;
const daysBefore = 28;

/**
 * Turns the median distance of days from the median of their weekday's four into an estimate of the standard
 * deviation of normal scatter. Greater than the usual 1.4826, because four values lie nearer to their own median than
 * to the true one; found by simulation.
 */
const scatterFactor = 2.04;

/** Figures by day, counted in days since 1970-01-01; a missing day is 0. */
export type Series = ReadonlyMap<number, number>;

/** How a week differs from the four before it. Days are counted since 1970-01-01; figures are means per day. */
export interface Movement {
  readonly firstDay: number;
  readonly lastDay: number;
  readonly mean: number;
  readonly meanBefore: number;
  /** Relative: 0.3 is 30 % more, −1 is everything gone. */
  readonly change: number;
  /**
   * The mean distance of the week's days from the medians of their weekdays, in units of a day's usual scatter;
   * positive if it rose.
   */
  readonly distance: number;
}

/** The last Sunday up to this day; an ISO week ends on Sunday. */
export function lastSunday(day: number): number {
  // 1970-01-04 was a Sunday.
  return day - ((day - 3) % weekDays);
}

/** The name of the ISO 8601 week that contains this day, such as `2026-W46`. */
export function toIsoWeek(day: number): string {
  // A week belongs to the year that its Thursday is in.
  const thursday = lastSunday(day + 6) - 3;
  const year = new Date(thursday * dayMs).getUTCFullYear();
  const firstDay = toDay(new Date(Date.UTC(year, 0, 1)));
  const number = Math.floor((thursday - firstDay) / weekDays) + 1;
  return `${year}-W${String(number).padStart(2, "0")}`;
}

/**
 * Whether the week that ends with `lastDay` has moved against the 28 days before it: by at least 30 % of their mean,
 * and by at least 2.5 times the usual scatter of a day about the median of its weekday (its median absolute
 * deviation, or the square root of the mean, Poisson's for counts, if that is greater). Null where it has not; where
 * there were fewer than 50 a week or no figures go back that far; and where the week before had already moved the
 * same way and this one has not gone further by as much again.
 */
export function measureMovement(
  series: Series,
  lastDay: number,
): Movement | null {
  const now = compareWeeks(series, lastDay);
  if (now === null || !hasMoved(now)) return null;
  const last = compareWeeks(series, lastDay - weekDays);
  const isOld = last !== null && hasMoved(last) && !hasGoneOn(now, last);
  return isOld ? null : now;
}

function hasMoved({ change, distance, meanBefore }: Movement): boolean {
  return (
    meanBefore * weekDays >= leastPerWeek &&
    Math.abs(change) >= leastChange &&
    Math.abs(distance) >= leastDistance &&
    change > 0 === distance > 0
  );
}

function hasGoneOn(now: Movement, last: Movement): boolean {
  const step = now.mean / last.mean - 1;
  return now.change > 0 ? step >= leastChange : step <= -leastChange;
}

function compareWeeks(series: Series, lastDay: number): Movement | null {
  const firstDay = lastDay - weekDays + 1;
  const earliest = firstDay - daysBefore;
  if (![...series.keys()].some((day) => day <= earliest)) return null;
  const days = figures(series, firstDay, weekDays);
  const earlier = figures(series, earliest, daysBefore);
  const usual = Array.from({ length: weekDays }, (_, weekday) =>
    median(earlier.filter((_figure, day) => day % weekDays === weekday)),
  );
  const distanceFromUsual = (figure: number, day: number) =>
    figure - (usual[day % weekDays] ?? 0);
  const meanBefore = mean(earlier);
  const scatter = Math.max(
    scatterFactor * median(earlier.map(distanceFromUsual).map(Math.abs)),
    Math.sqrt(meanBefore),
  );
  return {
    firstDay,
    lastDay,
    mean: mean(days),
    meanBefore,
    change: mean(days) / meanBefore - 1,
    distance: mean(days.map(distanceFromUsual)) / scatter,
  };
}

function figures(series: Series, from: number, count: number) {
  return Array.from({ length: count }, (_, i) => series.get(from + i) ?? 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)] ?? 0;
  const high = sorted[Math.ceil(middle)] ?? 0;
  return (low + high) / 2;
}
