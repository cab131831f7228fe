import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format } from "prettier";
import { z } from "zod";
import { demoPassword } from "./demoPeople.ts";
import { startEmulators } from "./emulators.ts";
import { writeConfig } from "./functionsFolder.ts";
import { cacheFolder, emulatorData } from "./places.ts";
import { freePorts } from "./ports.ts";
import { writeDemo } from "./writeDemo.ts";

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
    const { documents, people } = await writeDemo(projectId, ports);
    console.log(`Wrote ${documents} documents and ${people} people.`);
  } finally {
    await emulators.stop();
  }
  await settleAccounts(join(emulatorData, "auth_export", "accounts.json"));
  console.log(`Exported to ${emulatorData}.`);
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
