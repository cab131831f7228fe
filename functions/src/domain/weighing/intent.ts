import type { Tenant } from "../tenants/tenant.ts";
import { type Signal } from "../signals/signal.ts";
import { happenedAt } from "../signals/occurrence.ts";
import { SignalType } from "../sources/source.ts";
import { toDateText, toDay } from "../kernel/instant.ts";

/** Sums of milli-weights per signal type and UTC day. Integers, so that the order of adding makes no difference. */
export type IntentParts = Readonly<
  Record<string, Readonly<Record<string, number>>>
>;

/** A contribution older than this many half-lives (under 0.01 % of its weight) is discarded. */
const horizonHalfLives = 14;

/** At this undecayed weight the intent reads 63 of 100. */
const saturationWeight = 2;

/** What a signal adds to its account's intent before any decay: relevance × reliability × the weight of its type. */
export function signalWeight(
  signal: Pick<Signal, "relevance" | "reliability" | "type">,
  typeWeights: Tenant["typeWeights"],
): number {
  return signal.relevance * signal.reliability * typeWeights[signal.type];
}

/** The parts with these signals added, each on its own day; discards what is beyond every horizon. */
export function addToIntent(
  parts: IntentParts,
  signals: readonly Pick<
    Signal,
    "relevance" | "reliability" | "type" | "occurredAt" | "receivedAt"
  >[],
  {
    tenant,
    now,
  }: {
    readonly tenant: Pick<Tenant, "typeWeights" | "halfLifeDays">;
    readonly now: Date;
  },
): IntentParts {
  const sums = new Map(
    Object.entries(parts).map(([type, days]) => [
      type,
      new Map(Object.entries(days)),
    ]),
  );
  for (const signal of signals) {
    const days = sums.get(signal.type) ?? new Map<string, number>();
    const day = String(toDay(happenedAt(signal)));
    days.set(
      day,
      (days.get(day) ?? 0) +
        Math.round(1000 * signalWeight(signal, tenant.typeWeights)),
    );
    sums.set(signal.type, days);
  }
  const kept = [...sums].map(([type, days]) => {
    const horizon = toDay(now) - horizonHalfLives * halfLife(tenant, type);
    return [
      type,
      Object.fromEntries([...days].filter(([day]) => Number(day) >= horizon)),
    ] as const;
  });
  return Object.fromEntries(
    kept
      .filter(([, days]) => Object.keys(days).length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/**
 * Intent 0–100 on the UTC day of `now`: each day's weight halved once per half-life of its type since then, summed,
 * and saturated as 100 × (1 − e^(−sum/2)). Later days do not count.
 */
export function toIntent(
  parts: IntentParts,
  tenant: Pick<Tenant, "halfLifeDays">,
  now: Date,
): number {
  return intentOn(parts, tenant, toDay(now));
}

/**
 * The intent at the end of each of the last `days` UTC days, oldest first, ending with the day of `now`; what
 * happened after a day does not count towards it.
 */
export function intentHistory(
  parts: IntentParts,
  tenant: Pick<Tenant, "halfLifeDays">,
  { now, days }: { readonly now: Date; readonly days: number },
): readonly { readonly day: string; readonly intent: number }[] {
  return Array.from({ length: days }, (_, i) => {
    const day = toDay(now) - (days - 1 - i);
    const intent = intentOn(parts, tenant, day);
    return { day: toDateText(day), intent };
  });
}

function until(parts: IntentParts, last: number): IntentParts {
  return Object.fromEntries(
    Object.entries(parts).map(([type, days]) => [
      type,
      Object.fromEntries(
        Object.entries(days).filter(([day]) => Number(day) <= last),
      ),
    ]),
  );
}

function intentOn(
  parts: IntentParts,
  tenant: Pick<Tenant, "halfLifeDays">,
  today: number,
): number {
  let sum = 0;
  const happened = until(parts, today);
  for (const type of Object.keys(happened).sort()) {
    for (const [day, milli] of Object.entries(happened[type] ?? {}).sort(
      ([a], [b]) => Number(a) - Number(b),
    )) {
      const age = today - Number(day);
      sum += (milli / 1000) * 0.5 ** (age / halfLife(tenant, type));
    }
  }
  return Math.round(1000 * (1 - Math.exp(-sum / saturationWeight))) / 10;
}

function halfLife(tenant: Pick<Tenant, "halfLifeDays">, type: string): number {
  return tenant.halfLifeDays[SignalType.parse(type)];
}
