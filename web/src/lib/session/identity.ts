import {
  type Auth,
  onIdTokenChanged,
  sendEmailVerification,
  signOut,
  type User,
} from "firebase/auth";
import { useEffect, useState } from "react";
import { z } from "zod";

/** Who signed in, and the tenants that their token names. */
export interface Identity {
  readonly uid: string;
  readonly email: string;
  /** Whether the token says that the address is proven to be theirs. */
  readonly emailVerified: boolean;
  readonly tenants: readonly string[];
  readonly idToken: () => Promise<string>;
  /** Renews the token, so that it names the person's current tenants; the page follows. */
  readonly refresh: () => Promise<void>;
  /** Sends a link that proves the address and leads back to the invitations. */
  readonly sendProof: () => Promise<void>;
  readonly signOut: () => Promise<void>;
}

const Claims = z.object({
  tenants: z.array(z.string()).catch([]),
  email_verified: z.boolean().catch(false),
});

/** Who is signed in; null while nobody is, undefined until that is known. */
export function useIdentity(auth: Auth): Identity | null | undefined {
  const [identity, setIdentity] = useState<Identity | null>();
  useEffect(
    () =>
      onIdTokenChanged(auth, (user) => {
        if (user === null) setIdentity(null);
        else void toIdentity(auth, user).then(setIdentity);
      }),
    [auth],
  );
  return identity;
}

async function toIdentity(auth: Auth, user: User): Promise<Identity> {
  const { claims } = await user.getIdTokenResult();
  const { tenants, email_verified: emailVerified } = Claims.parse(claims);
  return {
    uid: user.uid,
    email: user.email ?? user.uid,
    emailVerified,
    tenants,
    idToken: () => user.getIdToken(),
    refresh: async () => {
      await user.reload();
      await user.getIdToken(true);
    },
    sendProof: () =>
      sendEmailVerification(user, { url: `${location.origin}/invitations` }),
    signOut: () => signOut(auth),
  };
}
