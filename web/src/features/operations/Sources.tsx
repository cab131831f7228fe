import { Badge, Button, SegmentedControl, Skeleton } from "@mantine/core";
import { IconRss } from "@tabler/icons-react";
import { useEffect } from "react";
import { useNow, useTranslations } from "use-intl";
import type { SourceState } from "../../../../functions/src/domain/accounts/account.ts";
import * as at from "../../../../functions/src/domain/collections.ts";
import {
  toSourceLevel,
  type SourceLevel,
} from "../../../../functions/src/domain/accounts/sourceHealth.ts";
import type { Found } from "../../lib/live.ts";
import { useLivePages } from "../../lib/livePages.ts";
import { useSession } from "../../lib/session.ts";
import { AccountName } from "../../parts/AccountName.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Moment } from "../../parts/Moment.tsx";
import { Trouble } from "../../parts/Trouble.tsx";
import { SourceFilter, type TabProps } from "./search.ts";
import { levelsOf, worstFirst } from "./sources.ts";
import classes from "./table.module.css";

/** So many are read unasked, so that the worst of all stand first. */
const readUnasked = 1_000;
/** So many rows are drawn; the rest are found by filter. */
const drawn = 300;

const colours: Readonly<Record<SourceLevel, string>> = {
  failing: "red",
  silent: "yellow",
  healthy: "teal",
};

/** Every place that is looked at, the worst first, live. */
export function Sources({ search, onSearch }: TabProps) {
  const t = useTranslations("operations");
  const app = useTranslations("app");
  const { tenantId } = useSession();
  const now = useNow({ updateInterval: 60_000 });
  const pages = useLivePages(at.sourceStates(tenantId), {
    orderBy: [
      ["consecutiveFailures", "desc"],
      ["__name__", "desc"],
    ],
  });
  const read = pages.items.length;
  const { more, hasMore } = pages;
  useEffect(() => {
    if (hasMore && read > 0 && read < readUnasked) more();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each page that came.
  }, [hasMore, read]);
  if (pages.error !== null)
    return <Trouble title={t("failedToLoad")} error={pages.error} />;
  if (pages.state === "loading")
    return (
      <div role="status" aria-label={app("loading")}>
        {[1, 2, 3, 4].map((i) => (
          <Skeleton key={i} h={36} mb={6} />
        ))}
      </div>
    );
  if (read === 0)
    return (
      <Empty
        icon={<IconRss size={36} stroke={1.25} aria-hidden />}
        title={t("empty.sources")}
        text={t("empty.sourcesText")}
      />
    );
  const counts = levelsOf(pages.items, now);
  const shown = worstFirst(pages.items, now)
    .filter(
      (state) =>
        search.level === undefined ||
        toSourceLevel(state, now) === search.level,
    )
    .slice(0, drawn);
  return (
    <>
      <SegmentedControl
        size="xs"
        w="fit-content"
        maw="100%"
        aria-label={t("state.label")}
        value={search.level ?? "all"}
        data={[
          { value: "all", label: t("allOf", { count: read }) },
          ...SourceFilter.options.map((value) => ({
            value,
            label: `${t(`level.${value}`)} ${counts[value]}`,
          })),
        ]}
        onChange={(value) => {
          onSearch({
            level: value === "all" ? undefined : SourceFilter.parse(value),
          });
        }}
      />
      <table className={classes["table"]}>
        <thead>
          <tr>
            <th scope="col">{t("state.label")}</th>
            <th scope="col">{t("account")}</th>
            <th scope="col">{t("source")}</th>
            <th scope="col">{t("lastLook")}</th>
            <th scope="col">{t("lastGood")}</th>
            <th scope="col">{t("failures")}</th>
            <th scope="col">{t("items")}</th>
            <th scope="col">{t("error")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((state) => (
            <Row
              key={state.id}
              state={state}
              level={toSourceLevel(state, now)}
            />
          ))}
        </tbody>
      </table>
      {shown.length === 0 && <p>{t("noneOfThese")}</p>}
      {hasMore && read >= readUnasked && (
        <Button variant="default" onClick={more}>
          {t("more")}
        </Button>
      )}
    </>
  );
}

function Row({
  state,
  level,
}: {
  readonly state: Found<SourceState>;
  readonly level: SourceLevel;
}) {
  const t = useTranslations("operations");
  const kindName = useTranslations("source");
  const { lastGoodAt, lastError, itemsFound } = state;
  return (
    <tr>
      <td data-label={t("state.label")}>
        <Badge
          className={classes["badge"] ?? ""}
          color={colours[level]}
          data-level={level}
        >
          {t(`level.${level}`)}
        </Badge>
      </td>
      <td data-label={t("account")}>
        <AccountName id={state.accountId} />
      </td>
      <td data-label={t("source")} className={classes["code"]}>
        {state.kind !== null && kindName(state.kind)} {state.sourceKey}
      </td>
      <td data-label={t("lastLook")} className={classes["moment"]}>
        <Moment at={state.lastLookAt} />
      </td>
      <td data-label={t("lastGood")} className={classes["moment"]}>
        {lastGoodAt === null ? t("never") : <Moment at={lastGoodAt} />}
      </td>
      <td data-label={t("failures")} className={classes["number"]}>
        {state.consecutiveFailures}
      </td>
      <td data-label={t("items")} className={classes["number"]}>
        {itemsFound}
      </td>
      <td data-wide>
        {level === "silent" && lastError === null
          ? t(silenceOf(state))
          : lastError !== null && (
              <span className={classes["wrong"]}>{lastError}</span>
            )}
      </td>
    </tr>
  );
}

/** What its silence is: it never found anything, nothing new came for unusually long, or nobody looked. */
function silenceOf({
  itemsFound,
  silentAt,
}: SourceState): "foundNothingYet" | "nothingNew" | "notLookedAt" {
  if (itemsFound === 0) return "foundNothingYet";
  return silentAt !== null && silentAt <= new Date()
    ? "nothingNew"
    : "notLookedAt";
}
