import { Skeleton } from "@mantine/core";
import { useTranslations } from "use-intl";

/** The shape of the list while its cards are loading. */
export function ListSkeleton() {
  const t = useTranslations("app");
  return (
    <div role="status" aria-label={t("loading")}>
      {[70, 85, 60, 75, 80, 65].map((width) => (
        <div
          key={width}
          style={{ display: "flex", gap: 12, padding: 12, height: 76 }}
        >
          <Skeleton circle h={40} w={40} />
          <div style={{ flex: 1 }}>
            <Skeleton h={10} w="40%" mb={8} />
            <Skeleton h={12} w={`${width}%`} mb={8} />
            <Skeleton h={10} w="90%" />
          </div>
        </div>
      ))}
    </div>
  );
}
