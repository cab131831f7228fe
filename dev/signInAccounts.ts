import type { Auth, UserRecord } from "firebase-admin/auth";
import { Uid } from "../functions/src/domain/kernel/ids.ts";

/** The accounts that people sign in with, as the operator of a deployment may find and create them. What is deployed can do neither. */
export interface SignInAccounts {
  /** The uid behind an e-mail address, created where there is none yet; null where somebody signed up with it by a password and has not shown that it is theirs. */
  readonly findOrCreate: (email: string, name: string) => Promise<Uid | null>;
}

/** The accounts of Firebase Auth. */
export function firebaseAccounts(auth: Auth): SignInAccounts {
  return {
    findOrCreate: async (email, displayName) => {
      const known = await find(auth, email);
      if (known !== null) return uidIfProven(known);
      try {
        return Uid.parse((await auth.createUser({ email, displayName })).uid);
      } catch (error) {
        // Two created the same account at once: the other's is as good.
        if (errorCode(error) !== "auth/email-already-exists") throw error;
        return uidIfProven(await auth.getUserByEmail(email));
      }
    },
  };
}

async function find(auth: Auth, email: string): Promise<UserRecord | null> {
  try {
    return await auth.getUserByEmail(email);
  } catch (error) {
    if (errorCode(error) === "auth/user-not-found") return null;
    throw error;
  }
}

/** Whoever signs up by a password may name anybody's address; only a proof makes it theirs. */
function uidIfProven(user: UserRecord): Uid | null {
  const byPassword = user.providerData.some(
    ({ providerId }) => providerId === "password",
  );
  return user.emailVerified || !byPassword ? Uid.parse(user.uid) : null;
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
