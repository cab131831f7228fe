import { useEffect, useMemo, useState } from "react";
import type { CollectionRef } from "../../../../functions/src/domain/kernel/references.ts";
import type { Ask } from "./listQuery.ts";
import { type Found, listen } from "./live.ts";
import { useSession } from "../session/session.ts";

/** Several small lists that are asked the same, each live, by the key under which it is asked for; a list is absent until it is here, and where it may not be read. */
export function useLiveLists<T>(
  from: ReadonlyMap<string, CollectionRef<T>>,
  ask: Ask,
): ReadonlyMap<string, readonly Found<T>[]> {
  const { firestore } = useSession();
  const [lists, setLists] = useState<ReadonlyMap<string, readonly Found<T>[]>>(
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
