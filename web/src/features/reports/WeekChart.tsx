import "@mantine/charts/styles.css";
import { BarChart, LineChart } from "@mantine/charts";

export interface WeekChartProps {
  readonly kind: "bars" | "line";
  /** What is drawn, in a word. */
  readonly of: string;
  readonly weeks: readonly {
    readonly label: string;
    readonly value: number | null;
  }[];
  /** The target value. */
  readonly target: number;
  readonly format: (value: number) => string;
  /** The top of the scale; taken from the values where absent. */
  readonly most?: number;
}

/** A figure over the weeks, drawn. */
export function WeekChart({
  kind,
  of,
  weeks,
  target,
  format,
  most,
}: WeekChartProps) {
  const highest = Math.max(...weeks.map(({ value }) => value ?? 0), target);
  const common = {
    h: 190,
    data: weeks.map(({ label, value }) => ({ label, value })),
    dataKey: "label",
    series: [{ name: "value", label: of, color: "var(--accent)" }],
    valueFormatter: format,
    yAxisProps: { width: 44, domain: [0, most ?? Math.ceil(highest)] },
    xAxisProps: { interval: "preserveStartEnd" as const, minTickGap: 12 },
    referenceLines: [{ y: target, color: "var(--quiet)" }],
    tickLine: "none" as const,
  };
  return kind === "bars" ? (
    <BarChart {...common} maxBarWidth={36} />
  ) : (
    <LineChart {...common} curveType="linear" connectNulls={false} />
  );
}
