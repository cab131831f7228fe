import { useFormatter, useTranslations } from "use-intl";
import type { DecisionRecord } from "../../../../../functions/src/domain/signals/decisionRecord.ts";

/** Settings whose value is a share, shown in percent. */
const shares: readonly string[] = ["relevanceThreshold", "resolutionThreshold"];

/** Why the pipeline dropped or held something, in plain words. */
export function DropReason({
  record: { reason, setting, detail },
}: {
  readonly record: Pick<DecisionRecord, "reason" | "setting" | "detail">;
}) {
  const t = useTranslations("accounts");
  const format = useFormatter();
  const why = t(`why.${reason}`);
  if (setting === null) {
    const isMore = detail !== "" && detail !== reason;
    return isMore ? `${why} (${detail})` : why;
  }
  const toText = (value: number) =>
    shares.includes(setting.name)
      ? format.number(value, { style: "percent", maximumFractionDigits: 0 })
      : format.number(value, { maximumFractionDigits: 1 });
  return `${why} ${t("measured", {
    measured: toText(setting.measured),
    asked: toText(setting.value),
  })}`;
}
