import { existsSync } from "node:fs";
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  realpath,
  writeFile,
} from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { launcherJar } from "./jarFile.ts";
import { cacheFolder, root } from "./places.ts";

/** Where an emulator's program comes from, in words, which file it is (null before the download), and what to tell firebase-tools of it. */
export interface Jar {
  readonly from: string;
  readonly path: string | null;
  readonly env: NodeJS.ProcessEnv;
}

const CachedPaths = z.object({
  firestore: z.object({ downloadPathRelativeToCacheDir: z.string() }),
  pubsub: z.object({ binaryPathRelativeToCacheDir: z.string() }),
});

/**
 * The Firestore and Pub/Sub emulators: an explicit path wins; else what firebase-tools has
 * in its cache; else what an installed Google Cloud CLI brought; else firebase-tools downloads them.
 */
export async function findJars(
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly firestore: Jar; readonly pubsub: Jar }> {
  const cache =
    env["FIREBASE_EMULATORS_PATH"] ??
    join(homedir(), ".cache", "firebase", "emulators");
  const cached = await cachedPaths();
  const sdk = await cloudSdk(env);
  const firestore =
    explicit(env, "FIRESTORE_EMULATOR_BINARY_PATH") ??
    inCache(join(cache, cached.firestore.downloadPathRelativeToCacheDir)) ??
    (await firestoreOf(sdk)) ??
    toDownload;
  const pubsub =
    explicit(env, "PUBSUB_EMULATOR_BINARY_PATH") ??
    inCache(join(cache, cached.pubsub.binaryPathRelativeToCacheDir)) ??
    (await pubsubOf(sdk)) ??
    toDownload;
  return { firestore, pubsub };
}

const toDownload: Jar = {
  from: "downloaded by firebase-tools",
  path: null,
  env: {},
};

function explicit(env: NodeJS.ProcessEnv, name: string): Jar | null {
  const path = env[name];
  if (path === undefined || path === "") return null;
  if (!existsSync(path))
    throw new Error(`${name} names ${path}, which is not there.`);
  return { from: name, path, env: { [name]: path } };
}

function inCache(path: string): Jar | null {
  return existsSync(path)
    ? { from: "firebase-tools' cache", path, env: {} }
    : null;
}

async function cachedPaths(): Promise<z.infer<typeof CachedPaths>> {
  const info = join(
    root,
    "node_modules/firebase-tools/lib/emulator/downloadableEmulatorInfo.json",
  );
  return CachedPaths.parse(JSON.parse(await readFile(info, "utf8")));
}

/** The folder of an installed Google Cloud CLI: two above the `gcloud` that is on the PATH. */
async function cloudSdk(env: NodeJS.ProcessEnv): Promise<string | null> {
  if (process.platform === "win32") return null;
  for (const folder of (env["PATH"] ?? "").split(delimiter)) {
    const gcloud = join(folder, "gcloud");
    if (!existsSync(gcloud)) continue;
    const sdk = dirname(dirname(await realpath(gcloud)));
    if (existsSync(join(sdk, "platform"))) return sdk;
  }
  return null;
}

/** firebase-tools runs `java -jar <path>`, and the Cloud CLI's jar names no main class: a jar in front of it does. */
async function firestoreOf(sdk: string | null): Promise<Jar | null> {
  if (sdk === null) return null;
  const jar = join(
    sdk,
    "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar",
  );
  if (!existsSync(jar)) return null;
  const launcher = join(cacheFolder, "firestore-launcher.jar");
  await mkdir(cacheFolder, { recursive: true });
  await writeFile(
    launcher,
    launcherJar(
      "com.google.cloud.datastore.emulator.firestore.CloudFirestore",
      [pathToFileURL(jar).href],
    ),
  );
  return {
    from: "the Google Cloud CLI",
    path: launcher,
    env: { FIRESTORE_EMULATOR_BINARY_PATH: launcher },
  };
}

/** firebase-tools makes what it runs executable, so it gets a script of ours that becomes Java, and nothing is left when that ends. */
async function pubsubOf(sdk: string | null): Promise<Jar | null> {
  if (sdk === null) return null;
  const lib = join(sdk, "platform/pubsub-emulator/lib");
  const names = await readdir(lib).catch(() => []);
  const jar = names.find((name) =>
    /^cloud-pubsub-emulator-.*\.jar$/.test(name),
  );
  if (jar === undefined) return null;
  const script = join(cacheFolder, "pubsub");
  await mkdir(cacheFolder, { recursive: true });
  await writeFile(
    script,
    `#!/bin/sh\nexec java -jar ${quoted(join(lib, jar))} "$@"\n`,
  );
  await chmod(script, 0o755);
  return {
    from: "the Google Cloud CLI",
    path: script,
    env: { PUBSUB_EMULATOR_BINARY_PATH: script },
  };
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
