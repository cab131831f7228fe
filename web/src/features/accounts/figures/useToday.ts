import { useMemo } from "react";
import { useNow } from "use-intl";
import {
  dayMs,
  toDay,
} from "../../../../../functions/src/domain/kernel/instant.ts";

/** The start of the UTC day, which changes with the day alone: figures are calculated by days. */
export function useToday(): Date {
  const day = toDay(useNow({ updateInterval: 60_000 }));
  return useMemo(() => new Date(day * dayMs), [day]);
}
