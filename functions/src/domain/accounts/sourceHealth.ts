import type { SourceState } from "./account.ts";
import { addMs, dayMs } from "../kernel/instant.ts";
import { type PolledKind, sourceFacts } from "../sources/source.ts";

/**
 * Each source is polled every hour unless its account says otherwise; one not polled for this long has been left out.
 */
const unseenMs = dayMs;

/** However often items usually come, this much silence is normal. */
const leastSilenceMs = 7 * dayMs;
/** A source is unusually silent after this many times its usual gap. */
const usualGaps = 5;
/** How much the newest gap counts towards the usual one. */
const newest = 0.3;

export type SourceLevel = "failing" | "silent" | "healthy";

/**
 * The state of a source: `failing` since its last poll; `silent` if it was not polled for a day, has never found
 * anything, or has found nothing new for unusually long.
 */
export function toSourceLevel(
  state: Pick<
    SourceState,
    "consecutiveFailures" | "lastPolledAt" | "itemsFound" | "silentAt" | "kind"
  >,
  now: Date,
): SourceLevel {
  if (state.consecutiveFailures > 0) return "failing";
  const isUnseen = now.getTime() - state.lastPolledAt.getTime() > unseenMs;
  const isLate = state.silentAt !== null && state.silentAt <= now;
  const mayBeEmpty =
    state.kind !== null && sourceFacts[state.kind].silentAfterDays === null;
  const isEmpty = state.itemsFound === 0 && !mayBeEmpty;
  return isUnseen || isLate || isEmpty ? "silent" : "healthy";
}

/** When something last came, the usual gap, and from when silence is unusual: null where it never is. */
export type Rhythm = Pick<SourceState, "lastItemAt" | "gapMs" | "silentAt">;

/** A source's rhythm after a poll, given how many new items it found. */
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
