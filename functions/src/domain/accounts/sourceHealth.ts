import type { SourceState } from "./account.ts";
import { addMs, dayMs } from "../kernel/instant.ts";
import { type PolledKind, sourceFacts } from "../sources/source.ts";

/** Each source is looked at every hour unless an account says otherwise; one that nobody looked at for so long has been left out. */
const unseenMs = dayMs;

/** However often something came before, it may come late by so much. */
const leastSilenceMs = 7 * dayMs;
/** A source is unusually silent after so many times the gap that it usually leaves. */
const usualGaps = 5;
/** How much the newest gap counts towards the usual one. */
const newest = 0.3;

export type SourceLevel = "failing" | "silent" | "healthy";

/** How a source fares: `failing` since its last look; `silent` where no look came for a day, none ever found anything, or nothing new came for unusually long. */
export function toSourceLevel(
  state: Pick<
    SourceState,
    "consecutiveFailures" | "lastLookAt" | "itemsFound" | "silentAt" | "kind"
  >,
  now: Date,
): SourceLevel {
  if (state.consecutiveFailures > 0) return "failing";
  const isUnseen = now.getTime() - state.lastLookAt.getTime() > unseenMs;
  const isLate = state.silentAt !== null && state.silentAt <= now;
  const mayBeEmpty =
    state.kind !== null && sourceFacts[state.kind].silentAfterDays === null;
  const isEmpty = state.itemsFound === 0 && !mayBeEmpty;
  return isUnseen || isLate || isEmpty ? "silent" : "healthy";
}

/** When something last came, how long that usually takes, and the moment from which on its silence is unusual: null where it never is. */
export type Rhythm = Pick<SourceState, "lastItemAt" | "gapMs" | "silentAt">;

/** The rhythm of a source after a poll that found so many new items. */
export function nextRhythm(
  before: Rhythm | null,
  {
    kind,
    found,
    now,
  }: {
    readonly kind: PolledKind;
    readonly found: number;
    readonly now: Date;
  },
): Rhythm {
  const { lastItemAt: last = null, gapMs: usual = null } = before ?? {};
  const gap = last === null ? null : now.getTime() - last.getTime();
  const gapMs =
    found === 0 || gap === null
      ? usual
      : Math.round(usual === null ? gap : (1 - newest) * usual + newest * gap);
  const lastItemAt = found > 0 ? now : last;
  const { silentAfterDays } = sourceFacts[kind];
  if (silentAfterDays === null || lastItemAt === null)
    return { lastItemAt, gapMs, silentAt: null };
  const most = silentAfterDays * dayMs;
  const patience =
    gapMs === null
      ? most
      : Math.min(most, Math.max(leastSilenceMs, usualGaps * gapMs));
  return { lastItemAt, gapMs, silentAt: addMs(lastItemAt, patience) };
}
