import { useState } from "react";
import { z } from "zod";
import { useApi } from "../../../lib/api/api.ts";
import { chunk } from "./messages.ts";
import { errorMessage } from "../../../lib/errors.ts";

/** The most that the API takes at once. */
const atOnce = 50;

const Answer = z.object({
  items: z.array(z.object({ id: z.string(), result: z.string() })),
});

/** What became of one message: `replayed`, or why not. */
export interface Replayed {
  readonly id: string;
  readonly result: string;
}

export type Replaying =
  | { readonly state: "asking"; readonly ids: readonly string[] }
  | {
      readonly state: "running";
      readonly ids: readonly string[];
      readonly done: number;
    }
  | {
      readonly state: "ended";
      readonly ids: readonly string[];
      readonly results: readonly Replayed[];
    };

/** Replays parked messages, fifty at a time; asks first, and reports the result of each. */
export function useReplay(): {
  readonly replaying: Replaying | null;
  readonly ask: (ids: readonly string[]) => void;
  readonly start: () => Promise<void>;
  readonly close: () => void;
} {
  const api = useApi();
  const [replaying, setReplaying] = useState<Replaying | null>(null);
  return {
    replaying,
    ask: (ids) => {
      setReplaying({ state: "asking", ids });
    },
    start: async () => {
      if (replaying?.state !== "asking") return;
      const { ids } = replaying;
      const results: Replayed[] = [];
      for (const some of chunk(ids, atOnce)) {
        setReplaying({ state: "running", ids, done: results.length });
        try {
          const { items } = await api.call({
            method: "POST",
            path: "/messages/replay",
            body: { ids: some },
            answer: Answer,
          });
          results.push(...items);
        } catch (error) {
          const result = errorMessage(error);
          results.push(...some.map((id) => ({ id, result })));
        }
      }
      setReplaying({ state: "ended", ids, results });
    },
    close: () => {
      setReplaying(null);
    },
  };
}
