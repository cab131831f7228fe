import { useCallback, useEffect, useMemo, useState } from "react";
import { z } from "zod";
import type { SourceState } from "../../../../functions/src/domain/accounts/account.ts";
import * as at from "../../../../functions/src/domain/collections.ts";
import type { AccountId } from "../../../../functions/src/domain/kernel/ids.ts";
import { minuteMs } from "../../../../functions/src/domain/kernel/instant.ts";
import { polledKinds } from "../../../../functions/src/domain/sources/source.ts";
import { useAsked } from "../../lib/asked.ts";
import { useLiveList } from "../../lib/live.ts";
import { useRepeated } from "../../lib/repeat.ts";
import { useMay, useSession } from "../../lib/session.ts";

const moment = z.iso.datetime().transform((text) => new Date(text));

const Watching = z.object({
  schedule: z
    .object({ active: z.boolean(), intervalMs: z.int(), dueAt: moment })
    .nullable(),
  sources: z.array(
    z.object({
      kind: z.enum(polledKinds),
      key: z.string(),
      state: z
        .object({
          lastLookAt: moment,
          lastGoodAt: moment.nullable(),
          lastError: z.string().nullable(),
          consecutiveFailures: z.int(),
          itemsFound: z.int(),
          droppedItems: z.int(),
          silentAt: moment.nullable(),
        })
        .nullable(),
    }),
  ),
});

/** How the looks at a source went. */
export type SourceFacts = Pick<
  SourceState,
  | "lastLookAt"
  | "lastGoodAt"
  | "lastError"
  | "consecutiveFailures"
  | "itemsFound"
  | "droppedItems"
  | "silentAt"
  | "kind"
>;

export interface WatchingView {
  readonly schedule: z.infer<typeof Watching>["schedule"];
  /** By source key; a source that was never looked at is absent. */
  readonly states: ReadonlyMap<string, SourceFacts>;
}

/** How an account is watched; undefined until it is known. Live for operations; for others as the API says it, each minute and whenever `occasion` changes. */
export function useWatching(
  accountId: AccountId,
  occasion: string,
): WatchingView | Error | undefined {
  const { tenantId } = useSession();
  const canListen = useMay()("message.read");
  const live = useLiveList(canListen ? at.sourceStates(tenantId) : null, {
    where: [["accountId", "==", accountId]],
    orderBy: [["__name__", "asc"]],
    limit: 100,
  });
  const [version, setVersion] = useState(0);
  const again = useCallback(() => {
    setVersion((before) => before + 1);
  }, []);
  useRepeated(again, minuteMs);
  useEffect(again, [again, occasion]);
  const asked = useAsked(
    `/accounts/${encodeURIComponent(accountId)}`,
    Watching,
    version,
  );
  return useMemo(() => {
    if (asked.state === "loading") return undefined;
    if (asked.state === "failed") return asked.error;
    const states = new Map<string, SourceFacts>();
    for (const { kind, key, state } of asked.value.sources)
      if (state !== null) states.set(key, { kind, ...state });
    if (live.state === "ready")
      for (const state of live.value) states.set(state.sourceKey, state);
    return { schedule: asked.value.schedule, states };
  }, [asked, live]);
}
