import type { Auth, UserRecord } from "firebase-admin/auth";
import { z } from "zod";
import { PermanentError, RetryableError } from "../../domain/errors.ts";
import { TenantId, Uid } from "../../domain/ids.ts";
import type { People } from "../../pipeline/ports.ts";

const Claims = z.looseObject({ tenants: z.array(TenantId).catch([]) });

/** A claim has no precondition: so it is read again behind the write, and written anew where another was faster. */
const maxTries = 5;

/** Firebase Auth's accounts; the custom claim `tenants` lists the tenants that a person belongs to. */
export function firebasePeople(auth: () => Promise<Auth>): People {
  return {
    findOrInvite: async (email, name) => {
      const user = await orNull((await auth()).getUserByEmail(email));
      if (user !== null) return isTheirs(user) ? Uid.parse(user.uid) : null;
      try {
        const created = await translated(
          (await auth()).createUser({ email, displayName: name }),
        );
        return Uid.parse(created.uid);
      } catch (error) {
        // Two invited the same person at once: the other's is as good.
        if (!isCode(error, "auth/email-already-exists")) throw error;
        const theirs = await translated((await auth()).getUserByEmail(email));
        return isTheirs(theirs) ? Uid.parse(theirs.uid) : null;
      }
    },

    grant: async (uid, tenantId) => {
      await setTenants(auth, uid, (tenants) =>
        tenants.includes(tenantId) ? tenants : [...tenants, tenantId],
      );
    },

    revoke: async (uid, tenantId) => {
      const known = await setTenants(auth, uid, (tenants) =>
        tenants.filter((tenant) => tenant !== tenantId),
      );
      if (known) await translated((await auth()).revokeRefreshTokens(uid));
    },
  };
}

/** Whoever signs up by a password may name anybody's address; only a proof makes it theirs. */
function isTheirs(user: UserRecord): boolean {
  const byPassword = user.providerData.some(
    ({ providerId }) => providerId === "password",
  );
  return user.emailVerified || !byPassword;
}

/** Whether there is such a person. */
async function setTenants(
  auth: () => Promise<Auth>,
  uid: Uid,
  change: (tenants: readonly TenantId[]) => readonly TenantId[],
): Promise<boolean> {
  for (let n = 0; n < maxTries; n++) {
    const user = await orNull((await auth()).getUser(uid));
    if (user === null) return false;
    const claims = Claims.parse(user.customClaims ?? {});
    const wanted = change(claims.tenants);
    if (wanted.length === claims.tenants.length) return true;
    await translated(
      (await auth()).setCustomUserClaims(uid, { ...claims, tenants: wanted }),
    );
  }
  throw new RetryableError(
    "vendor-busy",
    `The claims of ${uid} keep changing.`,
  );
}

async function orNull(call: Promise<UserRecord>): Promise<UserRecord | null> {
  try {
    return await translated(call);
  } catch (error) {
    if (isCode(error, "auth/user-not-found")) return null;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error && "code" in cause && cause.code === code;
}

const lasting: readonly string[] = [
  "auth/user-not-found",
  "auth/email-already-exists",
  "auth/invalid-email",
  "auth/claims-too-large",
  "auth/insufficient-permission",
];

async function translated<T>(call: Promise<T>): Promise<T> {
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
