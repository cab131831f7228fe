import { useCallback, useEffect, useState } from "react";
import * as at from "../../../../../functions/src/domain/collections.ts";
import type { Run } from "../../../../../functions/src/domain/messages/run.ts";
import { useCounter } from "../../../lib/firestore/count.ts";
import type { WithId } from "../../../lib/firestore/live.ts";
import { useRepeatedly } from "../../../lib/page/repeat.ts";
import { useSession } from "../../../lib/session/session.ts";
import { runFigures, monitorTopics, type RunFigures } from "./runs.ts";

const whileRunningMs = 5_000;

/** How a run went, counted once its row is visible and again while it runs; null where it can no longer be counted, undefined until it is. */
export function useRunFigures(
  run: WithId<Run>,
  isSeen: boolean,
): RunFigures | null | undefined {
  const { tenantId } = useSession();
  const count = useCounter();
  const [figures, setFigures] = useState<RunFigures | null>();
  const { id } = run;
  const startedAt = run.startedAt.getTime();
  const isOver = figures !== undefined && figures?.state !== "running";
  const ask = useCallback(() => {
    if (!isSeen || isOver) return;
    const messages = at.messages(tenantId);
    const ofRun = ["runId", "==", id] as const;
    const received = ["topic", "==", "signal-received"] as const;
    const monitoring = ["topic", "in", monitorTopics] as const;
    Promise.all([
      count(messages, [ofRun, received]),
      count(messages, [ofRun, received, ["state", "==", "done"]]),
      count(at.signals(tenantId), [ofRun]),
      count(messages, [ofRun, monitoring, ["state", "==", "open"]]),
      count(messages, [ofRun, monitoring, ["state", "==", "parked"]]),
    ]).then(
      ([all, receivedDone, signals, open, parked]) => {
        setFigures(
          runFigures(
            { received: all, receivedDone, signals, open, parked },
            new Date(startedAt),
            new Date(),
          ),
        );
      },
      () => {
        setFigures(null);
      },
    );
  }, [count, tenantId, id, startedAt, isSeen, isOver]);
  useRepeatedly(ask, whileRunningMs);
  useEffect(() => {
    setFigures(undefined);
  }, [id]);
  return figures;
}
