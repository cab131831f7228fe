import { useFormatter, useTranslations } from "use-intl";
import type { Dashboard } from "../../../../functions/src/domain/reports/dashboardSum.ts";
import { RejectReason } from "../../../../functions/src/domain/cards/opportunity.ts";
import { Category } from "../../../../functions/src/domain/signals/signal.ts";
import { SourceKind } from "../../../../functions/src/domain/sources/source.ts";
import { useDuration } from "../../lib/language/durations.ts";
import { AccountName } from "../../parts/AccountName.tsx";
import { ActivationCounts } from "./ActivationCounts.tsx";
import { Bars } from "./Bars.tsx";
import classes from "./Dashboard.module.css";
import { OverWeeks } from "./OverWeeks.tsx";
import { FigurePanel } from "./FigurePanel.tsx";
import {
  countDecided,
  enoughDecided,
  mostFrequent,
  type Week,
} from "./weeks.ts";

const accountsShown = 10;

/** The figures in detail: by week, by kind, by account. */
export function Figures({
  period,
  weeks,
  asTable,
}: {
  readonly period: Dashboard;
  readonly weeks: readonly Week[];
  readonly asTable: boolean;
}) {
  return (
    <div className={classes["panels"]}>
      <Coverage period={period} weeks={weeks} asTable={asTable} />
      <Acceptance period={period} weeks={weeks} asTable={asTable} />
      <div className={classes["stack"]}>
        <Times period={period} />
        <CrmWrites period={period} />
      </div>
      <Kinds period={period} />
    </div>
  );
}

interface OverTime {
  readonly period: Dashboard;
  readonly weeks: readonly Week[];
  readonly asTable: boolean;
}

function Coverage({ period, weeks, asTable }: OverTime) {
  const t = useTranslations("dashboard");
  const format = useFormatter();
  const toText = (value: number) =>
    format.number(value, { maximumFractionDigits: 2 });
  const weekLabel = useWeekLabel();
  const known = weeks.flatMap(({ cardsPerAccount }) => cardsPerAccount ?? []);
  const mean = known.reduce((sum, n) => sum + n, 0) / known.length;
  return (
    <FigurePanel
      title={t("cardsPerAccount")}
      figure={known.length === 0 ? t("noFigure") : toText(mean)}
      note={t("cardsPerAccountNote", {
        cards: period.cards,
        accounts: period.accountsWithCards,
      })}
    >
      <OverWeeks
        kind="bars"
        of={t("cardsPerAccount")}
        weeks={weeks.map((week) => ({
          label: weekLabel(week),
          value: week.cardsPerAccount,
          basis: t("cards", { count: week.cards }),
        }))}
        target={2}
        format={toText}
        asTable={asTable}
      />
    </FigurePanel>
  );
}

function Acceptance({ period, weeks, asTable }: OverTime) {
  const t = useTranslations("dashboard");
  const format = useFormatter();
  const toText = (value: number) =>
    format.number(value, { style: "percent", maximumFractionDigits: 0 });
  const weekLabel = useWeekLabel();
  const decided = countDecided(period);
  const isEnough = decided >= enoughDecided;
  return (
    <FigurePanel
      title={t("acceptance")}
      figure={
        isEnough && period.acceptance !== null
          ? toText(period.acceptance)
          : t("tooFew")
      }
      note={t("acceptanceNote", { n: decided, enough: enoughDecided })}
    >
      <OverWeeks
        kind="line"
        of={t("acceptance")}
        weeks={weeks.map((week) => ({
          label: weekLabel(week),
          value: week.acceptance,
          basis: t("decided", { count: week.decided }),
        }))}
        target={0.7}
        format={toText}
        most={1}
        asTable={asTable}
      />
    </FigurePanel>
  );
}

function Times({ period }: { readonly period: Dashboard }) {
  const t = useTranslations("dashboard");
  const duration = useDuration();
  const { p50, p95 } = period.timeToCard;
  const toText = (ms: number | null) =>
    ms === null ? t("noFigure") : t("atMost", { time: duration(ms) });
  return (
    <FigurePanel title={t("timeToCard")} note={t("timeToCardNote")}>
      <dl className={classes["pair"]}>
        <div>
          <dt>{t("p50")}</dt>
          <dd>{toText(p50)}</dd>
        </div>
        <div>
          <dt>{t("p95")}</dt>
          <dd>{toText(p95)}</dd>
        </div>
      </dl>
    </FigurePanel>
  );
}

function CrmWrites({ period }: { readonly period: Dashboard }) {
  const t = useTranslations("dashboard");
  return (
    <FigurePanel title={t("activations")} note={t("activationsNote")}>
      <ActivationCounts activations={period.activations} />
    </FigurePanel>
  );
}

function Kinds({ period }: { readonly period: Dashboard }) {
  const t = useTranslations("dashboard");
  const source = useTranslations("source");
  const category = useTranslations("category");
  const decisions = useTranslations("reviews");
  const accounts = mostFrequent(period.byAccount, accountsShown);
  return (
    <>
      <FigurePanel title={t("bySource")} note={t("bySourceNote")}>
        <Bars
          of={t("bySource")}
          rows={mostFrequent(period.bySource, SourceKind.options.length)}
          name={(key) => {
            const known = SourceKind.safeParse(key);
            return known.success ? source(known.data) : key;
          }}
        />
      </FigurePanel>
      <FigurePanel title={t("byCategory")}>
        <Bars
          of={t("byCategory")}
          rows={mostFrequent(period.byCategory, Category.options.length)}
          name={(key) => {
            const known = Category.safeParse(key);
            return known.success ? category(known.data) : key;
          }}
        />
      </FigurePanel>
      <FigurePanel
        title={t("byAccount")}
        note={t("byAccountNote", {
          shown: accounts.length,
          all: period.accountsWithCards,
        })}
      >
        <Bars
          of={t("byAccount")}
          rows={accounts}
          name={(id) => <AccountName id={id} />}
        />
      </FigurePanel>
      <FigurePanel title={t("rejectedFor")}>
        <Bars
          of={t("rejectedFor")}
          rows={mostFrequent(period.rejectedFor, RejectReason.options.length)}
          name={(key) => {
            const known = RejectReason.safeParse(key);
            return known.success ? decisions(`reason.${known.data}`) : key;
          }}
        />
      </FigurePanel>
    </>
  );
}

/** A week by its first day. */
function useWeekLabel(): (week: Week) => string {
  const format = useFormatter();
  return ({ first }) =>
    format.dateTime(new Date(first), {
      day: "numeric",
      month: "short",
      timeZone: "UTC",
    });
}
