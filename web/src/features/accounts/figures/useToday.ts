import { useMemo } from "react";
import { useNow } from "use-intl";
import {
  dayMs,
  dayOf,
} from "../../../../../functions/src/domain/kernel/instant.ts";

/** The UTC day, as a moment of it that changes with the day alone: figures are reckoned by days. */
export function useToday(): Date {
  const day = dayOf(useNow({ updateInterval: 60_000 }));
  return useMemo(() => new Date(day * dayMs), [day]);
}
