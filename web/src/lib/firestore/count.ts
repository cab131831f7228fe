import {
  collection,
  getCountFromServer,
  limit,
  query,
  where,
} from "firebase/firestore";
import { useCallback, useMemo, useState } from "react";
import type { CollectionRef } from "../../../../functions/src/domain/kernel/references.ts";
import type { ListQuery } from "./listQuery.ts";
import { useRepeatedly } from "../page/repeat.ts";
import { useSession } from "../session/session.ts";

/** Nothing is counted beyond this: the rules refuse more. */
export const countedUpTo = 200;

/** Counts documents, to `countedUpTo`. */
export function useCounter(): <T>(
  from: CollectionRef<T>,
  asked: NonNullable<ListQuery["where"]>,
) => Promise<number> {
  const { firestore } = useSession();
  return useCallback(
    async (from, asked) => {
      const counted = await getCountFromServer(
        query(
          collection(firestore, from.path),
          ...asked.map(([field, operator, value]) =>
            where(field, operator, value),
          ),
          limit(countedUpTo),
        ),
      );
      return counted.data().count;
    },
    [firestore],
  );
}

/** How many documents there are, to `countedUpTo`; counted again every `everyMs` while the page is visible, and whenever `changed` changes. Null until it is known. */
export function useCount<T>(
  from: CollectionRef<T>,
  asked: NonNullable<ListQuery["where"]>,
  { everyMs, changed }: { readonly everyMs: number; readonly changed: unknown },
): number | null {
  const count = useCounter();
  const [counted, setCounted] = useState<number | null>(null);
  const key = useMemo(
    () => JSON.stringify([from.path, asked]),
    [from.path, asked],
  );
  const ask = useCallback(() => {
    count(from, asked).then(
      setCounted,
      // A count is a courtesy: the list itself says when something is wrong.
      () => undefined,
    );
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the key says what is counted, `changed` when.
  }, [count, key, changed]);
  useRepeatedly(ask, everyMs);
  return counted;
}
