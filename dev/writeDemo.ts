import { deleteApp, initializeApp } from "firebase-admin/app";
import { getAuth } from "firebase-admin/auth";
import { getFirestore } from "firebase-admin/firestore";
import { demoPassword, demoPeople, demoTenantId } from "./demoPeople.ts";
import { demoDocuments } from "./demoTenant.ts";
import type { Ports } from "./ports.ts";

/** Writes the demo tenant's documents and people into running emulators; returns how many of each. */
export async function writeDemo(
  projectId: string,
  ports: Pick<Ports, "firestore" | "auth">,
): Promise<{ readonly documents: number; readonly people: number }> {
  process.env["FIRESTORE_EMULATOR_HOST"] = `127.0.0.1:${ports.firestore}`;
  process.env["FIREBASE_AUTH_EMULATOR_HOST"] = `127.0.0.1:${ports.auth}`;
  const documents = await writeDocuments(projectId);
  const people = await writePeople(projectId);
  return { documents, people };
}

async function writeDocuments(projectId: string): Promise<number> {
  const app = initializeApp({ projectId }, "documents");
  const firestore = getFirestore(app);
  const documents = demoDocuments();
  const batch = firestore.batch();
  for (const { path, data } of documents) batch.set(firestore.doc(path), data);
  await batch.commit();
  await deleteApp(app);
  return documents.length;
}

async function writePeople(projectId: string): Promise<number> {
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
