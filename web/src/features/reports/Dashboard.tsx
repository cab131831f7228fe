import { SegmentedControl, Skeleton, Switch, Text } from "@mantine/core";
import { IconChartBar } from "@tabler/icons-react";
import { useNow, useTranslations } from "use-intl";
import type { DashboardOverview } from "../../../../functions/src/domain/reports/dashboard.ts";
import { toDay } from "../../../../functions/src/domain/kernel/instant.ts";
import type { WithId } from "../../lib/firestore/live.ts";
import { Empty } from "../../parts/Empty.tsx";
import { Moment } from "../../parts/Moment.tsx";
import { ErrorAlert } from "../../parts/ErrorAlert.tsx";
import classes from "./Dashboard.module.css";
import { Figures } from "./Figures.tsx";
import type { DashboardSearch } from "./search.ts";
import { Targets } from "./Targets.tsx";
import { type Counted, useDashboard } from "./useDashboard.ts";
import { toPeriod, displayedTargets, toWeeks } from "./weeks.ts";

interface DashboardProps {
  readonly search: DashboardSearch;
  /** Changes the address, hence what is shown. */
  readonly onSearch: (change: Partial<DashboardSearch>) => void;
}

/** The whole tenant in figures, beside its targets. */
export function Dashboard({ search, onSearch }: DashboardProps) {
  const t = useTranslations("dashboard");
  const today = toDay(useNow({ updateInterval: 60_000 }));
  const { days, overview, staleFor, stuck } = useDashboard(today);
  if (days.state === "failed")
    return <ErrorAlert title={t("failedToLoad")} error={days.error} />;
  if (overview.state === "failed")
    return <ErrorAlert title={t("failedToLoad")} error={overview.error} />;
  const { isNew, folded } = firstCount(days, overview);
  if (isNew && staleFor !== null)
    return <ErrorAlert title={t("failedToLoad")} error={staleFor} />;
  return (
    <div className={classes["page"]}>
      <header className={classes["head"]}>
        <div className={classes["title"]}>
          <h1>{t("title")}</h1>
          <CountedAt
            at={folded?.checkpoint ?? null}
            isNew={isNew}
            staleFor={staleFor}
          />
        </div>
        <Choices search={search} onSearch={onSearch} />
      </header>
      {days.state === "ready" && folded !== null ? (
        <Body
          days={days.value}
          accountsWatched={folded.accountsWatched}
          stuck={stuck}
          search={search}
          today={today}
        />
      ) : (
        <Waiting />
      )}
    </div>
  );
}

/** When the figures were counted, or why they may be old. */
function CountedAt({
  at,
  isNew,
  staleFor,
}: {
  readonly at: Date | null;
  readonly isNew: boolean;
  readonly staleFor: Error | null;
}) {
  const t = useTranslations("dashboard");
  return (
    <Text size="xs" c="dimmed" role="status">
      {staleFor !== null
        ? t("stale", { why: staleFor.message })
        : at === null
          ? isNew && t("counting")
          : t.rich("asOf", { moment: () => <Moment at={at} /> })}
    </Text>
  );
}

/** Tables or charts, and of how many weeks. */
function Choices({
  search: { weeks = 8, tables = false },
  onSearch,
}: DashboardProps) {
  const t = useTranslations("dashboard");
  return (
    <>
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
    </>
  );
}

function Body({
  days,
  accountsWatched,
  stuck,
  search: { weeks = 8, tables = false },
  today,
}: Pick<DashboardProps, "search"> & {
  readonly days: Parameters<typeof toPeriod>[0];
  readonly accountsWatched: number;
  readonly stuck: number | null;
  readonly today: number;
}) {
  const t = useTranslations("dashboard");
  const period = toPeriod(days, { weeks, today });
  return (
    <>
      <section aria-label={t("targets")}>
        <Targets targets={displayedTargets(period, accountsWatched, stuck)} />
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
          weeks={toWeeks(days, accountsWatched, { weeks, today })}
          asTable={tables}
        />
      )}
    </>
  );
}

/** Roughly how long a tenant's first count may take. */
const firstCountMs = 15_000;

/** The overview to show, and whether nothing was counted yet, which does not say that there is nothing: the first count of all is announced a moment before its days are here. */
function firstCount(
  days: Counted["days"],
  overview: Counted["overview"],
): {
  readonly isNew: boolean;
  readonly folded: WithId<DashboardOverview> | null;
} {
  if (overview.state !== "ready") return { isNew: false, folded: null };
  const found = overview.value;
  const isFirst =
    found !== null &&
    days.state === "ready" &&
    days.value.length === 0 &&
    Date.now() - found.createdAt.getTime() < firstCountMs;
  const folded = isFirst ? null : found;
  return { isNew: folded === null, folded };
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
