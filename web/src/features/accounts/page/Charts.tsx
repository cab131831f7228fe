import { Button, Skeleton } from "@mantine/core";
import { Suspense, useMemo, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { useSession } from "../../../lib/session/session.ts";
import classes from "./Charts.module.css";
import {
  toChart,
  type ChartDay,
  type KnownContext,
} from "../figures/figures.ts";
import { Panel } from "../../../parts/Panel.tsx";
import { useToday } from "../figures/useToday.ts";
import { lazyComponent } from "../../../lib/page/lazyComponent.ts";

const Lines = lazyComponent(
  () => import("./Lines.tsx"),
  (module) => module.Lines,
);

/** Intent and health of the last 90 days: drawn, or as a table. */
export function Charts({ context }: { readonly context: KnownContext | null }) {
  const t = useTranslations("accounts");
  const format = useFormatter();
  const { tenant } = useSession();
  const now = useToday();
  const [asTable, setAsTable] = useState(false);
  const days = useMemo(
    () => (context === null ? [] : toChart(context, { tenant, now })),
    [context, tenant, now],
  );
  const [first, last] = [days[0], days.at(-1)];
  const shortDay = (day: string) =>
    format.dateTime(new Date(day), {
      day: "numeric",
      month: "short",
      timeZone: "UTC",
    });
  if (first === undefined || last === undefined)
    return (
      <Panel title={t("chart")}>
        <p className={classes["nothing"]}>{t("noChart")}</p>
      </Panel>
    );
  return (
    <Panel
      title={t("chart")}
      actions={
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => {
            setAsTable(!asTable);
          }}
        >
          {t(asTable ? "asChart" : "asTable")}
        </Button>
      }
    >
      {asTable ? (
        <ChartTable days={days} shortDay={shortDay} />
      ) : (
        <div
          role="img"
          aria-label={t("chartText", {
            intentThen: Math.round(first.intent),
            intent: Math.round(last.intent),
            healthThen: first.health ?? 0,
            health: last.health ?? 0,
          })}
        >
          <Suspense fallback={<Skeleton h={220} />}>
            <Lines
              days={days.map((day) => ({ ...day, label: shortDay(day.day) }))}
            />
          </Suspense>
        </div>
      )}
    </Panel>
  );
}

function ChartTable({
  days,
  shortDay,
}: {
  readonly days: readonly ChartDay[];
  readonly shortDay: (day: string) => string;
}) {
  const t = useTranslations("accounts");
  const weekly = days.filter(({ health }) => health !== null);
  return (
    <table className={classes["table"]}>
      <caption>{t("chartCaption")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("day")}</th>
          <th scope="col">{t("column.intent")}</th>
          <th scope="col">{t("column.health")}</th>
        </tr>
      </thead>
      <tbody>
        {weekly.toReversed().map(({ day, intent, health }) => (
          <tr key={day}>
            <th scope="row">{shortDay(day)}</th>
            <td>{Math.round(intent)}</td>
            <td>{health}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
