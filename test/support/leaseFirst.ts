import type { AnyStage } from "../../functions/src/ports/stage.ts";
import type { Deps } from "../../functions/src/ports/deps.ts";

/** What reaches out of the house or costs money, by the first words of a call's name. */
function reachesOut(name: string, { writer, embedder }: Deps): boolean {
  if (name === "writer.draft") return writer.model !== null;
  if (name === "embedder.embed") return embedder.reachesOut;
  return /^(?:connectors\.\w+\.(?:poll|fetch)|crms\.\w+\.upsertTask|classifier\.classify)$/.test(
    name,
  );
}

/** The stage, whose run tells of each call by which it reaches out before it has its message's lease. */
export function leaseFirst(
  stage: AnyStage,
  tell: (fault: string) => void,
): AnyStage {
  return {
    ...stage,
    run: async (job, carried) => {
      const deps: Deps = carried;
      let isLeased = job.message.lease !== null;
      const then = (take: () => Promise<void>) => async () => {
        await take();
        isLeased = true;
      };
      const guarded = guard("", deps, (name) => {
        if (isLeased || !reachesOut(name, deps)) return;
        tell(`${stage.topic} calls ${name} without a lease.`);
      });
      return stage.run(
        {
          ...job,
          takeLease: then(job.takeLease),
          assertLease: then(job.assertLease),
        },
        guarded,
      );
    },
  };
}

/** The target, of whose methods, however deep, each call is announced by its name. */
function guard<T extends object>(
  path: string,
  target: T,
  announce: (name: string) => void,
): T {
  return new Proxy(target, {
    get: (inner, key) => {
      const value: unknown = Reflect.get(inner, key);
      const name = path === "" ? String(key) : `${path}.${String(key)}`;
      if (typeof value === "object" && value !== null)
        return /^(?:connectors|crms|classifier|writer|embedder)/.test(name)
          ? guard(name, value, announce)
          : value;
      if (typeof value !== "function" || path === "") return value;
      return (...args: unknown[]): unknown => {
        announce(name);
        return Reflect.apply(value, inner, args);
      };
    },
  });
}
