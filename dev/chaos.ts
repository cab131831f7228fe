import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Part, parseParts, toTitle } from "./chaos/parts.ts";
import { printTable } from "./chaos/table.ts";
import { Played } from "./chaos/played.ts";
import { readEnvironment } from "./environment.ts";
import { startFirestoreAlone } from "./firestoreAlone.ts";
import { root } from "./places.ts";

const startedAt = performance.now();
const workers = new Set<ChildProcess>();

/** Plays R1 to R6 at the size that is promised, or the parts that the arguments name, prints what was reached, and returns the exit code. */
async function main(): Promise<number> {
  const parts = parseParts(process.argv.slice(2));
  const firestore = await startFirestoreAlone({
    env: await readEnvironment(),
    heapMb: 6_000,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => {
      for (const worker of workers) worker.kill("SIGKILL");
      void firestore.stop().then(() => process.exit(130));
    });
  say(`Firestore emulator at ${firestore.host}; ${parts.length} parts`);
  const waiting = [...parts];
  const played: Played[] = [];
  // Half of the time each of them waits for the database.
  const width = Math.min(availableParallelism() + 1, parts.length);
  try {
    await Promise.all(
      Array.from({ length: width }, async () => {
        for (let part = waiting.shift(); part; part = waiting.shift())
          played.push(await playApart(part, firestore.host));
      }),
    );
  } finally {
    await firestore.stop();
  }
  return printTable(played) ? 0 : 1;
}

/** Plays a part in a process of its own; one that dies has failed. */
async function playApart(part: Part, host: string): Promise<Played> {
  const title = toTitle(part);
  const began = performance.now();
  const elapsed = () => `${((performance.now() - began) / 1000).toFixed(0)} s`;
  const stillRuns = setInterval(() => {
    say(`${title} … ${elapsed()}`);
  }, 60_000);
  const worker = fork(join(root, "dev/chaos/worker.ts"), {
    cwd: root,
    execArgv: ["--import", "tsx"],
    env: { ...process.env, FIRESTORE_EMULATOR_HOST: host },
  });
  workers.add(worker);
  try {
    const played = await new Promise<Played>((resolve) => {
      worker.once("message", (message) => {
        resolve(Played.parse(message));
      });
      worker.once("exit", (code, signal) => {
        const died = `${title} ended before its time (${signal ?? code}).`;
        resolve({ figures: [], told: "", failures: [died] });
      });
      worker.send(part);
    });
    say(`${title}: ${elapsed()}\n           ${played.told}`);
    for (const failure of played.failures) console.log(failure);
    return played;
  } finally {
    clearInterval(stillRuns);
    workers.delete(worker);
    worker.kill("SIGKILL");
  }
}

function say(line: string): void {
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${seconds.toFixed(0).padStart(6)} s  ${line}`);
}

process.exit(
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }),
);
