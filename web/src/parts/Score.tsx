import { RingProgress, Text } from "@mantine/core";
import { useTranslations } from "use-intl";

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
    <RingProgress
      size={size}
      thickness={size / 12}
      roundCaps
      role="img"
      aria-label={t("score", { score: rounded })}
      sections={[{ value, color: colourOf(value) }]}
      label={
        <Text ta="center" fw={620} fz={size / 2.9} lh={1} aria-hidden>
          {rounded}
        </Text>
      }
    />
  );
}

function colourOf(score: number): string {
  if (score >= 75) return "teal.6";
  return score >= 55 ? "yellow.6" : "gray.5";
}
