import { useEffect, useMemo, useRef, useState } from "react";
import type { CollectionRef } from "../../../../functions/src/domain/kernel/references.ts";
import { listen } from "./live.ts";
import {
  nothingYet,
  type Paged,
  type PagedQuery,
  type PageReader,
  readPages,
} from "./pages.ts";
import { useSession } from "../session/session.ts";

/** A long list, as far as it was read, and how to read on. */
export interface Pages<T> extends Paged<T>, Omit<PageReader, "stop"> {}

/** A list of any length, live throughout. The last of `orderBy` must be `__name__`. */
export function useLivePages<T>(
  from: CollectionRef<T>,
  ask: PagedQuery,
): Pages<T> {
  const { firestore } = useSession();
  const [pages, setPages] = useState<Paged<T>>(nothingYet);
  const reader = useRef<PageReader | null>(null);
  const key = useMemo(() => JSON.stringify([from.path, ask]), [from.path, ask]);
  useEffect(() => {
    setPages(nothingYet);
    const reading = readPages<T>(
      (part, tell) => listen(firestore, { from, ask: part }, tell),
      ask,
      setPages,
    );
    reader.current = reading;
    return () => {
      reader.current = null;
      reading.stop();
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the key says what is asked.
  }, [firestore, key]);
  return {
    ...pages,
    more: () => reader.current?.more(),
    setVisible: (first, last) => reader.current?.setVisible(first, last),
  };
}
