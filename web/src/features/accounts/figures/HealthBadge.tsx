import { useTranslations } from "use-intl";
import type { Health } from "../../../../../functions/src/domain/weighing/health.ts";
import classes from "./HealthBadge.module.css";

/** An account's health: a word, a colour and a number. */
export function HealthBadge({
  health: { level, score },
  large = false,
}: {
  readonly health: Pick<Health, "level" | "score">;
  readonly large?: boolean;
}) {
  const t = useTranslations("accounts");
  return (
    <span
      className={classes["health"]}
      data-level={level}
      data-large={large || undefined}
    >
      <span className={classes["score"]}>{score}</span> {t(`level.${level}`)}
    </span>
  );
}
