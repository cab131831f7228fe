import type {
  DocumentRef,
  CollectionRef,
} from "../../../../functions/src/domain/kernel/references.ts";
import { useSession } from "../session/session.ts";
import { useState, useEffect, useMemo } from "react";
import {
  onSnapshot,
  doc,
  type Firestore,
  query,
  collection,
  where,
  orderBy,
  documentId,
  startAfter,
  endAt,
  limit,
  type DocumentSnapshot,
  Timestamp,
} from "firebase/firestore";
import type { ListQuery } from "./listQuery.ts";
import { isPlain } from "../../../../functions/src/domain/messages/unreadable.ts";

/** A document with its id. */
export type WithId<T> = T & { readonly id: string };

/** What a listener or a request has answered so far. */
export type Live<T> =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly value: T }
  | { readonly state: "failed"; readonly error: Error };

/** A document, live; null where there is none. Nothing is read while `ref` is null. */
export function useLive<T>(ref: DocumentRef<T> | null): Live<WithId<T> | null> {
  const { firestore } = useSession();
  const [live, setLive] = useState<Live<WithId<T> | null>>({
    state: "loading",
  });
  const path = ref?.path;
  useEffect(() => {
    setLive({ state: "loading" });
    if (ref === null) return undefined;
    return onSnapshot(
      doc(firestore, ref.path),
      (snapshot) => {
        const value = snapshot.exists() ? parseDocument(snapshot, ref) : null;
        setLive({ state: "ready", value });
      },
      (error) => {
        setLive({ state: "failed", error });
      },
    );
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the path says which document it is.
  }, [firestore, path]);
  return live;
}

/** The documents that match a query, live. Nothing is read while `from` is null. */
export function useLiveList<T>(
  from: CollectionRef<T> | null,
  ask: ListQuery,
): Live<readonly WithId<T>[]> {
  const { firestore } = useSession();
  const [live, setLive] = useState<Live<readonly WithId<T>[]>>({
    state: "loading",
  });
  const key = useMemo(
    () => JSON.stringify([from?.path ?? null, ask]),
    [from?.path, ask],
  );
  useEffect(() => {
    setLive({ state: "loading" });
    if (from === null) return undefined;
    return listen(firestore, { from, ask }, setLive);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the key says what is asked.
  }, [firestore, key]);
  return live;
}

/** Listens until the function that it returns is called; also tells how many documents came. One that does not fit its schema is left out, and the browser's log says why. */
export function listen<T>(
  firestore: Firestore,
  { from, ask }: { readonly from: CollectionRef<T>; readonly ask: ListQuery },
  tell: (live: Live<readonly WithId<T>[]>, came: number) => void,
): () => void {
  const asked = query(
    collection(firestore, from.path),
    ...(ask.where ?? []).map(([field, operator, value]) =>
      where(field, operator, value),
    ),
    ...ask.orderBy.map(([field, direction]) =>
      orderBy(field === "__name__" ? documentId() : field, direction),
    ),
    ...(ask.after === undefined ? [] : [startAfter(...ask.after)]),
    ...(ask.until === undefined ? [] : [endAt(...ask.until)]),
    limit(ask.limit),
  );
  // What has not changed is not parsed again.
  const known = new Map<string, WithId<T> | null>();
  return onSnapshot(
    asked,
    (snapshot) => {
      for (const { type, doc: one } of snapshot.docChanges()) {
        if (type === "removed") known.delete(one.id);
        else known.set(one.id, parseDocument(one, from));
      }
      const value = snapshot.docs
        .map(({ id }) => known.get(id) ?? null)
        .filter((one) => one !== null);
      tell({ state: "ready", value }, snapshot.size);
    },
    (error) => {
      tell({ state: "failed", error }, 0);
    },
  );
}

/** A document as its schema reads it; null where it does not fit, and the browser's log says why. */
export function parseDocument<T>(
  snapshot: DocumentSnapshot,
  { schema }: Pick<CollectionRef<T>, "schema">,
): WithId<T> | null {
  const result = schema.safeParse(timestampsToDates(snapshot.data()));
  if (result.success) return { ...result.data, id: snapshot.id };
  console.warn(`${snapshot.ref.path} cannot be shown`, result.error);
  return null;
}

function timestampsToDates(value: unknown): unknown {
  if (value instanceof Timestamp) return value.toDate();
  if (Array.isArray(value)) return value.map(timestampsToDates);
  if (value === null || typeof value !== "object") return value;
  // References and points are no types of ours, and lead into the SDK itself.
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      timestampsToDates(inner),
    ]),
  );
}
