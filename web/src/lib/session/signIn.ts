import { FirebaseError } from "firebase/app";
import {
  type Auth,
  browserPopupRedirectResolver,
  GoogleAuthProvider,
  isSignInWithEmailLink,
  sendPasswordResetEmail,
  sendSignInLinkToEmail,
  signInWithEmailAndPassword,
  signInWithEmailLink,
  signInWithPopup,
} from "firebase/auth";

export type { Auth };

/** Signs in by e-mail and password. Throws what `signInFailure` explains. */
export async function signInByPassword(
  auth: Auth,
  email: string,
  password: string,
): Promise<void> {
  await signInWithEmailAndPassword(auth, email, password);
}

/** Signs in by Google, in a window of its own. Throws what `signInFailure` explains. */
export async function signInByGoogle(auth: Auth): Promise<void> {
  await signInWithPopup(
    auth,
    new GoogleAuthProvider(),
    browserPopupRedirectResolver,
  );
}

/** Where the e-mail address is kept until its link is opened. */
const waiting = "clientpulse.signInLink";

/** Sends a link that signs in whoever opens it, new or known; opening it proves the address. */
export async function sendLink(auth: Auth, email: string): Promise<void> {
  const url = `${location.origin}${location.pathname}`;
  await sendSignInLinkToEmail(auth, email, { url, handleCodeInApp: true });
  localStorage.setItem(waiting, email);
}

/** Whether this page was opened by such a link. */
export function isOpenedByLink(auth: Auth): boolean {
  return isSignInWithEmailLink(auth, location.href);
}

/** The address to which a link was sent from this browser; null where it was another browser. */
export function linkAddress(): string | null {
  return localStorage.getItem(waiting);
}

/** Signs in by the link that opened this page, which works once. Throws what `signInFailure` explains. */
export async function signInByLink(auth: Auth, email: string): Promise<void> {
  try {
    await signInWithEmailLink(auth, email, location.href);
  } catch (error) {
    // Firebase says this where the link was sent to another address.
    if (errorCode(error) !== "auth/invalid-email") throw error;
    throw new FirebaseError("auth/invalid-action-code", "another address");
  } finally {
    history.replaceState(null, "", location.pathname);
  }
  localStorage.removeItem(waiting);
}

/** Sends a link for a new password; does not reveal whether the address is known. */
export async function sendReset(auth: Auth, email: string): Promise<void> {
  await sendPasswordResetEmail(auth, email).catch((error: unknown) => {
    if (errorCode(error) !== "auth/user-not-found") throw error;
  });
}

/** Why a sign-in failed. */
export function signInFailure(
  error: unknown,
):
  | "tooMany"
  | "unreachable"
  | "popup"
  | "wrong"
  | "linkOver"
  | "noAddress"
  | "notEnabled" {
  const code = errorCode(error);
  if (code === "auth/too-many-requests") return "tooMany";
  if (code.includes("popup")) return "popup";
  if (code.includes("action-code")) return "linkOver";
  if (code === "auth/invalid-email" || code === "auth/missing-email")
    return "noAddress";
  if (code === "auth/operation-not-allowed") return "notEnabled";
  if (code === "auth/network-request-failed" || code === "")
    return "unreachable";
  return "wrong";
}

function errorCode(error: unknown): string {
  return error instanceof FirebaseError ? error.code : "";
}
