import "@mantine/charts/styles.css";
import { LineChart } from "@mantine/charts";
import { useTranslations } from "use-intl";
import type { ChartDay } from "../figures/figures.ts";

/** Two lines from 0 to 100; loaded when they are shown. */
export function Lines({
  days,
}: {
  readonly days: readonly (ChartDay & { readonly label: string })[];
}) {
  const t = useTranslations("accounts");
  return (
    <LineChart
      h={220}
      data={[...days]}
      dataKey="label"
      series={[
        {
          name: "health",
          label: t("column.health"),
          color: "light-dark(#8a5a00, #ffc94d)",
          strokeDasharray: "5 3",
        },
        {
          name: "intent",
          label: t("column.intent"),
          color: "light-dark(#0b7285, #4bafc0)",
        },
      ]}
      withLegend
      withDots={false}
      connectNulls
      strokeWidth={2}
      curveType="monotone"
      yAxisProps={{ domain: [0, 100], width: 32 }}
      xAxisProps={{ interval: "equidistantPreserveStart", minTickGap: 40 }}
      valueFormatter={(value) => String(Math.round(value))}
    />
  );
}
