import { initializeApp } from "firebase/app";
import {
  type Auth,
  connectAuthEmulator,
  indexedDBLocalPersistence,
  initializeAuth,
} from "firebase/auth";
import {
  connectFirestoreEmulator,
  type Firestore,
  initializeFirestore,
} from "firebase/firestore";
import type { Settings } from "./settings.ts";

export interface Firebase {
  readonly auth: Auth;
  readonly firestore: Firestore;
}

/** The project's sign-in and database, or the emulators that stand in for them. */
export function connect({ firebase, emulators }: Settings): Firebase {
  const { projectId, apiKey, authDomain, appId } = firebase;
  const app = initializeApp({
    projectId,
    apiKey,
    ...(authDomain === undefined ? {} : { authDomain }),
    ...(appId === undefined ? {} : { appId }),
  });
  const auth = initializeAuth(app, { persistence: indexedDBLocalPersistence });
  const firestore = initializeFirestore(app, {});
  if (emulators !== undefined) {
    connectAuthEmulator(auth, emulators.auth, { disableWarnings: true });
    connectFirestoreEmulator(
      firestore,
      emulators.firestoreHost,
      emulators.firestorePort,
    );
  }
  return { auth, firestore };
}
