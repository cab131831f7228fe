import { parseArgs } from "node:util";
import { deleteApp, initializeApp } from "firebase-admin/app";
import { getAuth } from "firebase-admin/auth";
import { getFirestore } from "firebase-admin/firestore";
import { firestoreStore } from "../functions/src/adapters/firestore/store.ts";
import { firebasePeople } from "../functions/src/adapters/google/people.ts";
import { createTenant } from "./createTenant.ts";
import { readEnvironment } from "./environment.ts";
import { portsFrom } from "./ports.ts";
import { firebaseAccounts } from "./signInAccounts.ts";

const usage = `npm run admin -- create-tenant --id acme --name "Acme" --admin ada@acme.example [--project <id>] [--emulator]

Makes a tenant with the default settings and its first administrator.
  --project   the Firebase project; else GOOGLE_CLOUD_PROJECT. Its credentials are the application default ones
              (gcloud auth application-default login).
  --emulator  the emulators of a running \`npm start\`. Also where FIRESTORE_EMULATOR_HOST and
              FIREBASE_AUTH_EMULATOR_HOST are set.`;

/** Does what an operator asks for by hand; returns the exit code. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      id: { type: "string" },
      name: { type: "string" },
      admin: { type: "string" },
      project: { type: "string" },
      emulator: { type: "boolean", default: false },
    },
  });
  const { id, name, admin } = values;
  const isKnown = positionals.join(" ") === "create-tenant";
  if (!isKnown || id === undefined || name === undefined || !admin) {
    console.error(usage);
    return 1;
  }
  if (values.emulator) await chooseEmulators();
  const authHost = process.env["FIREBASE_AUTH_EMULATOR_HOST"];
  const firestoreHost = process.env["FIRESTORE_EMULATOR_HOST"];
  if ((authHost === undefined) !== (firestoreHost === undefined))
    throw new Error(
      "Only one of FIRESTORE_EMULATOR_HOST and FIREBASE_AUTH_EMULATOR_HOST is set: half of the tenant would be made elsewhere.",
    );
  const isLocal = authHost !== undefined;
  const projectId =
    values.project ??
    process.env["GOOGLE_CLOUD_PROJECT"] ??
    (isLocal ? "demo-clientpulse" : undefined);
  if (projectId === undefined)
    throw new Error("Name the Firebase project by --project.");

  const app = initializeApp({ projectId });
  try {
    const uid = await createTenant(
      // What is made on emulators activates into stand-ins, and says so on each document.
      { id, name, admin, provenance: isLocal ? "mock" : "live" },
      {
        store: firestoreStore(getFirestore(app)),
        people: firebasePeople(() => Promise.resolve(getAuth(app))),
        accounts: firebaseAccounts(getAuth(app)),
        now: () => new Date(),
      },
    );
    console.log(whatNext({ id, name, admin, uid, projectId, authHost }));
    return 0;
  } finally {
    await deleteApp(app);
  }
}

/** Where a running \`npm start\` has its emulators, by the same settings. */
async function chooseEmulators(): Promise<void> {
  const ports = portsFrom(await readEnvironment());
  process.env["FIRESTORE_EMULATOR_HOST"] ??= `127.0.0.1:${ports.firestore}`;
  process.env["FIREBASE_AUTH_EMULATOR_HOST"] ??= `127.0.0.1:${ports.auth}`;
}

interface Made {
  readonly id: string;
  readonly name: string;
  readonly admin: string;
  readonly uid: string;
  readonly projectId: string;
  readonly authHost: string | undefined;
}

function whatNext(made: Made): string {
  const { id, name, admin, uid, projectId, authHost } = made;
  const identity = JSON.stringify({
    sub: uid,
    email: admin,
    email_verified: true,
  });
  const postBody = `providerId=google.com&id_token=${encodeURIComponent(identity)}`;
  const request = JSON.stringify({
    postBody,
    requestUri: "http://localhost",
    returnSecureToken: true,
  });
  const signIn =
    authHost === undefined
      ? [`  1. ${admin} signs in with Google.`]
      : [
          "  1. A token, as if they had signed in with Google; it is the idToken of the answer:",
          `     curl -sS 'http://${authHost}/identitytoolkit.googleapis.com/v1/accounts:signInWithIdp?key=demo' -H 'Content-Type: application/json' -d '${request}'`,
        ];
  return [
    `The tenant "${id}" (${name}) is made in ${projectId}; ${admin} (${uid}) is its administrator.`,
    "",
    "What to do next",
    ...signIn,
    "  2. POST /api/v1/invitations invites the others,",
    "     POST /api/v1/accounts says whom to watch, and where: its first look is due at once,",
    "     PATCH /api/v1/tenant sets thresholds, half-lives and weights.",
    "     GET /api/v1/me says who one is; /api/openapi.json describes all of it.",
  ].join("\n");
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
