import { useFormatter, useNow } from "use-intl";

const minuteMs = 60_000;

/** Formats moments as people say them: how long ago or how soon, in full, or the day. */
export function useMoments(): {
  readonly near: (at: Date) => string;
  readonly full: (at: Date) => string;
  readonly day: (at: Date) => string;
} {
  const format = useFormatter();
  const now = useNow({ updateInterval: minuteMs / 2 });
  return {
    // What came since the last update is past, not in so many seconds.
    near: (at) => format.relativeTime(at, at > now ? new Date() : now),
    full: (at) =>
      format.dateTime(at, { dateStyle: "medium", timeStyle: "short" }),
    day: (at) => format.dateTime(at, { dateStyle: "medium" }),
  };
}
