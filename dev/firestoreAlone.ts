import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findJars, type Jar } from "./jars.ts";
import { findJava, withJava } from "./java.ts";
import { cacheFolder, root } from "./places.ts";
import { freePorts } from "./ports.ts";

/** A Firestore emulator with nothing beside it. */
export interface FirestoreAlone {
  /** For FIRESTORE_EMULATOR_HOST. */
  readonly host: string;
  /** Ends it; the same call again waits for the first one. */
  readonly stop: () => Promise<void>;
}

const startLimitMs = 60_000;

/**
 * Starts a Firestore emulator on a free port, in about two seconds, and resolves once it answers.
 * It ends with `stop`, with Ctrl-C, or with `process.exit`, to which the caller turns any other signal;
 * `heapMb` is how much it may keep in memory.
 */
export async function startFirestoreAlone({
  env = process.env,
  heapMb = 3_000,
}: {
  readonly env?: NodeJS.ProcessEnv;
  readonly heapMb?: number;
} = {}): Promise<FirestoreAlone> {
  const java = await findJava(env);
  const { path, bin } = await firestoreJar(env);
  const { firestore: port } = await freePorts();
  const logFile = join(cacheFolder, `firestore-${port}.log`);
  await mkdir(cacheFolder, { recursive: true });
  const child = spawn(
    join(bin ?? join(java.home, "bin"), "java"),
    [`-Xmx${heapMb}m`, "-jar", path, "--host=127.0.0.1", `--port=${port}`],
    { stdio: ["ignore", "pipe", "pipe"], env: withJava(env, java, bin) },
  );
  const log = createWriteStream(logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  // What it keeps is thrown away with it: it need not end politely.
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    kill();
    await gone;
  };
  if (!(await answers(`http://127.0.0.1:${port}/`, gone))) {
    await stop();
    throw new Error(`The Firestore emulator did not start: see ${logFile}.`);
  }
  return { host: `127.0.0.1:${port}`, stop };
}

/** The emulator, downloaded by firebase-tools where it is nowhere yet. */
async function firestoreJar(
  env: NodeJS.ProcessEnv,
): Promise<Jar & { readonly path: string }> {
  const { firestore } = await findJars(env);
  if (isPresent(firestore)) return firestore;
  const firebase = join(
    root,
    "node_modules/firebase-tools/lib/bin/firebase.js",
  );
  const download = spawn(
    process.execPath,
    [firebase, "setup:emulators:firestore"],
    { stdio: "inherit", env: { ...env, CI: "true" } },
  );
  await new Promise<void>((resolve) => {
    download.once("exit", () => resolve());
  });
  const { firestore: downloaded } = await findJars(env);
  if (isPresent(downloaded)) return downloaded;
  throw new Error("The Firestore emulator could not be downloaded.");
}

function isPresent(jar: Jar): jar is Jar & { readonly path: string } {
  return jar.path !== null;
}

/** Whether the server answers in time and before it ends. */
async function answers(url: string, gone: Promise<void>): Promise<boolean> {
  const ended = new AbortController();
  void gone.then(() => ended.abort());
  const deadline = Date.now() + startLimitMs;
  while (!ended.signal.aborted && Date.now() < deadline) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok === true) return true;
    await delay(100);
  }
  return false;
}
