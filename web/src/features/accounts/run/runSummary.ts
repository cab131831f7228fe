import { minuteMs } from "../../../../../functions/src/domain/kernel/instant.ts";
import type { Parts } from "../timeline/timeline.ts";

/** A monitoring run, as far as its progress is known. */
export interface RunFacts {
  readonly id: string;
  readonly startedAt: Date;
  readonly startedBy: string;
  readonly traceId: string;
  readonly open: number;
  readonly done: number;
  readonly parked: number;
  /** The last error in its work; null where there is none, or where the person may not see it. */
  readonly error: string | null;
}

export interface RunSummary {
  readonly phase: "running" | "ended";
  readonly steps: { readonly done: number; readonly all: number };
  /** Its signals, the newest first; `hasMore` where not all of them were read. */
  readonly signals: Parts["signals"]["items"];
  readonly hasMoreSignals: boolean;
  readonly newCards: number;
  readonly changedCards: number;
  readonly dropped: number;
  readonly parked: number;
  readonly error: string | null;
}

/** How long after its start a run without any message, not even a done one, must have ended: messages are kept for days. */
const longestStartMs = 10 * minuteMs;

/** Whether nothing of a run is open any more. */
export function hasEnded(
  {
    open,
    done,
    parked,
    startedAt,
  }: Pick<RunFacts, "open" | "done" | "parked" | "startedAt">,
  now: Date,
): boolean {
  const isOld = now.getTime() - startedAt.getTime() > longestStartMs;
  return open === 0 && (done + parked > 0 || isOld);
}

/** What a run has come to. Signals know their run, records its trace; a card's steps count from the run's start. */
export function summariseRun(
  run: RunFacts,
  parts: Parts,
  now: Date,
): RunSummary {
  const { open, done, parked, startedAt } = run;
  const signals = parts.signals.items.filter(({ runId }) => runId === run.id);
  const oldest = parts.signals.items.at(-1);
  const steps = [...parts.histories.values()].flat();
  const of = (what: string) =>
    steps.filter((step) => step.what === what && step.at >= startedAt).length;
  return {
    phase: hasEnded(run, now) ? "ended" : "running",
    steps: { done: done + parked, all: open + done + parked },
    signals,
    hasMoreSignals:
      parts.signals.hasMore &&
      oldest !== undefined &&
      oldest.receivedAt >= startedAt,
    newCards: of("written"),
    changedCards: of("more evidence"),
    dropped: parts.records.items.filter(
      ({ traceId, verdict, updatedAt }) =>
        traceId === run.traceId &&
        verdict === "dropped" &&
        updatedAt >= startedAt,
    ).length,
    parked,
    error: run.error,
  };
}
