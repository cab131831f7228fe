import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deleteApp, initializeApp } from "firebase-admin/app";
import { getAuth } from "firebase-admin/auth";
import { getFirestore } from "firebase-admin/firestore";
import { format } from "prettier";
import { z } from "zod";
import { demoPassword, demoPeople, demoTenantId } from "./demoPeople.ts";
import { demoDocuments } from "./demoTenant.ts";
import { startEmulators } from "./emulators.ts";
import { writeConfig } from "./functionsFolder.ts";
import { cacheFolder, emulatorData } from "./places.ts";
import { freePorts } from "./ports.ts";

/** The project of `npm start`; its name says to every Google client that nothing behind it is real. */
const projectId = "demo-clientpulse";

/** Writes emulator-data anew: the demo tenant's documents and people, exported from fresh emulators. */
async function seed(): Promise<void> {
  const ports = await freePorts();
  const folder = join(cacheFolder, "seed");
  await writeConfig(folder, ports);
  await rm(emulatorData, { recursive: true, force: true });
  const emulators = await startEmulators({
    projectId,
    folder,
    only: ["firestore", "auth"],
    importFrom: null,
    exportTo: emulatorData,
    env: process.env,
  });
  try {
    process.env["FIRESTORE_EMULATOR_HOST"] = `127.0.0.1:${ports.firestore}`;
    process.env["FIREBASE_AUTH_EMULATOR_HOST"] = `127.0.0.1:${ports.auth}`;
    const documents = await writeDocuments();
    const people = await writePeople();
    console.log(`Wrote ${documents} documents and ${people} people.`);
  } finally {
    await emulators.stop();
  }
  await settleAccounts(join(emulatorData, "auth_export", "accounts.json"));
  console.log(`Exported to ${emulatorData}.`);
}

async function writeDocuments(): Promise<number> {
  const app = initializeApp({ projectId }, "documents");
  const firestore = getFirestore(app);
  const documents = demoDocuments();
  const batch = firestore.batch();
  for (const { path, data } of documents) batch.set(firestore.doc(path), data);
  await batch.commit();
  await deleteApp(app);
  return documents.length;
}

async function writePeople(): Promise<number> {
  const app = initializeApp({ projectId }, "people");
  const auth = getAuth(app);
  const people = Object.values(demoPeople);
  for (const { uid, email, name } of people) {
    await auth.createUser({
      uid,
      email,
      displayName: name,
      emailVerified: true,
      password: demoPassword,
    });
    await auth.setCustomUserClaims(uid, { tenants: [demoTenantId] });
  }
  await deleteApp(app);
  return people.length;
}

const Accounts = z.looseObject({
  users: z.array(z.looseObject({ localId: z.string() })),
});

/** The emulator draws a salt and stamps times for each person; fixed ones keep a second seeding without a difference. */
async function settleAccounts(file: string): Promise<void> {
  const accounts = Accounts.parse(JSON.parse(await readFile(file, "utf8")));
  const madeAt = Date.parse("2026-01-05T08:00:00.000Z");
  const users = accounts.users.map(({ localId, ...user }) => {
    const salt = `fakeSalt-${localId}`;
    return {
      localId,
      ...user,
      salt,
      passwordHash: `fakeHash:salt=${salt}:password=${demoPassword}`,
      createdAt: String(madeAt),
      lastLoginAt: String(madeAt),
      passwordUpdatedAt: madeAt,
      validSince: String(madeAt / 1000),
    };
  });
  users.sort((a, b) => a.localId.localeCompare(b.localId));
  const text = JSON.stringify({ ...accounts, users });
  await writeFile(file, await format(text, { parser: "json" }));
}

await seed();
