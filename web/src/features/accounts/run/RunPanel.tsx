import { CloseButton, Loader, Progress } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { useNow } from "use-intl";
import { useMay } from "../../../lib/session/session.ts";
import { Moment } from "../../../parts/Moment.tsx";
import { type RunSummary, summariseRun } from "./runSummary.ts";
import classes from "./RunPanel.module.css";
import type { Parts } from "../timeline/timeline.ts";
import type { useRun } from "./useRun.ts";
import type { WatchingView } from "../sources/useWatching.ts";
import { webAddress } from "../../../lib/webAddress.ts";

/** How many of the new signals are listed; the timeline has the others. */
const named = 5;

/** The progress of a run that somebody started, and what it came to. */
export function RunPanel({
  run,
  parts,
  watching,
  onClose,
}: {
  readonly run: ReturnType<typeof useRun>;
  readonly parts: Parts;
  readonly watching: WatchingView | Error | undefined;
  readonly onClose: () => void;
}) {
  const t = useTranslations("accounts");
  const now = useNow({ updateInterval: 10_000 });
  const close = <CloseButton aria-label={t("closeRun")} onClick={onClose} />;
  if (run.state === "failed")
    return (
      <section className={classes["run"]} data-state="failed" role="alert">
        <IconAlertTriangle size={16} aria-hidden />
        <p className={classes["text"]}>
          {t("runUnknown", { why: run.error.message })}
        </p>
        {close}
      </section>
    );
  const summary =
    run.state === "ready" ? summariseRun(run.run, parts, now) : null;
  const failing =
    run.state === "ready"
      ? sourcesFailingSince(watching, run.run.startedAt)
      : [];
  const isTroubled =
    summary !== null && (summary.parked > 0 || failing.length > 0);
  return (
    <section
      className={classes["run"]}
      data-state={isTroubled ? "failed" : (summary?.phase ?? "running")}
      aria-label={t("run")}
    >
      <StateIcon
        hasEnded={summary?.phase === "ended"}
        isTroubled={isTroubled}
      />
      <div className={classes["text"]}>
        <p role="status" className={classes["state"]}>
          {summary === null || summary.phase === "running"
            ? t("running")
            : outcomeText(summary, t)}
          {run.state === "ready" && <StartedAt at={run.run.startedAt} />}
        </p>
        {summary !== null && <RunCourse summary={summary} />}
        <FailingSources sources={failing} />
        {summary !== null && summary.parked > 0 && (
          <ParkedNote summary={summary} />
        )}
      </div>
      {close}
    </section>
  );
}

function StartedAt({ at }: { readonly at: Date }) {
  return (
    <span className={classes["quiet"]}>
      {" "}
      <Moment at={at} />
    </span>
  );
}

function FailingSources({
  sources,
}: {
  readonly sources: readonly { readonly key: string; readonly why: string }[];
}) {
  const t = useTranslations("accounts");
  return sources.map(({ key, why }) => (
    <p key={key} className={classes["error"]}>
      {t("sourceFailed", { source: key, why })}
    </p>
  ));
}

function StateIcon({
  hasEnded,
  isTroubled,
}: {
  readonly hasEnded: boolean;
  readonly isTroubled: boolean;
}) {
  if (!hasEnded) return <Loader size={16} aria-hidden />;
  return isTroubled ? (
    <IconAlertTriangle size={16} aria-hidden />
  ) : (
    <IconCheck size={16} aria-hidden />
  );
}

/** How far the run is, and the signals that it has found so far. */
function RunCourse({ summary }: { readonly summary: RunSummary }) {
  const t = useTranslations("accounts");
  const { phase, steps, signals, hasMoreSignals } = summary;
  const isRunning = phase === "running";
  return (
    <>
      {isRunning && steps.all > 0 && (
        <div className={classes["steps"]}>
          <Progress
            className={classes["bar"] ?? ""}
            value={(100 * steps.done) / steps.all}
            size="sm"
            aria-label={t("steps", steps)}
          />
          <span className={classes["quiet"]}>{t("steps", steps)}</span>
        </div>
      )}
      {isRunning && summary.error !== null && (
        <p className={classes["error"]}>
          {t("triedAgain", { why: summary.error })}
        </p>
      )}
      {signals.length > 0 && (
        <ul className={classes["signals"]}>
          {signals.slice(0, named).map(({ id, title, url }) => {
            const address = webAddress(url);
            return (
              <li key={id}>
                {address === null ? (
                  title
                ) : (
                  <a href={address} target="_blank" rel="noopener noreferrer">
                    {title}
                  </a>
                )}
              </li>
            );
          })}
          {(signals.length > named || hasMoreSignals) && (
            <li>
              {t(hasMoreSignals ? "moreSignalsAtLeast" : "moreSignals", {
                count: signals.length - named,
              })}
            </li>
          )}
        </ul>
      )}
    </>
  );
}

function ParkedNote({
  summary: { parked, error },
}: {
  readonly summary: RunSummary;
}) {
  const t = useTranslations("accounts");
  const may = useMay();
  return (
    <p className={classes["error"]}>
      {t("parked", { count: parked })}
      {error !== null && ` ${error}`}{" "}
      {t(may("message.replay") ? "parkedYours" : "parkedTheirs")}
    </p>
  );
}

function outcomeText(
  summary: RunSummary,
  t: ReturnType<typeof useTranslations<"accounts">>,
): string {
  const { signals, newCards, changedCards, dropped } = summary;
  const parts = [
    signals.length > 0 ? t("newSignals", { count: signals.length }) : null,
    newCards > 0 ? t("newCards", { count: newCards }) : null,
    changedCards > 0 ? t("changedCards", { count: changedCards }) : null,
    dropped > 0 ? t("dropped", { count: dropped }) : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? t("nothingNew") : parts.join(", ");
}

/** The sources whose last poll, since then, ended in an error. */
function sourcesFailingSince(
  watching: WatchingView | Error | undefined,
  since: Date,
): readonly { readonly key: string; readonly why: string }[] {
  if (watching === undefined || watching instanceof Error) return [];
  return [...watching.states].flatMap(([key, { lastPolledAt, lastError }]) =>
    lastError !== null && lastPolledAt >= since
      ? [{ key, why: lastError }]
      : [],
  );
}
