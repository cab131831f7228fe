import { Skeleton } from "@mantine/core";
import { Suspense } from "react";
import { useTranslations } from "use-intl";
import classes from "./OverWeeks.module.css";
import type { WeekChartProps } from "./WeekChart.tsx";
import { lazyComponent } from "../../lib/page/lazyComponent.ts";

const WeekChart = lazyComponent(
  () => import("./WeekChart.tsx"),
  (module) => module.WeekChart,
);

interface Props extends Omit<WeekChartProps, "weeks"> {
  readonly weeks: readonly {
    readonly label: string;
    readonly value: number | null;
    /** What the value is based on, in words. */
    readonly basis: string;
  }[];
  readonly asTable: boolean;
}

/** A figure over the weeks, as a chart or as a table. */
export function OverWeeks({ asTable, ...chart }: Props) {
  const t = useTranslations("dashboard");
  const { of, weeks, format, target } = chart;
  const toText = (value: number | null) =>
    value === null ? t("noFigure") : format(value);
  if (asTable)
    return (
      <table className={classes["table"]}>
        <thead>
          <tr>
            <th scope="col">{t("week")}</th>
            <th scope="col">{of}</th>
            <th scope="col">{t("basis")}</th>
          </tr>
        </thead>
        <tbody>
          {weeks.map(({ label, value, basis }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{toText(value)}</td>
              <td>{basis}</td>
            </tr>
          ))}
        </tbody>
      </table>
    );
  if (weeks.every(({ value }) => value === null))
    return <p className={classes["legend"]}>{t("none")}</p>;
  const inWords = weeks
    .map(({ label, value }) => `${label}: ${toText(value)}`)
    .join("; ");
  return (
    <>
      <div role="img" aria-label={`${of}. ${inWords}`}>
        <Suspense fallback={<Skeleton h={190} />}>
          <WeekChart {...chart} />
        </Suspense>
      </div>
      <p className={classes["legend"]}>
        <span className={classes["line"]} /> {t("target")} {format(target)}
      </p>
    </>
  );
}
