import { toReplayUrl } from "../../dev/standins/replay.ts";
import type { Reach } from "../../functions/src/adapters/connectors/reach.ts";
import { fetcher } from "../../functions/src/adapters/web/fetcher.ts";
import { sourceKeys } from "./tenantSystems.ts";

const now = () => new Date("2026-08-01T00:00:00Z");

/** A way to a server on this machine that has the vendors' hosts as folders; with a key for every vendor. */
export function reachOf(base: string, changes: Partial<Reach> = {}): Reach {
  return {
    fetch: fetcher({ allowed: [new URL(base).origin] }),
    via: (url) => toReplayUrl(base, url),
    isReplay: true,
    pacer: { turn: () => Promise.resolve(), spend: () => Promise.resolve() },
    findAccess: (name) => ({ key: sourceKeys[name] }),
    now,
    ...changes,
  };
}
