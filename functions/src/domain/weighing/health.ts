import { z } from "zod";
import type { AccountContext } from "../accounts/account.ts";
import { addMs, dayMs, toDay } from "../kernel/instant.ts";
import { intentHistory } from "./intent.ts";
import { happenedAt } from "../signals/occurrence.ts";
import { Category, type Signal } from "../signals/signal.ts";
import type { Tenant } from "../tenants/tenant.ts";

/**
 * The number of relevant signals per category and UTC day since 1970. Integers, so that the order of adding makes no
 * difference.
 */
export type CategoryCounts = AccountContext["categories"];

/** Anything older is discarded; health looks back no further than `newsDays`. */
const keptDays = 365;
const newsDays = 90;
const trendDays = 30;

/** Points that two recent signals of a category add or cost in full; a category not listed here has no effect. */
const newsWeights: Readonly<Partial<Record<Category, number>>> = {
  funding: 6,
  expansion: 5,
  partnership: 4,
  product_launch: 3,
  hiring: 3,
  governance: -8,
  legal: -12,
  restructuring: -12,
  security_incident: -15,
};
/** This many signals of one category, undecayed, count in full: twenty reports of one event are one event. */
const fullCount = 2;

const baseScore = 50;
const intentWeight = 0.25;
const trendWeight = 0.5;
const maxTrend = 15;
const silenceFreeDays = 14;
const silencePerDay = 0.25;
const maxSilence = 10;
const maxGoodNews = 20;
const goodFrom = 65;
const watchFrom = 40;
/** The change of intent, and the days of silence, that deserve a flag. */
const markedTrend = 15;
const quietDays = 45;

export const Health = z.object({
  score: z.int().min(0).max(100),
  level: z.enum(["good", "watch", "risk"]),
  /**
   * What moved the score most, at most three. `detail`: the intent; its change in points; days without a signal, or
   * "never"; the category.
   */
  reasons: z
    .array(
      z.object({
        code: z.enum(["intent", "trend", "silence", "good-news", "bad-news"]),
        effect: z.number(),
        detail: z.string(),
      }),
    )
    .max(3),
  flags: z.array(
    z.enum([
      "never-heard-of",
      "quiet",
      "rising",
      "falling",
      "bad-news",
      "sources-failing",
      "unwatched",
    ]),
  ),
});
export type Health = z.infer<typeof Health>;
type Reason = Health["reasons"][number];

/** How an account is watched: its sources, and how many of them failed at the last poll (0 where unknown). */
export interface Watched {
  readonly sources: number;
  readonly failingSources: number;
}

/**
 * The counts with these signals added, each on its own day; signals below the tenant's relevance say nothing about
 * the account and are left out.
 */
export function addToCategories(
  counts: CategoryCounts,
  signals: readonly Pick<
    Signal,
    "category" | "relevance" | "occurredAt" | "receivedAt"
  >[],
  {
    tenant,
    now,
  }: {
    readonly tenant: Pick<Tenant, "relevanceThreshold">;
    readonly now: Date;
  },
): CategoryCounts {
  const oldest = toDay(now) - keptDays;
  const relevant = signals
    .filter(({ relevance }) => relevance >= tenant.relevanceThreshold)
    .map((signal) => [signal.category, toDay(happenedAt(signal))] as const);
  const names = [...Object.keys(counts), ...relevant.map(([name]) => name)];
  const added = [...new Set(names)].sort().map((name) => {
    const days = new Map(Object.entries(counts[name] ?? {}));
    for (const [category, day] of relevant) {
      const key = String(day);
      if (category === name) days.set(key, (days.get(key) ?? 0) + 1);
    }
    const kept = [...days].filter(([day]) => Number(day) >= oldest);
    return [name, Object.fromEntries(kept)] as const;
  });
  return Object.fromEntries(
    added.filter(([, days]) => Object.keys(days).length > 0),
  );
}

/**
 * How well an account does and how close it is, 0 to 100: an explainable rule of thumb, not a forecast learned from
 * data. It begins at 50 and adds
 *
 * - intent now × 0.25: 0 to 25;
 * - its change within 30 days × 0.5: −15 to 15;
 * - silence: −0.25 for each day beyond 14 without a signal, −10 at most, also if there never was one;
 * - news of the last 90 days: for each category its weight × min(1, n/2), where n counts its relevant signals, each
 *   fading linearly to nothing over the 90 days. Good news adds 20 at most; bad news has no limit.
 *
 * `good` from 65, `watch` from 40, else `risk`: silence alone puts nobody at risk. The same context, in whatever
 * order it was folded, has the same health; one more bad signal, all else equal, never improves it. `facts` only
 * raise flags.
 */
export function toHealth(
  context: Pick<AccountContext, "parts" | "categories" | "lastSignalAt"> | null,
  facts: Watched,
  {
    tenant,
    now,
  }: { readonly tenant: Pick<Tenant, "halfLifeDays">; readonly now: Date },
): Health {
  const intentAt = (at: Date) =>
    intentHistory(context?.parts ?? {}, tenant, { now: at, days: 1 })[0]
      ?.intent ?? 0;
  const intent = intentAt(now);
  const trend = intent - intentAt(addMs(now, -trendDays * dayMs));
  const silentDays =
    context?.lastSignalAt == null
      ? null
      : Math.max(0, toDay(now) - toDay(context.lastSignalAt));
  const news = newsIn(context?.categories ?? {}, toDay(now));
  const parts: readonly Reason[] = [
    {
      code: "intent",
      effect: intentWeight * intent,
      detail: formatPoints(intent),
    },
    {
      code: "trend",
      effect: clamp(trendWeight * trend, -maxTrend, maxTrend),
      detail: formatPoints(trend),
    },
    {
      code: "silence",
      effect: -silence(silentDays),
      detail: silentDays === null ? "never" : String(silentDays),
    },
    ...news,
  ];
  const sum = parts.reduce((total, { effect }) => total + effect, baseScore);
  const score = Math.round(clamp(sum, 0, 100));
  return {
    score,
    level: score >= goodFrom ? "good" : score >= watchFrom ? "watch" : "risk",
    reasons: strongest(parts),
    flags: toFlags({ silentDays, trend, news, facts }),
  };
}

function silence(days: number | null): number {
  if (days === null) return maxSilence;
  return clamp(silencePerDay * (days - silenceFreeDays), 0, maxSilence);
}

/** The points of each category; good ones are scaled down together if they exceed their limit. */
function newsIn(counts: CategoryCounts, today: number): readonly Reason[] {
  const news = Category.options.flatMap((category) => {
    const weight = newsWeights[category];
    if (weight === undefined) return [];
    const fresh = Object.entries(counts[category] ?? {}).reduce(
      (sum, [day, count]) => {
        const age = today - Number(day);
        return age < 0 ? sum : sum + count * Math.max(0, 1 - age / newsDays);
      },
      0,
    );
    const effect = weight * Math.min(1, fresh / fullCount);
    return effect === 0 ? [] : [{ category, effect }];
  });
  const good = news.reduce((sum, { effect }) => sum + Math.max(0, effect), 0);
  const scale = Math.min(1, maxGoodNews / Math.max(good, 1));
  return news.map(({ category, effect }) =>
    effect > 0
      ? { code: "good-news", effect: effect * scale, detail: category }
      : { code: "bad-news", effect, detail: category },
  );
}

function strongest(parts: readonly Reason[]): Reason[] {
  return parts
    .map((part) => ({ ...part, effect: Math.round(part.effect * 10) / 10 }))
    .filter(({ effect }) => effect !== 0)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, 3);
}

function toFlags({
  silentDays,
  trend,
  news,
  facts,
}: {
  readonly silentDays: number | null;
  readonly trend: number;
  readonly news: readonly Reason[];
  readonly facts: Watched;
}): Health["flags"] {
  const raised: readonly (readonly [Health["flags"][number], boolean])[] = [
    ["never-heard-of", silentDays === null],
    ["quiet", silentDays !== null && silentDays >= quietDays],
    ["rising", trend >= markedTrend],
    ["falling", trend <= -markedTrend],
    ["bad-news", news.some(({ code }) => code === "bad-news")],
    ["sources-failing", facts.failingSources > 0],
    ["unwatched", facts.sources === 0],
  ];
  return raised.filter(([, is]) => is).map(([flag]) => flag);
}

function formatPoints(points: number): string {
  return (Math.round(points * 10) / 10).toFixed(1);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
