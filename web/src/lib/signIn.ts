import { FirebaseError } from "firebase/app";
import {
  type Auth,
  browserPopupRedirectResolver,
  GoogleAuthProvider,
  sendPasswordResetEmail,
  signInWithEmailAndPassword,
  signInWithPopup,
} from "firebase/auth";

export type { Auth };

/** Signs in by e-mail and password. Throws what `reasonOf` explains. */
export async function withPassword(
  auth: Auth,
  email: string,
  password: string,
): Promise<void> {
  await signInWithEmailAndPassword(auth, email, password);
}

/** Signs in by Google, in a window of its own. Throws what `reasonOf` explains. */
export async function withGoogle(auth: Auth): Promise<void> {
  await signInWithPopup(
    auth,
    new GoogleAuthProvider(),
    browserPopupRedirectResolver,
  );
}

/** Has a link for a new password sent. Whether the address is known is nobody's business. */
export async function sendReset(auth: Auth, email: string): Promise<void> {
  await sendPasswordResetEmail(auth, email).catch((error: unknown) => {
    if (codeOf(error) !== "auth/user-not-found") throw error;
  });
}

/** Why a sign-in did not work. */
export function reasonOf(
  error: unknown,
): "tooMany" | "unreachable" | "popup" | "wrong" {
  const code = codeOf(error);
  if (code === "auth/too-many-requests") return "tooMany";
  if (code.includes("popup")) return "popup";
  if (code === "auth/network-request-failed" || code === "")
    return "unreachable";
  return "wrong";
}

function codeOf(error: unknown): string {
  return error instanceof FirebaseError ? error.code : "";
}
