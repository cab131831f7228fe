import type { Auth, UserRecord } from "firebase-admin/auth";
import { z } from "zod";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import { TenantId } from "../../domain/kernel/ids.ts";
import type { People } from "../../ports/people.ts";

const Claims = z.looseObject({ tenants: z.array(TenantId).catch([]) });

/** Firebase Auth's accounts; the custom claim `tenants` lists the tenants that a person belongs to. */
export function firebasePeople(auth: () => Promise<Auth>): People {
  return {
    tenantsOf: async (uid) => {
      const user = await orNull((await auth()).getUser(uid));
      return user === null ? null : parseClaims(user).tenants;
    },

    setTenants: async (uid, tenants) => {
      const user = await orNull((await auth()).getUser(uid));
      if (user === null) return;
      const claims = { ...parseClaims(user), tenants };
      await translateErrors((await auth()).setCustomUserClaims(uid, claims));
    },
  };
}

function parseClaims(user: UserRecord) {
  return Claims.parse(user.customClaims ?? {});
}

async function orNull(call: Promise<UserRecord>): Promise<UserRecord | null> {
  try {
    return await translateErrors(call);
  } catch (error) {
    if (isUnknown(error)) return null;
    throw error;
  }
}

function isUnknown(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  return (
    cause instanceof Error &&
    "code" in cause &&
    cause.code === "auth/user-not-found"
  );
}

const lasting: readonly string[] = [
  "auth/user-not-found",
  "auth/claims-too-large",
  "auth/insufficient-permission",
];

async function translateErrors<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const code =
      error instanceof Error && "code" in error ? String(error.code) : "";
    const message = `Firebase Auth refused: ${error instanceof Error ? error.message : String(error)}`;
    throw lasting.includes(code)
      ? new PermanentError("refused-by-vendor", message, { cause: error })
      : new RetryableError("vendor-down", message, { cause: error });
  }
}
