import { Badge } from "@mantine/core";
import { useNow, useTranslations } from "use-intl";
import type { Account } from "../../../../../functions/src/domain/accounts/account.ts";
import {
  endsSoon,
  type Source,
} from "../../../../../functions/src/domain/sources/source.ts";
import {
  toSourceLevel,
  type SourceLevel,
} from "../../../../../functions/src/domain/accounts/sourceHealth.ts";
import { minuteMs } from "../../../../../functions/src/domain/kernel/instant.ts";
import type { WithId } from "../../../lib/firestore/live.ts";
import { useMoments } from "../../../lib/language/moments.ts";
import { Moment } from "../../../parts/Moment.tsx";
import { Panel } from "../../../parts/Panel.tsx";
import classes from "./Sources.module.css";
import type { SourceFacts, WatchingView } from "./useWatching.ts";

const colours: Readonly<Record<SourceLevel, string>> = {
  failing: "red",
  silent: "yellow",
  healthy: "teal",
};

/** The account's sources, and whether they work. */
export function Sources({
  account: { sources },
  watching,
}: {
  readonly account: WithId<Account>;
  readonly watching: WatchingView | Error | undefined;
}) {
  const t = useTranslations("accounts");
  const isKnown = watching !== undefined && !(watching instanceof Error);
  return (
    <Panel title={t("sources")}>
      {watching instanceof Error && (
        <p className={classes["error"]} role="alert">
          {t("sourcesUnknown", { why: watching.message })}
        </p>
      )}
      {sources.length === 0 && (
        <p className={classes["quiet"]}>{t("noSources")}</p>
      )}
      {isKnown && sources.length > 0 && (
        <ScheduleLine schedule={watching.schedule} />
      )}
      <ul className={classes["sources"]}>
        {sources.map((source) => (
          <li key={source.key} className={classes["source"]}>
            <SourceLines
              source={source}
              state={
                isKnown ? (watching.states.get(source.key) ?? null) : undefined
              }
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function ScheduleLine({
  schedule,
}: {
  readonly schedule: WatchingView["schedule"];
}) {
  const t = useTranslations("accounts");
  if (schedule?.active !== true)
    return <p className={classes["quiet"]}>{t("notWatched")}</p>;
  return (
    <p className={classes["quiet"]}>
      {t("everyMinutes", {
        minutes: Math.round(schedule.intervalMs / minuteMs),
      })}
      {" · "}
      {schedule.dueAt > new Date() ? (
        <>
          {t("nextPoll")} <Moment at={schedule.dueAt} />
        </>
      ) : (
        t("dueNow")
      )}
    </p>
  );
}

/** `state` is null before the first poll, and undefined while it is not known. */
function SourceLines({
  source,
  state,
}: {
  readonly source: Source;
  readonly state: SourceFacts | null | undefined;
}) {
  const t = useTranslations("accounts");
  const kindName = useTranslations("source");
  const { day } = useMoments();
  const now = useNow({ updateInterval: 60_000 });
  const endsAt = endsSoon(source.kind, now);
  const level = state == null ? null : toSourceLevel(state, now);
  return (
    <>
      <div className={classes["line"]}>
        <span className={classes["name"]}>{kindName(source.kind)}</span>
        {state !== undefined && (
          <Badge variant="dot" color={level === null ? "gray" : colours[level]}>
            {state === null || level === null
              ? t("notPolledYet")
              : level === "failing"
                ? t("failing", { count: state.consecutiveFailures })
                : t(level)}
          </Badge>
        )}
      </div>
      <span className={classes["place"]}>{sourcePlace(source)}</span>
      {endsAt !== null && (
        <span className={classes["error"]}>
          {t("sourceEnds", { when: day(endsAt) })}
        </span>
      )}
      {state && (
        <span className={classes["quiet"]}>
          {state.lastGoodAt === null ? (
            t("neverGood")
          ) : (
            <>
              {t("lastGood")} <Moment at={state.lastGoodAt} />
            </>
          )}
          {" · "}
          {t("itemsFound", { count: state.itemsFound })}
          {state.droppedItems > 0 && (
            <>
              {" · "}
              {t("itemsDropped", { count: state.droppedItems })}
            </>
          )}
        </span>
      )}
      {state?.lastError != null && (
        <span className={classes["error"]}>
          <Moment at={state.lastPolledAt} />: {state.lastError}
        </span>
      )}
    </>
  );
}

/** The source's address, as its settings name it. */
function sourcePlace(source: Source): string {
  if (source.kind === "sec") return `CIK ${source.cik}`;
  if (source.kind === "rss") return `${source.publisher}, ${source.url}`;
  const { kind: _kind, key: _key, ...settings } = source;
  return Object.values(settings).join(", ");
}
