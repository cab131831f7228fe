import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readEnvironment } from "./environment.ts";
import { cacheFolder, root } from "./places.ts";
import { freePorts } from "./ports.ts";
import { startSuite, type Suite } from "./suite.ts";
import { SuiteFacts } from "./suiteFacts.ts";

const folder = join(cacheFolder, "test");
const queryShapes = join(folder, "query-shapes");
const results = join(folder, "vitest.json");
const interrupted = new AbortController();

const Results = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
});

/** Starts one suite, runs vitest against it with the arguments given here, then checks the indexes; returns the exit code. */
async function main(): Promise<number> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      interrupted.abort();
    });
  }
  await rm(queryShapes, { recursive: true, force: true });
  await rm(results, { force: true });
  await mkdir(queryShapes, { recursive: true });
  const suite = await startSuite({
    projectId: "demo-clientpulse",
    ports: await freePorts(),
    folder,
    // Tests are the same whatever keys a person has in .env.
    env: withoutKeys(await readEnvironment()),
    demo: "written",
    tickMs: 3_000,
    unwanted: interrupted.signal,
    onPhase: (phase, ms) => {
      console.log(`${phase} in ${(ms / 1000).toFixed(1)} s`);
    },
  });
  try {
    return await runTests(suite);
  } finally {
    await suite.stop();
  }
}

async function runTests(suite: Suite): Promise<number> {
  const args = process.argv.slice(2);
  const whole = args.length === 0;
  const tested = await run("node_modules/vitest/vitest.mjs", suite, [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${results}`,
    ...args,
  ]);
  // Which queries ran is known only after all tests have.
  const checks = join(root, "dev/checkIndexes.ts");
  const indexed =
    whole && tested === 0 && existsSync(checks)
      ? await run("--import=tsx", suite, [checks])
      : 0;
  await printTotals();
  return tested === 0 ? indexed : tested;
}

/** Runs Node below the checkout, told where the suite is. */
function run(
  program: string,
  suite: Suite,
  args: readonly string[],
): Promise<number> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      FIRESTORE_EMULATOR_HOST: suite.firestoreHost,
      FIREBASE_AUTH_EMULATOR_HOST: suite.authHost,
      CLIENTPULSE_SUITE: JSON.stringify(SuiteFacts.parse(suite)),
      QUERY_SHAPES_DIR: queryShapes,
      METADATA_SERVER_DETECTION: "none",
    },
  });
  interrupted.signal.addEventListener("abort", () => child.kill("SIGINT"));
  return new Promise((resolve) => {
    child.once("exit", (code) => {
      resolve(code ?? 1);
    });
  });
}

async function printTotals(): Promise<void> {
  const text = await readFile(results, "utf8").catch(() => null);
  if (text === null) return;
  const totals = Results.parse(JSON.parse(text));
  console.log(
    `${totals.numPassedTests} passed, ${totals.numFailedTests} failed`,
  );
}

const keys = /^(?:SOURCES|SEC_CONTACT|SALESFORCE_.*|HUBSPOT_.*|.*_API_KEY)$/;

function withoutKeys(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !keys.test(name)),
  );
}

process.exit(
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }),
);
