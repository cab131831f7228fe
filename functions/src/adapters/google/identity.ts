import type { Auth } from "firebase-admin/auth";
import { z } from "zod";
import { TenantId, Uid } from "../../domain/kernel/ids.ts";
import type { Identity } from "../../ports/people.ts";

const Claims = z
  .object({
    uid: Uid,
    tenants: z.array(TenantId).default([]),
    email: z.string().toLowerCase().nullable().default(null),
    email_verified: z.boolean().default(false),
  })
  .transform(({ email_verified: emailVerified, ...claims }) => {
    return { ...claims, emailVerified };
  });

/**
 * Firebase Auth's ID tokens; the claim `tenants` lists the tenants that the person belongs to. A token is held to its
 * signature and its hour, and Firebase is not asked whether its session was ended meanwhile: what a person may do is
 * read from the member document at each request, so that ending a membership holds at once without that.
 */
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
