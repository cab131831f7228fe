import { useEffect, useMemo, useState } from "react";
import { z } from "zod";
import * as at from "../../../../../functions/src/domain/collections.ts";
import { type Api, ApiProblem, useApi } from "../../../lib/api/api.ts";
import { useLiveList } from "../../../lib/firestore/live.ts";
import { useMay, useSession } from "../../../lib/session/session.ts";
import { hasEnded, type RunFacts } from "./runSummary.ts";
import { toError } from "../../../lib/errors.ts";

const pollMs = 2_000;
/** More messages than a list may hold: then the API counts them. */
const listLimit = 200;

/** The topics whose messages belong to a run; deadlines go on long after it. */
const runTopics = [
  "account-due",
  "vendor-due",
  "signal-received",
  "signal-ingested",
  "account-assess",
  "signal-qualified",
];

const Run = z.object({
  id: z.string(),
  startedAt: z.iso.datetime().transform((text) => new Date(text)),
  startedBy: z.string(),
  traceId: z.string(),
  progress: z.object({ open: z.int(), done: z.int(), parked: z.int() }),
});

type RunState =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly run: RunFacts }
  | { readonly state: "failed"; readonly error: Error };

/** The progress of a run: by listener for those who may read messages, fetched every 2 s for others, until nothing of it is open. */
export function useRun(id: string | undefined): RunState {
  const { tenantId } = useSession();
  const canListen = useMay()("message.read");
  const isListening = canListen && id !== undefined;
  const messages = useLiveList(isListening ? at.messages(tenantId) : null, {
    where: [
      ["runId", "==", id],
      ["topic", "in", runTopics],
    ],
    orderBy: [["__name__", "asc"]],
    limit: listLimit,
  });
  const counted = useMemo(
    () => (messages.state === "ready" ? countMessages(messages.value) : null),
    [messages],
  );
  const isTooLong =
    messages.state === "ready" && messages.value.length >= listLimit;
  const asked = useRunFacts(id, !canListen || isTooLong);
  if (asked.state !== "ready" || counted === null || isTooLong) return asked;
  return { state: "ready", run: { ...asked.run, ...counted } };
}

type MessageCounts = Pick<RunFacts, "open" | "done" | "parked" | "error">;

function countMessages(
  messages: readonly {
    readonly state: "open" | "done" | "parked";
    readonly error: { readonly message: string; readonly at: Date } | null;
  }[],
): MessageCounts {
  const of = (wanted: string) =>
    messages.filter(({ state }) => state === wanted).length;
  const errors = messages
    .filter(({ state }) => state !== "done")
    .flatMap(({ error }) => (error === null ? [] : [error]))
    .sort((a, b) => b.at.getTime() - a.at.getTime());
  return {
    open: of("open"),
    done: of("done"),
    parked: of("parked"),
    error: errors[0]?.message ?? null,
  };
}

function useRunFacts(id: string | undefined, isPolled: boolean): RunState {
  const api = useApi();
  const [asked, setAsked] = useState<RunState>({ state: "loading" });
  useEffect(() => {
    setAsked({ state: "loading" });
  }, [id]);
  useEffect(() => {
    if (id === undefined) return undefined;
    const gone = new AbortController();
    void poll({ api, id, isPolled, signal: gone.signal }, setAsked);
    return () => {
      gone.abort();
    };
  }, [api, id, isPolled]);
  return asked;
}

async function poll(
  {
    api,
    id,
    isPolled,
    signal,
  }: {
    readonly api: Api;
    readonly id: string;
    readonly isPolled: boolean;
    readonly signal: AbortSignal;
  },
  tell: (asked: RunState) => void,
): Promise<void> {
  const isGone = () => signal.aborted;
  while (!isGone()) {
    try {
      const { progress, ...run } = await api.call({
        path: `/runs/${encodeURIComponent(id)}`,
        answer: Run,
        signal,
      });
      if (isGone()) return;
      const facts = { ...run, ...progress, error: null };
      tell({ state: "ready", run: facts });
      if (!isPolled || hasEnded(facts, new Date())) return;
    } catch (error) {
      if (isGone()) return;
      tell({
        state: "failed",
        error: toError(error),
      });
      // A run that does not exist, or may not be read, will not appear later.
      if (error instanceof ApiProblem && [403, 404].includes(error.status))
        return;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
