import type { AccountContext } from "../../../../../functions/src/domain/accounts/account.ts";
import {
  type Health,
  toHealth,
  type Watched,
} from "../../../../../functions/src/domain/weighing/health.ts";
import {
  addMs,
  toDateText,
  dayMs,
  toDay,
} from "../../../../../functions/src/domain/kernel/instant.ts";
import { intentHistory } from "../../../../../functions/src/domain/weighing/intent.ts";
import type { Tenant } from "../../../../../functions/src/domain/tenants/tenant.ts";

/** The part of an account's context that its figures are calculated from. */
export type KnownContext = Pick<
  AccountContext,
  "parts" | "categories" | "lastSignalAt"
>;

interface When {
  readonly tenant: Pick<Tenant, "halfLifeDays">;
  readonly now: Date;
}

/** How far back the charts go, today included. */
export const chartDays = 92;
const trendDays = 30;

export interface Figures {
  readonly health: Health;
  readonly intent: number;
  /** How much the intent has changed within 30 days, in points. */
  readonly trend: number;
}

/** An account's figures today. */
export function accountFigures(
  known: KnownContext | null,
  watched: Watched,
  when: When,
): Figures {
  const parts = known?.parts ?? {};
  const on = (now: Date) =>
    intentHistory(parts, when.tenant, { now, days: 1 })[0]?.intent ?? 0;
  const intent = on(when.now);
  return {
    health: toHealth(known, watched, when),
    intent,
    trend: intent - on(addMs(when.now, -trendDays * dayMs)),
  };
}

/** The intent of each day of the chart, the oldest first. */
export function intentLine(
  known: KnownContext | null,
  when: When,
): readonly number[] {
  return intentHistory(known?.parts ?? {}, when.tenant, {
    now: when.now,
    days: chartDays,
  }).map(({ intent }) => intent);
}

/** Health moves slowly and is expensive to calculate: once a week is enough for a line. */
const weekDays = 7;

export interface ChartDay {
  /** `yyyy-mm-dd`, UTC. */
  readonly day: string;
  readonly intent: number;
  /** Null but on each seventh day, counted back from today. */
  readonly health: number | null;
}

/** Intent at the end of each day of the chart, health at the end of each week, the oldest first: what happened after a day has no part in it. */
export function toChart(known: KnownContext, when: When): readonly ChartDay[] {
  const intents = intentLine(known, when);
  return intents.map((intent, i) => {
    const ago = intents.length - 1 - i;
    const day = toDay(when.now) - ago;
    const health = ago % weekDays === 0 ? healthOn(known, day, when) : null;
    return { day: toDateText(day), intent, health };
  });
}

function healthOn(known: KnownContext, day: number, when: When): number {
  const now = new Date(day * dayMs);
  return toHealth(contextOn(known, day), withoutFailures, { ...when, now })
    .score;
}

/** How an account is monitored raises flags and does not move the score. */
const withoutFailures: Watched = { sources: 1, failingSources: 0 };

/** What was known at the end of a day. */
function contextOn(
  { parts, categories, lastSignalAt }: KnownContext,
  day: number,
): KnownContext {
  const before = {
    parts: countsUntil(parts, day),
    categories: countsUntil(categories, day),
  };
  if (lastSignalAt !== null && toDay(lastSignalAt) <= day)
    return { ...before, lastSignalAt };
  const days = Object.values(before.parts).flatMap((counts) =>
    Object.keys(counts).map(Number),
  );
  return {
    ...before,
    lastSignalAt:
      days.length === 0
        ? null
        : new Date(days.reduce((a, b) => Math.max(a, b)) * dayMs),
  };
}

function countsUntil(
  byName: KnownContext["categories"],
  last: number,
): KnownContext["categories"] {
  return Object.fromEntries(
    Object.entries(byName).map(([name, days]) => [
      name,
      Object.fromEntries(
        Object.entries(days).filter(([day]) => Number(day) <= last),
      ),
    ]),
  );
}
