import {
  type ChildProcess,
  spawn,
  type SpawnOptions,
} from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const startLimitMs = 60_000;

/** A server of the benchmark's own, which keeps nothing. */
export interface Server<T> {
  readonly at: T;
  /** Ends it. */
  readonly stop: () => Promise<void>;
}

interface Program {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly options?: Pick<SpawnOptions, "uid" | "gid" | "env" | "cwd">;
  readonly logFile: string;
  /** With what it ends at once, and its own children with it. */
  readonly ending: NodeJS.Signals;
}

/** Starts a program and resolves once `isUp`; it ends with `stop` or with this process. */
export async function startServer(
  program: Program,
  isUp: () => Promise<boolean>,
): Promise<() => Promise<void>> {
  const { name, file, args, options, logFile, ending } = program;
  await mkdir(dirname(logFile), { recursive: true });
  const child = spawn(file, args, {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const gone = toEnd(child);
  const kill = () => void child.kill(ending);
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    kill();
    await gone;
  };
  const deadline = Date.now() + startLimitMs;
  while (child.exitCode === null && Date.now() < deadline) {
    if (await isUp().catch(() => false)) return stop;
    await delay(100);
  }
  await stop();
  throw new Error(`${name} did not start: see ${logFile}.`);
}

async function toEnd(child: ChildProcess): Promise<void> {
  return new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
}
