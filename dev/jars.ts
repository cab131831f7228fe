import { existsSync } from "node:fs";
import {
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  writeFile,
} from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { z } from "zod";
import { cacheFolder, root } from "./places.ts";

/** An emulator's program. */
export interface Jar {
  /** Where it comes from, in words. */
  readonly from: string;
  /** Its file; null before the download. */
  readonly path: string | null;
  /** What to tell firebase-tools of it. */
  readonly env: NodeJS.ProcessEnv;
  /** A folder with the `java` that starts it, to be found before any other; null where any Java starts it. */
  readonly bin: string | null;
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
    (await findFirestoreJar(sdk)) ??
    toDownload;
  const pubsub =
    explicit(env, "PUBSUB_EMULATOR_BINARY_PATH") ??
    inCache(join(cache, cached.pubsub.binaryPathRelativeToCacheDir)) ??
    (await findPubsubJar(sdk)) ??
    toDownload;
  return { firestore, pubsub };
}

const toDownload: Jar = {
  from: "downloaded by firebase-tools",
  path: null,
  env: {},
  bin: null,
};

function explicit(env: NodeJS.ProcessEnv, name: string): Jar | null {
  const path = env[name];
  if (path === undefined || path === "") return null;
  if (!existsSync(path))
    throw new Error(`${name} names ${path}, which is not there.`);
  return { from: name, path, env: { [name]: path }, bin: null };
}

function inCache(path: string): Jar | null {
  return existsSync(path)
    ? { from: "firebase-tools' cache", path, env: {}, bin: null }
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

/** firebase-tools runs `java -jar <path>`, and the Cloud CLI's jar names no main class: a `java` of ours does. */
async function findFirestoreJar(sdk: string | null): Promise<Jar | null> {
  if (sdk === null) return null;
  const jar = join(
    sdk,
    "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar",
  );
  if (!existsSync(jar)) return null;
  const bin = join(cacheFolder, "bin");
  await writeScript(join(bin, "java"), firestoreJava(jar));
  return {
    from: "the Google Cloud CLI",
    path: jar,
    env: { FIRESTORE_EMULATOR_BINARY_PATH: jar },
    bin,
  };
}

/** JAVA_HOME's `java`, with the main class for this jar; any other command as it is. */
function firestoreJava(jar: string): string {
  return `
jar=${quote(jar)}
case " $* " in *" -jar $jar "*)
  for argument do
    shift
    case $argument in
      -jar) set -- "$@" -cp ;;
      "$jar") set -- "$@" "$jar" com.google.cloud.datastore.emulator.firestore.CloudFirestore ;;
      *) set -- "$@" "$argument" ;;
    esac
  done
esac
exec "$JAVA_HOME/bin/java" "$@"
`;
}

/** firebase-tools runs a program, so it gets a script of ours that becomes Java, and nothing is left when that ends. */
async function findPubsubJar(sdk: string | null): Promise<Jar | null> {
  if (sdk === null) return null;
  const lib = join(sdk, "platform/pubsub-emulator/lib");
  const names = await readdir(lib).catch(() => []);
  const jar = names.find((name) =>
    /^cloud-pubsub-emulator-.*\.jar$/.test(name),
  );
  if (jar === undefined) return null;
  const script = join(cacheFolder, "pubsub");
  await writeScript(script, `exec java -jar ${quote(join(lib, jar))} "$@"\n`);
  return {
    from: "the Google Cloud CLI",
    path: script,
    env: { PUBSUB_EMULATOR_BINARY_PATH: script },
    bin: null,
  };
}

/** Whole at once: another suite may be running the one from before. */
async function writeScript(path: string, commands: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `#!/bin/sh\n${commands}`, { mode: 0o755 });
  await rename(draft, path);
}

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
