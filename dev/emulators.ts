import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { findJars } from "./jars.ts";
import { findJava, withJava } from "./java.ts";
import { root } from "./places.ts";
import {
  findDescendants,
  isRunning,
  type Process,
  signalIfSame,
} from "./processes.ts";

/** Which emulators to start, on what, and with what environment. */
export interface EmulatorOptions {
  readonly projectId: string;
  /** Holds firebase.json; logs are written here too. */
  readonly folder: string;
  readonly only: readonly string[];
  readonly importFrom: string | null;
  readonly exportTo: string | null;
  readonly env: NodeJS.ProcessEnv;
  /** Gives up a start that is no longer wanted. */
  readonly unwanted?: AbortSignal;
}

/** A running emulator suite. */
export interface Emulators {
  /** The process of the firebase command line tool; everything else is below it. */
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the suite has ended, with the last lines that it printed. */
  readonly ended: Promise<readonly string[]>;
  /** In words, where Java and the emulators come from. */
  readonly origin: string;
  /** Ends the suite and what it started, and nothing else. */
  readonly stop: () => Promise<void>;
}

const startLimitMs = 240_000;
const politeStopMs = 20_000;

/** Starts the emulators and resolves once all are ready; throws the last lines of their output where they are not. */
export async function startEmulators(
  options: EmulatorOptions,
): Promise<Emulators> {
  const java = await findJava(options.env);
  const jars = await findJars(options.env);
  await mkdir(options.folder, { recursive: true });
  const env = {
    ...withJava(quiet(options), java, jars.firestore.bin),
    ...jars.firestore.env,
    ...jars.pubsub.env,
  };
  // A process group of its own, so that Ctrl-C reaches it once, through stop().
  const child = spawn(process.execPath, firebaseArguments(options), {
    cwd: options.folder,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { pid } = child;
  if (pid === undefined)
    throw new Error("firebase-tools could not be started.");
  const output = follow(child.stdout, child.stderr, options.folder);
  const ended = new Promise<readonly string[]>((resolve) => {
    child.once("exit", () => {
      resolve(output.lastLines);
    });
  });
  const failure = await failureToStart(output.ready, ended, options.unwanted);
  // The servers of Firestore and Pub/Sub have process groups of their own.
  const servers = (await findDescendants(pid)).filter(({ command }) =>
    command.includes("java"),
  );
  const stop = once(() => stopSuite(pid, servers, ended));
  if (failure !== null) {
    await stop();
    throw new Error(`The emulators did not start:\n${failure}`);
  }
  return {
    pid,
    logFile: output.logFile,
    ended,
    origin: `Java ${java.major} from ${java.home}; Firestore emulator: ${jars.firestore.from}; Pub/Sub emulator: ${jars.pubsub.from}`,
    stop,
  };
}

function firebaseArguments(options: EmulatorOptions): readonly string[] {
  const { projectId, folder, only, importFrom, exportTo } = options;
  return [
    join(root, "node_modules/firebase-tools/lib/bin/firebase.js"),
    "emulators:start",
    `--project=${projectId}`,
    `--config=${join(folder, "firebase.json")}`,
    `--only=${only.join(",")}`,
    ...(importFrom === null ? [] : [`--import=${importFrom}`]),
    ...(exportTo === null ? [] : [`--export-on-exit=${exportTo}`]),
  ];
}

/** No look-up of cloud metadata, no message of the day, nothing kept in the person's own configuration. */
function quiet({ env, folder }: EmulatorOptions): NodeJS.ProcessEnv {
  return {
    // A worker runs one delivery at a time and is kept. Without a bound a burst starts fifty of them;
    // with more than there are cores they only keep each other from starting.
    FUNCTIONS_EMULATOR_PARALLEL: String(Math.max(2, availableParallelism())),
    ...env,
    METADATA_SERVER_DETECTION: "none",
    XDG_CONFIG_HOME: join(folder, "config"),
    CI: "true",
    NO_UPDATE_NOTIFIER: "1",
    NO_COLOR: "1",
  };
}

interface Output {
  readonly logFile: string;
  readonly lastLines: readonly string[];
  readonly ready: Promise<void>;
}

function follow(
  stdout: NodeJS.ReadableStream,
  stderr: NodeJS.ReadableStream,
  folder: string,
): Output {
  const logFile = join(folder, "suite.log");
  const log = createWriteStream(logFile);
  const lastLines: string[] = [];
  const ready = new Promise<void>((resolve) => {
    for (const stream of [stdout, stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        log.write(`${new Date().toISOString()} ${line}\n`);
        lastLines.push(line);
        if (lastLines.length > 30) lastLines.shift();
        if (line.includes("All emulators ready")) resolve();
      });
    }
  });
  return { logFile, lastLines, ready };
}

/** Why the suite is not ready, in its own words; null once it is. */
async function failureToStart(
  ready: Promise<void>,
  ended: Promise<readonly string[]>,
  unwanted: AbortSignal = new AbortController().signal,
): Promise<string | null> {
  const limit = new AbortController();
  const failure = await Promise.race([
    ready.then(() => null),
    ended.then((lastLines) => lastLines.join("\n")),
    after(startLimitMs, AbortSignal.any([limit.signal, unwanted])).then(() =>
      unwanted.aborted
        ? "interrupted"
        : `not ready within ${startLimitMs / 1000} s`,
    ),
  ]);
  limit.abort();
  return failure;
}

/** The same call again waits for the first one. */
function once(act: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => (running ??= act());
}

/**
 * Pub/Sub goes first: where firebase-tools fails to end it in time, it ends every Pub/Sub
 * emulator of the machine. Then the suite, politely; then whatever is left of it.
 */
async function stopSuite(
  pid: number,
  servers: readonly Process[],
  ended: Promise<unknown>,
): Promise<void> {
  const pubsub = servers.filter(({ command }) => command.includes("pubsub"));
  for (const server of pubsub) await signalIfSame(server, "SIGINT");
  await Promise.race([ended, untilGone(pubsub)]);
  signalTo(pid, "SIGINT");
  const limit = new AbortController();
  await Promise.race([ended, after(politeStopMs, limit.signal)]);
  limit.abort();
  signalTo(-pid, "SIGKILL");
  for (const server of servers) await signalIfSame(server, "SIGKILL");
  await ended;
}

async function untilGone(processes: readonly Process[]): Promise<void> {
  const deadline = Date.now() + 5_000;
  for (const process_ of processes) {
    while ((await isRunning(process_)) && Date.now() < deadline) {
      await after(50);
    }
  }
}

/** To a process, or with a negative number to its group; nothing where it has ended. */
function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between, which is what was wanted.
  }
}

/** Resolves after so many milliseconds, or at once when no longer waited for. */
async function after(ms: number, unwanted?: AbortSignal): Promise<void> {
  await delay(
    ms,
    undefined,
    unwanted === undefined ? {} : { signal: unwanted },
  ).catch(() => undefined);
}
