import { useTranslations } from "use-intl";
import classes from "./Score.module.css";

/** A card's score, drawn: the fuller the ring, the better. */
export function Score({
  value,
  size = 40,
}: {
  readonly value: number;
  readonly size?: number;
}) {
  const t = useTranslations("parts");
  const rounded = Math.round(value);
  return (
    <svg
      className={classes["score"]}
      data-grade={scoreGrade(value)}
      width={size}
      height={size}
      viewBox="0 0 40 40"
      role="img"
      aria-label={t("score", { score: rounded })}
    >
      <circle cx="20" cy="20" r="17" pathLength="100" />
      <circle
        cx="20"
        cy="20"
        r="17"
        pathLength="100"
        strokeDasharray={`${rounded} 100`}
        transform="rotate(-90 20 20)"
      />
      <text x="20" y="20">
        {rounded}
      </text>
    </svg>
  );
}

function scoreGrade(score: number): "high" | "middle" | "low" {
  if (score >= 75) return "high";
  return score >= 55 ? "middle" : "low";
}
