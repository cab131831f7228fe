import { useCallback, useState } from "react";
import { z } from "zod";
import * as at from "../../../../functions/src/domain/collections.ts";
import type {
  DashboardDay,
  DashboardOverview,
} from "../../../../functions/src/domain/reports/dashboard.ts";
import {
  toDateText,
  hourMs,
} from "../../../../functions/src/domain/kernel/instant.ts";
import { useApi } from "../../lib/api/api.ts";
import { useHealth } from "../../lib/api/health.ts";
import {
  type WithId,
  type Live,
  useLive,
  useLiveList,
} from "../../lib/firestore/live.ts";
import { useRepeatedly } from "../../lib/page/repeat.ts";
import { useSession } from "../../lib/session/session.ts";
import { toError } from "../../lib/errors.ts";

/** How far back the dashboard goes. */
const daysBack = 56;
const everyMs = 60_000;

export interface Counted {
  readonly days: Live<readonly WithId<DashboardDay>[]>;
  readonly overview: Live<WithId<DashboardOverview> | null>;
  /** Why the figures may be old; null where they were asked for. */
  readonly staleFor: Error | null;
  /** How many messages have been due for more than an hour, as far as that is known; null where it could not be read. */
  readonly stuck: number | null;
}

/** The days of the dashboard, live; has them counted again every minute while the page is visible. */
export function useDashboard(today: number): Counted {
  const { tenantId } = useSession();
  const days = useLiveList(at.dashboardDays(tenantId), {
    where: [["day", ">", toDateText(today - daysBack)]],
    orderBy: [["day", "asc"]],
    limit: daysBack + 1,
  });
  const overview = useLive(at.dashboardOverview(tenantId));
  const health = useHealth();
  const stuck =
    health === undefined || health instanceof Error
      ? null
      : (health.oldestDueAgeS ?? 0) * 1_000 > hourMs
        ? 1
        : 0;
  return { days, overview, staleFor: useRefresh(), stuck };
}

function useRefresh(): Error | null {
  const api = useApi();
  const [failed, setFailed] = useState<Error | null>(null);
  const refresh = useCallback(() => {
    api
      .call({
        method: "POST",
        path: "/dashboards/refresh",
        answer: z.object({ slot: z.int() }),
      })
      .then(
        () => {
          setFailed(null);
        },
        (error: unknown) => {
          setFailed(toError(error));
        },
      );
  }, [api]);
  useRepeatedly(refresh, everyMs);
  return failed;
}
