import { type Auth, onIdTokenChanged, signOut, type User } from "firebase/auth";
import { useEffect, useState } from "react";
import { z } from "zod";

/** Who signed in, and the tenants that their token names. */
export interface Identity {
  readonly uid: string;
  readonly email: string;
  readonly tenants: readonly string[];
  readonly idToken: () => Promise<string>;
  readonly signOut: () => Promise<void>;
}

const Claims = z.object({ tenants: z.array(z.string()).catch([]) });

/** Null while nobody is signed in; undefined until that is known. */
export function useIdentity(auth: Auth): Identity | null | undefined {
  const [identity, setIdentity] = useState<Identity | null>();
  useEffect(
    () =>
      onIdTokenChanged(auth, (user) => {
        if (user === null) setIdentity(null);
        else void identityOf(auth, user).then(setIdentity);
      }),
    [auth],
  );
  return identity;
}

async function identityOf(auth: Auth, user: User): Promise<Identity> {
  const { claims } = await user.getIdTokenResult();
  return {
    uid: user.uid,
    email: user.email ?? user.uid,
    tenants: Claims.parse(claims).tenants,
    idToken: () => user.getIdToken(),
    signOut: () => signOut(auth),
  };
}
