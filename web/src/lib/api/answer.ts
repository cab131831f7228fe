import { useEffect, useState } from "react";
import type { z } from "zod";
import { useApi } from "./api.ts";
import type { Live } from "../firestore/live.ts";
import { toError } from "../errors.ts";

/** What the API answers to a GET of this path; fetched again when the path or `version` changes. Nothing is fetched while `path` is null. The schema must be the same at each call. */
export function useAnswer<T>(
  path: string | null,
  answer: z.ZodType<T>,
  version: number = 0,
): Live<T> {
  const api = useApi();
  const [live, setLive] = useState<Live<T>>({ state: "loading" });
  useEffect(() => {
    if (path === null) return undefined;
    const asking = new AbortController();
    api.call({ path, answer, signal: asking.signal }).then(
      (value) => {
        setLive({ state: "ready", value });
      },
      (error: unknown) => {
        if (!asking.signal.aborted)
          setLive({
            state: "failed",
            error: toError(error),
          });
      },
    );
    return () => {
      asking.abort();
    };
  }, [api, path, answer, version]);
  return live;
}
