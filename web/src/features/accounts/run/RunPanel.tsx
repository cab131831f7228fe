import { CloseButton, Loader, Progress } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { useNow } from "use-intl";
import { useMay } from "../../../lib/session/session.ts";
import { Moment } from "../../../parts/Moment.tsx";
import { type Look, lookOf } from "./runSummary.ts";
import classes from "./RunPanel.module.css";
import type { Parts } from "../timeline/timeline.ts";
import type { useRun } from "./useRun.ts";
import type { WatchingView } from "../sources/useWatching.ts";
import { webAddress } from "../../../lib/webAddress.ts";

/** So many of the new signals are named; the timeline has the others. */
const named = 5;

/** How a look goes that somebody asked for, and what it came to. */
export function LookPanel({
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
  const close = <CloseButton aria-label={t("closeLook")} onClick={onClose} />;
  if (run.state === "failed")
    return (
      <section className={classes["look"]} data-state="failed" role="alert">
        <IconAlertTriangle size={16} aria-hidden />
        <p className={classes["text"]}>
          {t("lookUnknown", { why: run.error.message })}
        </p>
        {close}
      </section>
    );
  const look = run.state === "ready" ? lookOf(run.run, parts, now) : null;
  const failing =
    run.state === "ready" ? failingSince(watching, run.run.startedAt) : [];
  const isTroubled = look !== null && (look.parked > 0 || failing.length > 0);
  return (
    <section
      className={classes["look"]}
      data-state={isTroubled ? "failed" : (look?.phase ?? "running")}
      aria-label={t("look")}
    >
      <StateIcon hasEnded={look?.phase === "ended"} isTroubled={isTroubled} />
      <div className={classes["text"]}>
        <p role="status" className={classes["state"]}>
          {look === null || look.phase === "running"
            ? t("looking")
            : comeTo(look, t)}
          {run.state === "ready" && (
            <span className={classes["quiet"]}>
              {" "}
              <Moment at={run.run.startedAt} />
            </span>
          )}
        </p>
        {look !== null && <Course look={look} />}
        {failing.map(({ key, why }) => (
          <p key={key} className={classes["error"]}>
            {t("sourceFailed", { source: key, why })}
          </p>
        ))}
        {look !== null && look.parked > 0 && <Parked look={look} />}
      </div>
      {close}
    </section>
  );
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

/** While it runs: how far; and what it found, as it comes. */
function Course({ look }: { readonly look: Look }) {
  const t = useTranslations("accounts");
  const { phase, steps, signals, hasMoreSignals } = look;
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
      {isRunning && look.error !== null && (
        <p className={classes["error"]}>
          {t("triedAgain", { why: look.error })}
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

function Parked({ look: { parked, error } }: { readonly look: Look }) {
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

function comeTo(
  look: Look,
  t: ReturnType<typeof useTranslations<"accounts">>,
): string {
  const { signals, newCards, changedCards, dropped } = look;
  const told = [
    signals.length > 0 ? t("newSignals", { count: signals.length }) : null,
    newCards > 0 ? t("newCards", { count: newCards }) : null,
    changedCards > 0 ? t("changedCards", { count: changedCards }) : null,
    dropped > 0 ? t("dropped", { count: dropped }) : null,
  ].filter((part) => part !== null);
  return told.length === 0 ? t("nothingNew") : told.join(", ");
}

/** The sources whose last look, since then, ended in an error. */
function failingSince(
  watching: WatchingView | Error | undefined,
  since: Date,
): readonly { readonly key: string; readonly why: string }[] {
  if (watching === undefined || watching instanceof Error) return [];
  return [...watching.states].flatMap(([key, { lastLookAt, lastError }]) =>
    lastError !== null && lastLookAt >= since ? [{ key, why: lastError }] : [],
  );
}
