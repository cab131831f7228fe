import { useCallback, useState } from "react";
import { z } from "zod";
import { useApi } from "./api.ts";
import { useRepeatedly } from "../page/repeat.ts";
import { useMay } from "../session/session.ts";
import { toError } from "../errors.ts";

const everyMs = 30_000;

const Health = z.object({
  status: z.enum(["ok", "attention", "degraded"]),
  heartbeatAgeS: z.int().nullable(),
  oldestDueAgeS: z.int().nullable(),
  /** Only for operations and administrators, about their own tenant. */
  tenant: z
    .object({
      parked: z.int(),
      unreadable: z.int(),
      documents: z.array(z.object({ path: z.string(), reason: z.string() })),
    })
    .default({ parked: 0, unreadable: 0, documents: [] }),
  /** Only for operations and administrators. */
  components: z
    .array(
      z.object({ name: z.string(), status: z.string(), detail: z.string() }),
    )
    .default([]),
  standIns: z
    .array(
      z.object({
        need: z.string(),
        standIn: z.string(),
        inProduction: z.string(),
      }),
    )
    .default([]),
});
export type Health = z.infer<typeof Health>;

/** The system's health, every half minute while the page is visible; an error where it cannot be read, undefined until it is known. */
export function useHealth(): Health | Error | undefined {
  const api = useApi();
  const isDetailed = useMay()("message.read");
  const [health, setHealth] = useState<Health | Error>();
  const ask = useCallback(() => {
    const path = isDetailed ? "/health/detailed" : "/health";
    api
      .call({ path, isOutside: true, answeredBy: 503, answer: Health })
      .then(setHealth, (error: unknown) => {
        setHealth(toError(error));
      });
  }, [api, isDetailed]);
  useRepeatedly(ask, everyMs);
  return health;
}
