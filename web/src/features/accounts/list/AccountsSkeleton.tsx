import { Skeleton } from "@mantine/core";
import { useTranslations } from "use-intl";
import classes from "./AccountsSkeleton.module.css";

/** The shape of the table while the accounts are loading. */
export function AccountsSkeleton() {
  const t = useTranslations("app");
  return (
    <div role="status" aria-label={t("loading")}>
      {[64, 48, 72, 56, 60, 44, 68, 52].map((width) => (
        <div key={width} className={classes["row"]}>
          <Skeleton h={12} w={`${width}%`} />
          <Skeleton h={20} w={96} />
          <Skeleton h={16} w={110} visibleFrom="sm" />
          <Skeleton h={12} w={90} visibleFrom="sm" />
        </div>
      ))}
    </div>
  );
}
