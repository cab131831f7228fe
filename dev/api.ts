import { z } from "zod";
import { type DemoPerson, demoPassword } from "./demoPeople.ts";
import type { SuiteFacts } from "./suiteFacts.ts";

const SignedIn = z.object({ idToken: z.string() });

/** An ID token of a demo person, good for an hour, from the Auth emulator. */
export async function signIn(
  { authHost }: Pick<SuiteFacts, "authHost">,
  { email }: DemoPerson,
): Promise<string> {
  const url = `http://${authHost}/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword?key=demo`;
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      email,
      password: demoPassword,
      returnSecureToken: true,
    }),
  });
  if (!answer.ok) {
    throw new Error(
      `${email} could not sign in: ${answer.status} ${await answer.text()}`,
    );
  }
  return SignedIn.parse(await answer.json()).idToken;
}

/** Asks the API to look at an account's sources now; throws its answer where it refuses. */
export async function monitor(
  { apiUrl }: Pick<SuiteFacts, "apiUrl">,
  token: string,
  accountId: string,
): Promise<void> {
  const path = `/api/v1/monitoring-jobs/execute-for-client/${accountId}`;
  const answer = await fetch(`${apiUrl}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) {
    throw new Error(
      `POST ${path} answered ${answer.status}: ${await answer.text()}`,
    );
  }
}
