import { Badge } from "@mantine/core";
import { IconCheck, IconMinus, IconX } from "@tabler/icons-react";
import { useFormatter, useTranslations } from "use-intl";
import { useDuration } from "../../lib/language/durations.ts";
import classes from "./Targets.module.css";
import type { DisplayedTarget } from "./weeks.ts";

const verdicts = {
  met: { colour: "teal", icon: IconCheck },
  missed: { colour: "red", icon: IconX },
  unknown: { colour: "gray", icon: IconMinus },
} as const;

/** The product's targets, each with today's figure and whether it is met. */
export function Targets({
  targets,
}: {
  readonly targets: readonly DisplayedTarget[];
}) {
  const t = useTranslations("dashboard");
  const toText = useTargetFormat();
  return (
    <ul className={classes["targets"]}>
      {targets.map((target) => {
        const { id, met, reason } = target;
        const verdict =
          met === null ? "unknown" : met ? ("met" as const) : "missed";
        const { colour, icon: Icon } = verdicts[verdict];
        return (
          <li key={id} className={classes["target"]}>
            <div className={classes["head"]}>
              <span className={classes["name"]}>{t(`kpi.${id}.name`)}</span>
              <Badge
                color={colour}
                leftSection={<Icon size={11} stroke={2.5} aria-hidden />}
              >
                {t(verdict)}
              </Badge>
            </div>
            <p className={classes["figure"]}>{toText(target)}</p>
            <p className={classes["note"]}>
              {reason === null
                ? t("targetIs", { target: t(`kpi.${id}.target`) })
                : `${t("targetIs", { target: t(`kpi.${id}.target`) })}. ${t(`why.${reason}`)}`}
            </p>
          </li>
        );
      })}
    </ul>
  );
}

/** A target's figure in its own unit. */
function useTargetFormat(): (target: DisplayedTarget) => string {
  const t = useTranslations("dashboard");
  const format = useFormatter();
  const duration = useDuration();
  return ({ id, value }) => {
    if (value === null) return t("noFigure");
    switch (id) {
      case "KPI-01":
        return format.number(value, { maximumFractionDigits: 2 });
      case "KPI-02":
      case "KPI-03":
      case "KPI-07":
        return format.number(value, {
          style: "percent",
          maximumFractionDigits: 1,
        });
      case "KPI-04":
      case "KPI-05":
        return duration(value);
      case "KPI-06":
        return t(value === 0 ? "nothingStuck" : "somethingStuck");
    }
  };
}
