import { doc, type Firestore, onSnapshot } from "firebase/firestore";
import { useEffect, useState } from "react";
import type { DocumentRef } from "../../../../functions/src/domain/kernel/references.ts";
import { parseDocument } from "./live.ts";

/** A document about the person themselves, before there is a session: undefined until it is known; null where there is none, or it may not be read. */
export function useOwnDocument<T>(
  firestore: Firestore,
  ref: DocumentRef<T> | null,
): T | null | undefined {
  const [own, setOwn] = useState<T | null>();
  useEffect(() => {
    if (ref === null) return undefined;
    return onSnapshot(
      doc(firestore, ref.path),
      (snapshot) => {
        setOwn(snapshot.exists() ? parseDocument(snapshot, ref) : null);
      },
      () => {
        setOwn(null);
      },
    );
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the path says which document it is.
  }, [firestore, ref?.path]);
  return own;
}
