import { useCallback, useState } from "react";
import { z } from "zod";
import { useApi } from "../../../lib/api/api.ts";
import { useAnswer } from "../../../lib/api/answer.ts";
import type { Live } from "../../../lib/firestore/live.ts";
import { useRepeatedly } from "../../../lib/page/repeat.ts";
import { type Unassigned, UnassignedPage } from "./unassigned.ts";

/** How often the queue is read while the page is visible. */
const everyMs = 30_000;
/** The API gives no more at once. */
const most = 100;

const Decided = z.object({ id: z.string() });

/** What a person decides about a signal: which account it is about, or that it is about none. */
export type ResolutionDecision =
  | {
      readonly kind: "assign";
      readonly accountId: string;
      readonly remember: boolean;
    }
  | { readonly kind: "dismiss"; readonly reason: string };

/** The queue of unresolved signals; read again after each decision, and twice a minute while the page is visible. */
export function useUnassigned(): {
  readonly page: Live<z.infer<typeof UnassignedPage>>;
  readonly again: () => void;
  /** Throws what the API refused. */
  readonly decide: (
    signal: Unassigned,
    say: ResolutionDecision,
  ) => Promise<void>;
} {
  const api = useApi();
  const [version, setVersion] = useState(0);
  const again = useCallback(() => {
    setVersion((n) => n + 1);
  }, []);
  useRepeatedly(again, everyMs);
  const page = useAnswer(`/resolutions?limit=${most}`, UnassignedPage, version);
  return {
    page,
    again,
    decide: async ({ id, version: of }, { kind, ...said }) => {
      try {
        await api.call({
          method: "POST",
          path: `/resolutions/${encodeURIComponent(id)}/${kind}`,
          body: { ...said, version: of },
          answer: Decided,
        });
      } finally {
        // Also after a refusal: somebody else may have decided.
        again();
      }
    },
  };
}
