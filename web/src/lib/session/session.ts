import type { Firestore } from "firebase/firestore";
import { createContext, useContext } from "react";
import type { Audience } from "../../../../functions/src/domain/kernel/document.ts";
import type { TenantId } from "../../../../functions/src/domain/kernel/ids.ts";
import {
  can,
  hasPermission,
  type Member,
  type Permission,
} from "../../../../functions/src/domain/people/roles.ts";
import type { Tenant } from "../../../../functions/src/domain/tenants/tenant.ts";
import type { Identity } from "./identity.ts";

/** Who is signed in, and in which tenant; role and settings are live. */
export interface Session {
  readonly identity: Identity;
  readonly firestore: Firestore;
  readonly tenantId: TenantId;
  /** All tenants that the person belongs to. */
  readonly tenants: readonly string[];
  readonly tenant: Tenant;
  readonly member: Member;
  readonly idToken: () => Promise<string>;
  readonly signOut: () => Promise<void>;
}

export const SessionContext = createContext<Session | null>(null);

/** The session of the person who is signed in. Throws where there is none. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("Nobody is signed in.");
  return session;
}

/** Whether the person may do this: to something with that audience, or at all where none is given. */
export function useMay(): (
  permission: Permission,
  audience?: Audience,
) => boolean {
  const { member } = useSession();
  return (permission, audience) =>
    audience === undefined
      ? hasPermission(member, permission)
      : can(member, permission, audience);
}
