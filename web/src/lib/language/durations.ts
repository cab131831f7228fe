import { useFormatter } from "use-intl";

const units = [
  { unit: "day", ms: 86_400_000 },
  { unit: "hour", ms: 3_600_000 },
  { unit: "minute", ms: 60_000 },
  { unit: "second", ms: 1_000 },
] as const;

/** Formats a duration in the largest unit that it fills. */
export function useDuration(): (ms: number) => string {
  const format = useFormatter();
  return (ms) => {
    const { unit, ms: one } = units.find((each) => ms >= each.ms) ?? units[3];
    return format.number(ms / one, {
      style: "unit",
      unit,
      unitDisplay: "short",
      maximumFractionDigits: ms / one < 10 ? 1 : 0,
    });
  };
}
