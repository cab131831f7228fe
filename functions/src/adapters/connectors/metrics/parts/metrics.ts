import { z } from "zod";
import { toDate } from "../../../../domain/kernel/foreignDate.ts";
import {
  addMs,
  toDateText,
  dayMs,
  toDay,
} from "../../../../domain/kernel/instant.ts";
import {
  toIsoWeek,
  lastSunday,
  type Movement,
  measureMovement,
  type Series,
} from "../../../../domain/weighing/movement.ts";
import type { SourceItem } from "../../../../domain/signals/signal.ts";
import {
  type PolledKind,
  type Source,
  sourceFacts,
} from "../../../../domain/sources/source.ts";
import type { Connector } from "../../../../ports/sources.ts";
import { toSourceItem } from "../../item.ts";
import {
  assertSomeRead,
  withDropped,
  type ParsedList,
} from "../../parseEach.ts";
import { sourceOfKind, plainText } from "../../reach.ts";

/** A day is left alone until so many have passed since: until then the platforms may still count it (Google Analytics, Data freshness: up to 48 hours). */
const daysUntilComplete = 3;

/** How many days are asked for: the week, the four before it, and as much again for the week before. */
const daysAsked = 56;

/** How many of them a week is judged by: it, the four before it, and the week before with its own four. */
const daysJudged = 42;

/** A date as the platforms write it: `2026-11-15`, `20261115`, or with a time behind it. */
export const Day = z
  .string()
  .regex(/^\d{4}-?\d{2}-?\d{2}(?: |$)/, "is not a date")
  .transform((text) => text.split(" ")[0])
  .transform(toDate("is not a date"))
  .transform(toDay);

/** A platform's figure; null where what it answers is no number, which is not to be taken for 0. */
export const Figure = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d+(?:\.\d+)?$/)
      .transform(Number),
  ])
  .refine((figure) => Math.abs(figure) <= Number.MAX_SAFE_INTEGER)
  .nullable()
  .catch(null);

/** A platform's figures, by the metric's own name. */
export interface DailyFigures {
  readonly day: number;
  readonly figures: Readonly<Record<string, number | null>>;
}

/** The days that are asked for, both included, as `yyyy-mm-dd`. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** A platform that counts things by the day. */
export interface Platform<Kind extends PolledKind> {
  readonly kind: Kind;
  /** What people call its metrics, by the names that it has for them. */
  readonly metrics: Readonly<Record<string, string>>;
  /** Whose figures these are, and the page that shows them to people. */
  readonly of: (source: Extract<Source, { kind: Kind }>) => {
    readonly id: string;
    readonly page: string;
  };
  /** Whether its newest days are missing until they are counted; else a day without figures had none. */
  readonly isLate: boolean;
  readonly read: (
    source: Extract<Source, { kind: Kind }>,
    period: Period,
    signal: AbortSignal,
  ) => Promise<ParsedList<DailyFigures>>;
}

/**
 * Finds what has moved on a platform in the last ISO week whose days are all counted: one item per metric, once.
 * A week that was looked at is not asked for again.
 */
export function metrics<Kind extends PolledKind>(
  platform: Platform<Kind>,
  now: () => Date,
): Connector {
  const { kind, read } = platform;
  return {
    kind,

    async poll(from, cursor, signal) {
      const source = sourceOfKind(kind, from);
      const complete = toDay(now()) - daysUntilComplete;
      const seen = cursor?.["week"] ?? "";
      if (cursor !== null && toIsoWeek(lastSunday(complete)) <= seen)
        return { items: [], cursor };
      const period = {
        from: toDateText(complete - daysAsked + 1),
        to: toDateText(complete),
      };
      const answer = await read(source, period, signal);
      assertSomeRead(answer, sourceFacts[kind].name);
      const { days, hasOdd } = asAsked(answer.read, complete);
      const last = lastSunday(lastCounted(days, complete, platform.isLate));
      const week = toIsoWeek(last);
      if (days.length === 0 || (cursor !== null && week <= seen))
        return { items: [], cursor: cursor ?? { week: "" } };
      // A row that is left out may be of any day that is not there.
      const isWhole = answer.dropped.length === 0 && !hasOdd;
      const judged = Object.keys(platform.metrics).map((metric) => ({
        metric,
        series: toSeries(metric, days, { last, isWhole }),
      }));
      const items = judged.flatMap(({ metric, series }) => {
        const movement = series && measureMovement(series, last);
        return movement === null
          ? []
          : [movementToItem(metric, movement, { platform, source })];
      });
      const unknown = judged
        .filter(({ series }) => series === null)
        .map(({ metric }) => ({
          itemId: `${platform.of(source).id}/${metric}/${week}`,
          title: `${platform.metrics[metric] ?? metric} in ${week}`,
          detail: "A day of it could not be read, and it was not judged.",
        }));
      return {
        items,
        cursor: { week },
        ...withDropped([...answer.dropped, ...unknown]),
      };
    },

    fetch: async (item, from) => {
      const { page } = platform.of(sourceOfKind(kind, from));
      const { licence } = sourceFacts[kind];
      const text = item.facts["text"] ?? item.title;
      return plainText(text, { url: item.url ?? page, licence });
    },
  };
}

/** The days that were asked for, each once; and whether there are others, of which one may be a missing one under a wrong date. */
function asAsked(rows: readonly DailyFigures[], complete: number) {
  const unlike = new Map(rows.map((row) => [JSON.stringify(row), row]));
  const counts = new Map<number, number>();
  for (const { day } of unlike.values())
    counts.set(day, (counts.get(day) ?? 0) + 1);
  const isAsked = (day: number) =>
    day > complete - daysAsked && day <= complete && counts.get(day) === 1;
  const days = [...unlike.values()].filter(({ day }) => isAsked(day));
  return { days, hasOdd: days.length < unlike.size };
}

function lastCounted(
  days: readonly DailyFigures[],
  complete: number,
  isLate: boolean,
): number {
  if (!isLate) return complete;
  const last = days.reduce((latest, { day }) => Math.max(latest, day), 0);
  return Math.min(complete, last);
}

/** The figures of a metric; null where one of the days that a week is judged by is not known. Where all rows could be read, a day that is not there is 0. */
function toSeries(
  metric: string,
  days: readonly DailyFigures[],
  { last, isWhole }: { readonly last: number; readonly isWhole: boolean },
): Series | null {
  const figures = new Map(
    days.map(({ day, figures: of }) => [day, of[metric] ?? null]),
  );
  const isKnown = Array.from({ length: daysJudged }, (_, i) => {
    const figure = figures.get(last - i);
    return figure === undefined ? isWhole : figure !== null;
  }).every(Boolean);
  if (!isKnown) return null;
  return new Map(
    [...figures].flatMap(([day, figure]): (readonly [number, number])[] =>
      figure === null ? [] : [[day, figure]],
    ),
  );
}

function movementToItem<Kind extends PolledKind>(
  metric: string,
  movement: Movement,
  {
    platform,
    source,
  }: {
    readonly platform: Platform<Kind>;
    readonly source: Extract<Source, { kind: Kind }>;
  },
): SourceItem {
  const { kind } = platform;
  const { id, page } = platform.of(source);
  const { name } = sourceFacts[kind];
  const called = platform.metrics[metric] ?? metric;
  const { firstDay, lastDay, mean, meanBefore, change, distance } = movement;
  const verb = change > 0 ? "rose" : "fell";
  const title = `${called} ${verb} ${percent(change)} % in the week to ${dayName(lastDay)}`;
  const text = [
    `${title}, as ${name} counts them for ${id}.`,
    `From ${dayName(firstDay)} to ${dayName(lastDay)}: ${figure(mean * 7)}, which is ${figure(mean)} a day.`,
    `In the 28 days before, from ${dayName(firstDay - 28)} to ${dayName(firstDay - 1)}: ${figure(meanBefore * 28)}, which is ${figure(meanBefore)} a day.`,
    `The change is ${figure(mean)} / ${figure(meanBefore)} - 1.`,
    `The days of the week lie ${figure(Math.abs(distance), 1)} times the usual scatter of a day ${change > 0 ? "above" : "below"} what their weekdays usually bring.`,
  ].join(" ");
  return toSourceItem({
    source: kind,
    itemId: `${id}/${metric}/${toIsoWeek(lastDay)}`,
    revision: "",
    url: page,
    title,
    publisher: name,
    publishedAt: addMs(new Date(lastDay * dayMs), dayMs),
    facts: { metric, week: toIsoWeek(lastDay), text },
  });
}

function percent(change: number): string {
  return figure(Math.round(Math.abs(change) * 100));
}

/** At most as many decimals, none from 100 on. */
function figure(value: number, decimals = 2): string {
  return value.toLocaleString("en-GB", {
    maximumFractionDigits: value < 100 ? decimals : 0,
  });
}

function dayName(day: number): string {
  return new Date(day * dayMs).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
}
