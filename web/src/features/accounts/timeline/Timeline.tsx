import { Button, Chip, Skeleton } from "@mantine/core";
import { useMemo } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ErrorAlert } from "../../../parts/ErrorAlert.tsx";
import { Panel } from "../../../parts/Panel.tsx";
import { EntryKind } from "../search.ts";
import { byDay } from "./timeline.ts";
import classes from "./Timeline.module.css";
import { TimelineEntry } from "./TimelineEntry.tsx";
import type { TimelineView } from "./useTimeline.ts";

interface TimelineProps {
  readonly timeline: TimelineView;
  /** Which kinds are asked for; all where undefined. */
  readonly kinds: readonly EntryKind[] | undefined;
  readonly onKinds: (kinds: EntryKind[] | undefined) => void;
}

/** All that happened at the account, the newest first, by day. */
export function Timeline({ timeline, kinds, onKinds }: TimelineProps) {
  const t = useTranslations("accounts");
  const { error, hasMore, more } = timeline;
  return (
    <Panel title={t("timeline")}>
      <KindFilter kinds={kinds} onKinds={onKinds} />
      <Entries timeline={timeline} kinds={kinds} />
      {hasMore && error === null && (
        <Button variant="default" fullWidth mt="sm" onClick={more}>
          {t("more")}
        </Button>
      )}
    </Panel>
  );
}

function KindFilter({
  kinds,
  onKinds,
}: Pick<TimelineProps, "kinds" | "onKinds">) {
  const t = useTranslations("accounts");
  return (
    <Chip.Group
      multiple
      value={[...(kinds ?? [])]}
      onChange={(chosen) => {
        const known = EntryKind.options.filter((kind) => chosen.includes(kind));
        onKinds(known.length === 0 ? undefined : known);
      }}
    >
      <div
        className={classes["chips"]}
        role="group"
        aria-label={t("timelineFilter")}
      >
        {EntryKind.options.map((kind) => (
          <Chip key={kind} value={kind} size="xs" variant="outline">
            {t(`kind.${kind}`)}
          </Chip>
        ))}
      </div>
    </Chip.Group>
  );
}

function Entries({
  timeline: { state, error, entries, hasMore },
  kinds,
}: Pick<TimelineProps, "timeline" | "kinds">) {
  const t = useTranslations("accounts");
  const format = useFormatter();
  const days = useMemo(
    () => byDay(entries, (at) => at.toDateString()),
    [entries],
  );
  if (error !== null)
    return <ErrorAlert title={t("failedTimeline")} error={error} />;
  if (state === "loading" && entries.length === 0)
    return (
      <div role="status" aria-label={t("reading")}>
        {[80, 60, 70, 65].map((width) => (
          <Skeleton key={width} h={14} w={`${width}%`} my={16} />
        ))}
      </div>
    );
  if (entries.length === 0 && !hasMore)
    return (
      <p className={classes["nothing"]}>
        {t(kinds === undefined ? "nothingYet" : "nothingOfKind")}
      </p>
    );
  return days.map(({ day, entries: ofDay }) => (
    <section key={day} className={classes["day"]}>
      <h3 className={classes["date"]}>
        {format.dateTime(new Date(day), {
          weekday: "long",
          day: "numeric",
          month: "long",
          year: "numeric",
        })}
      </h3>
      <ol className={classes["entries"]}>
        {ofDay.map((entry) => (
          <TimelineEntry key={entry.key} entry={entry} />
        ))}
      </ol>
    </section>
  ));
}
