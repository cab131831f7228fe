import { SegmentedControl, Skeleton, Switch, Text } from "@mantine/core";
import { IconChartBar } from "@tabler/icons-react";
import { useNow, useTranslations } from "use-intl";
import { toDay } from "../../../../functions/src/domain/kernel/instant.ts";
import { Empty } from "../../parts/Empty.tsx";
import { Moment } from "../../parts/Moment.tsx";
import { Trouble } from "../../parts/Trouble.tsx";
import classes from "./Dashboard.module.css";
import { Figures } from "./Figures.tsx";
import type { DashboardSearch } from "./search.ts";
import { Targets } from "./Targets.tsx";
import { useDashboard } from "./useDashboard.ts";
import { periodOf, shownTargets, weeksOf } from "./weeks.ts";

/** How long the days of a tenant's first count may take, about. */
const firstCountMs = 15_000;

/** The whole tenant in figures, beside what was promised. */
export function Dashboard({
  search,
  onSearch,
}: {
  readonly search: DashboardSearch;
  /** Changes the address, hence what is shown. */
  readonly onSearch: (change: Partial<DashboardSearch>) => void;
}) {
  const t = useTranslations("dashboard");
  const { weeks = 8, tables = false } = search;
  const today = toDay(useNow({ updateInterval: 60_000 }));
  const { days, overview, staleFor, stuck } = useDashboard(today);
  if (days.state === "failed")
    return <Trouble title={t("failedToLoad")} error={days.error} />;
  if (overview.state === "failed")
    return <Trouble title={t("failedToLoad")} error={overview.error} />;
  const found = overview.state === "ready" ? overview.value : null;
  // The first count of all tells of itself a moment before its days come.
  const isFirst =
    found !== null &&
    days.state === "ready" &&
    days.value.length === 0 &&
    Date.now() - found.createdAt.getTime() < firstCountMs;
  const folded = isFirst ? null : found;
  // Nobody has looked yet: that nothing is counted does not say that nothing is there.
  const isNew = overview.state === "ready" && folded === null;
  if (isNew && staleFor !== null)
    return <Trouble title={t("failedToLoad")} error={staleFor} />;
  const isHere = days.state === "ready" && folded !== null;
  const asOf = folded?.checkpoint;
  const { accountsWatched = 0 } = folded ?? {};
  const all = isHere ? days.value : [];
  const period = periodOf(all, { weeks, today });
  return (
    <div className={classes["page"]}>
      <header className={classes["head"]}>
        <div className={classes["title"]}>
          <h1>{t("title")}</h1>
          <Text size="xs" c="dimmed" role="status">
            {staleFor !== null
              ? t("stale", { why: staleFor.message })
              : asOf === undefined
                ? isNew && t("counting")
                : t.rich("asOf", { moment: () => <Moment at={asOf} /> })}
          </Text>
        </div>
        <Switch
          size="xs"
          label={t("asTable")}
          checked={tables}
          onChange={(event) => {
            const { checked } = event.currentTarget;
            onSearch({ tables: checked ? true : undefined });
          }}
        />
        <SegmentedControl
          size="xs"
          aria-label={t("period")}
          value={String(weeks)}
          data={[
            { value: "4", label: t("weeks", { count: 4 }) },
            { value: "8", label: t("weeks", { count: 8 }) },
          ]}
          onChange={(value) => {
            onSearch({ weeks: value === "4" ? 4 : undefined });
          }}
        />
      </header>
      {isHere ? (
        <>
          <section aria-label={t("targets")}>
            <Targets targets={shownTargets(period, accountsWatched, stuck)} />
          </section>
          {!period.complete && (
            <Text size="xs" c="dimmed">
              {t("incomplete")}
            </Text>
          )}
          {period.cards === 0 ? (
            <Empty
              icon={<IconChartBar size={36} stroke={1.25} aria-hidden />}
              title={t("noCards", { count: weeks })}
              text={t("noCardsText")}
            />
          ) : (
            <Figures
              period={period}
              weeks={weeksOf(all, accountsWatched, { weeks, today })}
              asTable={tables}
            />
          )}
        </>
      ) : (
        <Waiting />
      )}
    </div>
  );
}

function Waiting() {
  const t = useTranslations("app");
  return (
    <div role="status" aria-label={t("loading")} className={classes["panels"]}>
      {Array.from({ length: 6 }, (_, i) => (
        <Skeleton key={i} h={i < 4 ? 96 : 260} />
      ))}
    </div>
  );
}
