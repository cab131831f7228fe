import type { Auth } from "firebase-admin/auth";
import { z } from "zod";
import { TenantId, Uid } from "../../domain/ids.ts";
import type { Identity } from "../../pipeline/ports.ts";

const Claims = z.object({ uid: Uid, tenants: z.array(TenantId).default([]) });

/** Firebase Auth's ID tokens; the claim `tenants` lists the tenants that the person belongs to. */
export function firebaseIdentity(auth: () => Promise<Auth>): Identity {
  return {
    verify: async (token) => {
      try {
        const claims = Claims.safeParse(
          await (await auth()).verifyIdToken(token),
        );
        return claims.success ? claims.data : null;
      } catch {
        // Whatever is wrong with a token, it is not to be trusted.
        return null;
      }
    },
  };
}
