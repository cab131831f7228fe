import { useEffect, useState } from "react";
import { useApi } from "../../../lib/api/api.ts";
import type { Live } from "../../../lib/firestore/live.ts";
import { parseQuestion, Traces } from "./traces.ts";
import { toError } from "../../../lib/errors.ts";

/** The traces of the item that is asked about; null while none is. */
export function useTraces(find: string | null): {
  readonly traces: Live<Traces> | null;
  readonly again: () => void;
} {
  const api = useApi();
  const [traces, setTraces] = useState<Live<Traces> | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (find === null || find.trim() === "") {
      setTraces(null);
      return undefined;
    }
    const asking = new AbortController();
    setTraces({ state: "loading" });
    const query = new URLSearchParams([[...parseQuestion(find)]]);
    api
      .call({
        path: `/decisions?${query.toString()}`,
        answer: Traces,
        signal: asking.signal,
      })
      .then(
        (value) => {
          setTraces({ state: "ready", value });
        },
        (error: unknown) => {
          if (asking.signal.aborted) return;
          setTraces({
            state: "failed",
            error: toError(error),
          });
        },
      );
    return () => {
      asking.abort();
    };
  }, [api, find, round]);
  return {
    traces,
    again: () => {
      setRound(round + 1);
    },
  };
}
