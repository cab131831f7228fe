import {
  IconArrowDownRight,
  IconArrowRight,
  IconArrowUpRight,
} from "@tabler/icons-react";
import { useFormatter, useTranslations } from "use-intl";
import classes from "./Trend.module.css";

/** A change of fewer points than this shows no arrow up or down. */
const noticeable = 0.5;

/** How the intent has changed within 30 days. */
export function Trend({ points }: { readonly points: number }) {
  const t = useTranslations("accounts");
  const format = useFormatter();
  const way =
    points >= noticeable ? "up" : points <= -noticeable ? "down" : "flat";
  const Icon = {
    up: IconArrowUpRight,
    down: IconArrowDownRight,
    flat: IconArrowRight,
  }[way];
  const text = format.number(points, {
    signDisplay: "exceptZero",
    maximumFractionDigits: 0,
  });
  return (
    <span className={classes["trend"]} data-way={way} title={t("trendTitle")}>
      <Icon size={14} stroke={2} role="img" aria-label={t(`way.${way}`)} />
      {text}
    </span>
  );
}
