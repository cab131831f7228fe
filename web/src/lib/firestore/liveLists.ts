import { useEffect, useMemo, useState } from "react";
import type { CollectionRef } from "../../../../functions/src/domain/kernel/references.ts";
import type { ListQuery } from "./listQuery.ts";
import { type WithId, listen } from "./live.ts";
import { useSession } from "../session/session.ts";

/** The same query on several small collections, each live, by the key it is given under; a list is absent until it is loaded, and where it may not be read. */
export function useLiveLists<T>(
  from: ReadonlyMap<string, CollectionRef<T>>,
  ask: ListQuery,
): ReadonlyMap<string, readonly WithId<T>[]> {
  const { firestore } = useSession();
  const [lists, setLists] = useState<ReadonlyMap<string, readonly WithId<T>[]>>(
    new Map(),
  );
  const open = useMemo(() => new Map<string, () => void>(), []);
  const wanted = [...from.keys()].sort().join(" ");
  useEffect(() => {
    for (const [key, stop] of open) {
      if (from.has(key)) continue;
      stop();
      open.delete(key);
      setLists((before) => without(before, key));
    }
    for (const [key, list] of from) {
      if (open.has(key)) continue;
      const stop = listen(firestore, { from: list, ask }, (live) => {
        setLists((before) =>
          live.state === "ready"
            ? new Map(before).set(key, live.value)
            : without(before, key),
        );
      });
      open.set(key, stop);
    }
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the keys say which lists they are.
  }, [firestore, wanted]);
  useEffect(
    () => () => {
      for (const stop of open.values()) stop();
      open.clear();
    },
    [firestore, open],
  );
  return lists;
}

function without<T>(
  lists: ReadonlyMap<string, T>,
  key: string,
): ReadonlyMap<string, T> {
  const left = new Map(lists);
  left.delete(key);
  return left;
}
