import { Skeleton } from "@mantine/core";
import { useTranslations } from "use-intl";

/** The shape of a list while it is loading; heights and gaps in pixels. */
export function SkeletonRows({
  count = 4,
  height,
  gap = 6,
}: {
  readonly count?: number;
  readonly height: number;
  readonly gap?: number;
}) {
  const t = useTranslations("app");
  return (
    <div role="status" aria-label={t("loading")}>
      {Array.from({ length: count }, (_, i) => (
        <Skeleton key={i} h={height} mb={gap} />
      ))}
    </div>
  );
}
