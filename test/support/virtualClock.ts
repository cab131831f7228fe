import type { Clock } from "../../functions/src/ports/clock.ts";

export interface VirtualClock extends Clock {
  /** Moves on; what was set for a moment on the way fires. */
  readonly advance: (ms: number) => void;
  /** Moves on to the earliest time-out still running; false where there is none. */
  readonly toNextTimeout: () => boolean;
  /** Forgets every time-out: the process that waited for them is dead. */
  readonly forget: () => void;
}

/** A clock that stands still until it is moved. */
export function virtualClock(
  start = new Date("2026-11-02T08:00:00Z"),
): VirtualClock {
  let now = start.getTime();
  const timers = new Set<{
    readonly at: number;
    readonly controller: AbortController;
  }>();
  const advance = (ms: number) => {
    now += ms;
    for (const timer of [...timers].filter(({ at }) => at <= now)) {
      timers.delete(timer);
      timer.controller.abort();
    }
  };
  return {
    now: () => new Date(now),
    abortAfter: (ms) => {
      const timer = { at: now + ms, controller: new AbortController() };
      timers.add(timer);
      return {
        signal: timer.controller.signal,
        cancel: () => timers.delete(timer),
      };
    },
    advance,
    forget: () => timers.clear(),
    toNextTimeout: () => {
      const next = Math.min(...[...timers].map(({ at }) => at));
      if (!Number.isFinite(next)) return false;
      advance(Math.max(0, next - now));
      return true;
    },
  };
}
