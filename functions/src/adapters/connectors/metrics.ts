import { z } from "zod";
import { addMs, dateOf, dayMs, dayOf } from "../../domain/instant.ts";
import {
  isoWeekOf,
  lastSunday,
  type Movement,
  movementOf,
  type Series,
} from "../../domain/movement.ts";
import type { SourceItem } from "../../domain/signal.ts";
import {
  type LookedAt,
  type Source,
  sourceFacts,
} from "../../domain/source.ts";
import type { Connector } from "../../pipeline/ports.ts";
import { sourceItem } from "./item.ts";
import { ours, plainText } from "./reach.ts";

/** A day is left alone until so many have passed since: until then the platforms may still count it (Google Analytics, Data freshness: up to 48 hours). */
const daysUntilComplete = 3;

/** How many days are asked for: the week, the four before it, and as much again for the week before. */
const daysAsked = 56;

/** A date as the platforms write it: `2026-11-15`, `20261115`, or with a time behind it. */
export const Day = z
  .string()
  .regex(/^\d{4}-?\d{2}-?\d{2}(?: |$)/, "is not a date")
  .transform((text) => {
    const digits = text.slice(0, 10).replaceAll("-", "");
    return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
  })
  .refine((date) => !Number.isNaN(Date.parse(date)), "is not a date")
  .transform((date) => dayOf(new Date(date)));

/** A platform's figures, by the metric's own name. */
export interface DailyFigures {
  readonly day: number;
  readonly figures: Readonly<Record<string, number>>;
}

/** The days that are asked for, both included, as `yyyy-mm-dd`. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** A platform that counts things by the day. */
export interface Platform<Kind extends LookedAt> {
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
  ) => Promise<readonly DailyFigures[]>;
}

/**
 * Finds what has moved on a platform in the last ISO week whose days are all counted: one item per metric, once.
 * A week that was looked at is not asked for again.
 */
export function metrics<Kind extends LookedAt>(
  platform: Platform<Kind>,
  now: () => Date,
): Connector {
  const { kind, read } = platform;
  return {
    kind,

    async look(from, cursor, signal) {
      const source = ours(kind, from);
      const complete = dayOf(now()) - daysUntilComplete;
      const seen = cursor?.["week"] ?? "";
      if (cursor !== null && isoWeekOf(lastSunday(complete)) <= seen)
        return { items: [], cursor };
      const period = {
        from: dateOf(complete - daysAsked + 1),
        to: dateOf(complete),
      };
      const days = await read(source, period, signal);
      const last = lastSunday(lastCounted(days, complete, platform.isLate));
      const week = isoWeekOf(last);
      if (days.length === 0 || (cursor !== null && week <= seen))
        return { items: [], cursor: cursor ?? { week: "" } };
      const items = Object.keys(platform.metrics).map((metric) => {
        const movement = movementOf(seriesOf(metric, days), last);
        return movement && itemOf(metric, movement, { platform, source });
      });
      return { items: items.filter((item) => item !== null), cursor: { week } };
    },

    fetch: async (item, from) => {
      const { page } = platform.of(ours(kind, from));
      const { licence } = sourceFacts[kind];
      const text = item.facts["text"] ?? item.title;
      return plainText(text, { url: item.url ?? page, licence });
    },
  };
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

function seriesOf(metric: string, days: readonly DailyFigures[]): Series {
  return new Map(days.map(({ day, figures }) => [day, figures[metric] ?? 0]));
}

function itemOf<Kind extends LookedAt>(
  metric: string,
  movement: Movement,
  {
    platform,
    source,
  }: {
    readonly platform: Platform<Kind>;
    readonly source: Extract<Source, { kind: Kind }>;
  },
): SourceItem | null {
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
  return sourceItem({
    source: kind,
    itemId: `${id}/${metric}/${isoWeekOf(lastDay)}`,
    revision: "",
    url: page,
    title,
    publisher: name,
    publishedAt: addMs(new Date(lastDay * dayMs), dayMs),
    facts: { metric, week: isoWeekOf(lastDay), text },
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
