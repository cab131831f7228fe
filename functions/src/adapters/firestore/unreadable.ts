import type { Misfit } from "../../domain/messages/unreadable.ts";
import type { Deps } from "../../ports/deps.ts";

/** So many documents are remembered, each for so long after it was last met; so many are told of at once. */
const mostKnown = 1_000;
const knownMs = 3_600_000;
const mostTold = 100;

/** Remembers which documents could not be read, and logs each once while it is remembered. */
export function unreadableDocuments({
  clock,
  log,
}: Pick<Deps, "clock" | "log">): {
  readonly met: (misfit: Misfit) => void;
  readonly below: (prefix: string) => readonly Misfit[];
} {
  const known = new Map<string, Misfit & { readonly at: number }>();
  return {
    met: ({ path, reason }) => {
      const now = clock.now().getTime();
      const before = known.get(path);
      if (before?.reason !== reason || now - before.at > knownMs)
        log.write("ERROR", "a document cannot be read", { path, reason });
      known.delete(path);
      known.set(path, { path, reason, at: now });
      // The first of a map is the one met longest ago.
      const [oldest] = known.keys();
      if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
    },
    below: (prefix) => {
      const since = clock.now().getTime() - knownMs;
      return [...known.values()]
        .filter(({ path, at }) => at >= since && path.startsWith(prefix))
        .slice(0, mostTold)
        .map(({ path, reason }) => ({ path, reason }));
    },
  };
}
