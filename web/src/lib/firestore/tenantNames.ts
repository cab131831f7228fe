import { doc, type Firestore, getDoc } from "firebase/firestore";
import { useEffect, useState } from "react";
import * as at from "../../../../functions/src/domain/collections.ts";
import { TenantId } from "../../../../functions/src/domain/kernel/ids.ts";
import { rememberTenant } from "../session/knownTenants.ts";
import { parseDocument } from "./live.ts";

/** The names of the tenants that the person may enter, sorted; empty until they are known. */
export function useTenantNames(
  firestore: Firestore,
  ids: readonly string[],
): readonly { readonly id: string; readonly name: string }[] {
  const [names, setNames] = useState<
    readonly { readonly id: string; readonly name: string }[]
  >([]);
  const wanted = ids.join(" ");
  useEffect(() => {
    let current = true;
    void Promise.all(ids.map((id) => readTenantName(firestore, id))).then(
      (found) => {
        const known = found.filter((one) => one !== null);
        if (current)
          setNames(known.toSorted((a, b) => a.name.localeCompare(b.name)));
      },
    );
    return () => {
      current = false;
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the text says which they are.
  }, [firestore, wanted]);
  return names;
}

/** Null where the membership has ended: the rules refuse the read. */
async function readTenantName(firestore: Firestore, id: string) {
  try {
    const ref = at.tenant(TenantId.parse(id));
    const tenant = parseDocument(await getDoc(doc(firestore, ref.path)), ref);
    if (tenant === null) return null;
    rememberTenant(id, tenant.name);
    return { id, name: tenant.name };
  } catch {
    return null;
  }
}
