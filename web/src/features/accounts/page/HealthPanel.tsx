import { Badge } from "@mantine/core";
import { useFormatter, useTranslations } from "use-intl";
import { type Health } from "../../../../../functions/src/domain/weighing/health.ts";
import { Category } from "../../../../../functions/src/domain/signals/signal.ts";
import type { Figures } from "../figures/figures.ts";
import { HealthBadge } from "../figures/HealthBadge.tsx";
import classes from "./HealthPanel.module.css";
import { Panel } from "../../../parts/Panel.tsx";
import { Trend } from "../figures/Trend.tsx";

const flagColours: Readonly<Record<Health["flags"][number], string>> = {
  "never-heard-of": "gray",
  quiet: "gray",
  rising: "teal",
  falling: "red",
  "bad-news": "red",
  "sources-failing": "orange",
  unwatched: "orange",
};

/** The account's health today, what moved it most, and what to watch. */
export function HealthPanel({
  figures: { health, intent, trend },
}: {
  readonly figures: Figures;
}) {
  const t = useTranslations("accounts");
  const format = useFormatter();
  return (
    <Panel title={t("health")}>
      <div className={classes["figures"]}>
        <HealthBadge health={health} large />
        <span className={classes["intent"]}>
          {t("intentIs", {
            intent: format.number(intent, { maximumFractionDigits: 0 }),
          })}{" "}
          <Trend points={trend} />
        </span>
      </div>
      {health.flags.length > 0 && (
        <div className={classes["flags"]}>
          {health.flags.map((flag) => (
            <Badge key={flag} color={flagColours[flag]} variant="dot">
              {t(`flag.${flag}`)}
            </Badge>
          ))}
        </div>
      )}
      {health.reasons.length > 0 && (
        <ul className={classes["reasons"]} aria-label={t("reasons")}>
          {health.reasons.map((reason) => (
            <li key={`${reason.code} ${reason.detail}`}>
              <span
                className={classes["effect"]}
                data-way={reason.effect < 0 ? "down" : "up"}
              >
                {format.number(reason.effect, {
                  signDisplay: "exceptZero",
                  maximumFractionDigits: 0,
                })}
              </span>
              <Reason reason={reason} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Reason({
  reason: { code, effect, detail },
}: {
  readonly reason: Health["reasons"][number];
}) {
  const t = useTranslations("accounts");
  const categoryName = useTranslations("category");
  const category = Category.safeParse(detail).data;
  switch (code) {
    case "intent":
      return t("reason.intent", { intent: Math.round(Number(detail)) });
    case "trend":
      return t(effect < 0 ? "reason.fell" : "reason.rose", {
        points: Math.abs(Math.round(Number(detail))),
      });
    case "silence":
      return detail === "never"
        ? t("reason.never")
        : t("reason.silence", { days: Number(detail) });
    case "good-news":
    case "bad-news":
      return t(`reason.${code}`, {
        category: category === undefined ? detail : categoryName(category),
      });
  }
}
