import { useCallback, useState } from "react";
import { z } from "zod";
import { useApi } from "../../../lib/api/api.ts";
import { useAsked } from "../../../lib/api/answer.ts";
import type { Live } from "../../../lib/firestore/live.ts";
import { useRepeated } from "../../../lib/page/repeat.ts";
import { type Unassigned, UnassignedPage } from "./unassigned.ts";

/** How often the queue is read anew while it is seen. */
const everyMs = 30_000;
/** The API gives no more at once. */
const most = 100;

const Decided = z.object({ id: z.string() });

/** What a person says of a signal: whose it is, or that it is nobody's. */
export type Say =
  | {
      readonly kind: "assign";
      readonly accountId: string;
      readonly remember: boolean;
    }
  | { readonly kind: "dismiss"; readonly reason: string };

/** The queue of signals of which it is not sure whose they are; read anew after each decision, and twice a minute while it is seen. */
export function useUnassigned(): {
  readonly page: Live<z.infer<typeof UnassignedPage>>;
  readonly again: () => void;
  /** Throws what the API refused. */
  readonly decide: (signal: Unassigned, say: Say) => Promise<void>;
} {
  const api = useApi();
  const [version, setVersion] = useState(0);
  const again = useCallback(() => {
    setVersion((n) => n + 1);
  }, []);
  useRepeated(again, everyMs);
  const page = useAsked(`/resolutions?limit=${most}`, UnassignedPage, version);
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
        // Also where it was refused: somebody else may have decided.
        again();
      }
    },
  };
}
