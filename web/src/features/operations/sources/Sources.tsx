import { Badge, Button, SegmentedControl } from "@mantine/core";
import { IconRss } from "@tabler/icons-react";
import { useEffect } from "react";
import { useNow, useTranslations } from "use-intl";
import type { SourceState } from "../../../../../functions/src/domain/accounts/account.ts";
import * as at from "../../../../../functions/src/domain/collections.ts";
import {
  toSourceLevel,
  type SourceLevel,
} from "../../../../../functions/src/domain/accounts/sourceHealth.ts";
import type { WithId } from "../../../lib/firestore/live.ts";
import { type Pages, useLivePages } from "../../../lib/firestore/livePages.ts";
import { useSession } from "../../../lib/session/session.ts";
import { AccountName } from "../../../parts/AccountName.tsx";
import { Empty } from "../../../parts/Empty.tsx";
import { Moment } from "../../../parts/Moment.tsx";
import { ErrorAlert } from "../../../parts/ErrorAlert.tsx";
import { SourceFilter, type TabProps } from "../search.ts";
import { SkeletonRows } from "../SkeletonRows.tsx";
import { countLevels, worstFirst } from "./sources.ts";
import classes from "../../../parts/table.module.css";

/** So many are read at once, so that the worst of all come first. */
const readUnasked = 1_000;
/** So many rows are rendered; filters find the rest. */
const drawn = 300;

const colours: Readonly<Record<SourceLevel, string>> = {
  failing: "red",
  silent: "yellow",
  healthy: "teal",
};

/** Every source that is polled, the worst first, live. */
export function Sources({ search, onSearch }: TabProps) {
  const t = useTranslations("operations");
  const pages = useSourceStates();
  if (pages.error !== null)
    return <ErrorAlert title={t("failedToLoad")} error={pages.error} />;
  if (pages.state === "loading") return <SkeletonRows height={36} />;
  if (pages.items.length === 0)
    return (
      <Empty
        icon={<IconRss size={36} stroke={1.25} aria-hidden />}
        title={t("empty.sources")}
        text={t("empty.sourcesText")}
      />
    );
  return (
    <SourceList
      states={pages.items}
      level={search.level}
      onSearch={onSearch}
      onMore={
        pages.hasMore && pages.items.length >= readUnasked ? pages.more : null
      }
    />
  );
}

function useSourceStates(): Pages<SourceState> {
  const { tenantId } = useSession();
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
  return pages;
}

function SourceList({
  states,
  level,
  onSearch,
  onMore,
}: Pick<TabProps, "onSearch"> & {
  readonly states: readonly WithId<SourceState>[];
  readonly level: TabProps["search"]["level"];
  /** Null where there are no more. */
  readonly onMore: (() => void) | null;
}) {
  const t = useTranslations("operations");
  const now = useNow({ updateInterval: 60_000 });
  const counts = countLevels(states, now);
  const shown = worstFirst(states, now)
    .filter(
      (state) => level === undefined || toSourceLevel(state, now) === level,
    )
    .slice(0, drawn);
  return (
    <>
      <SegmentedControl
        size="xs"
        w="fit-content"
        maw="100%"
        aria-label={t("state.label")}
        value={level ?? "all"}
        data={[
          { value: "all", label: t("allOf", { count: states.length }) },
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
      <Table states={shown} now={now} />
      {shown.length === 0 && <p>{t("noneOfThese")}</p>}
      {onMore !== null && (
        <Button variant="default" onClick={onMore}>
          {t("more")}
        </Button>
      )}
    </>
  );
}

function Table({
  states,
  now,
}: {
  readonly states: readonly WithId<SourceState>[];
  readonly now: Date;
}) {
  const t = useTranslations("operations");
  return (
    <table className={classes["table"]}>
      <thead>
        <tr>
          <th scope="col">{t("state.label")}</th>
          <th scope="col">{t("account")}</th>
          <th scope="col">{t("source")}</th>
          <th scope="col">{t("lastPoll")}</th>
          <th scope="col">{t("lastGood")}</th>
          <th scope="col">{t("failures")}</th>
          <th scope="col">{t("items")}</th>
          <th scope="col">{t("error")}</th>
        </tr>
      </thead>
      <tbody>
        {states.map((state) => (
          <Row key={state.id} state={state} level={toSourceLevel(state, now)} />
        ))}
      </tbody>
    </table>
  );
}

function Row({
  state,
  level,
}: {
  readonly state: WithId<SourceState>;
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
      <td data-label={t("lastPoll")} className={classes["moment"]}>
        <Moment at={state.lastPolledAt} />
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
          ? t(silenceCause(state))
          : lastError !== null && (
              <span className={classes["wrong"]}>{lastError}</span>
            )}
      </td>
    </tr>
  );
}

/** Why a source is silent: it never found anything, nothing new came for unusually long, or it was not polled. */
function silenceCause({
  itemsFound,
  silentAt,
}: SourceState): "foundNothingYet" | "nothingNew" | "notPolled" {
  if (itemsFound === 0) return "foundNothingYet";
  return silentAt !== null && silentAt <= new Date()
    ? "nothingNew"
    : "notPolled";
}
