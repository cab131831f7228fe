import { dayMs, minuteMs, secondMs } from "../kernel/instant.ts";

/**
 * Milliseconds to wait before try number `attempts + 1`: 5 s doubling to 30 min, the upper half of which is random by
 * `jitter` (0 ≤ jitter < 1), so that what failed together does not return together ("equal jitter", AWS Architecture
 * Blog, Exponential Backoff And Jitter). A vendor's own Retry-After wins if it is longer, up to a day.
 */
export function backoffMs(
  attempts: number,
  jitter: number,
  retryAfterMs: number | null = null,
): number {
  const ceiling = Math.min(
    30 * minuteMs,
    5 * secondMs * 2 ** Math.max(0, attempts - 1),
  );
  return Math.max(
    Math.round(ceiling / 2 + (ceiling / 2) * jitter),
    Math.min(dayMs, retryAfterMs ?? 0),
  );
}
