import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format } from "prettier";
import { measureColdStarts } from "./bench/coldStart.ts";
import { measureConsole, measurePropagation } from "./bench/console.ts";
import { measureLatency } from "./bench/latency.ts";
import { measureMinute } from "./bench/minute.ts";
import { countOperations } from "./bench/operations.ts";
import { measurePeers } from "./bench/peers/peers.ts";
import { type Figure, report, summary } from "./bench/report.ts";
import { readEnvironment } from "./environment.ts";
import { startFirestoreAlone } from "./firestoreAlone.ts";
import { cacheFolder, root } from "./places.ts";
import { freePorts } from "./ports.ts";
import { startSuite, type Suite } from "./suite.ts";

const results = join(root, "dev/bench/results.md");
const interrupted = new AbortController();

const figures = {
  P1: () => onSuite(measureLatency),
  P2: () => onSuite(measurePropagation),
  P3: () => onFirestore(measureColdStarts),
  P4: () => onFirestore(countOperations),
  P5: () => onFirestore(measureMinute),
  P7: () => onSuite(measureConsole),
} as const satisfies Record<string, () => Promise<Figure>>;

/** Measured only by name: they need what the product does not. */
const asides = {
  peers: () => onFirestore(measurePeers),
} as const satisfies Record<string, () => Promise<Figure>>;

/** Measures the figures that are named, or all but the asides; only the results of all are kept. Returns the exit code. */
async function main(): Promise<number> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      interrupted.abort();
      if (signal !== "SIGINT") process.exit(1);
    });
  const wanted = process.argv.slice(2);
  const came: Figure[] = [];
  const chosen =
    wanted.length === 0
      ? Object.entries(figures)
      : Object.entries({ ...figures, ...asides }).filter(([name]) =>
          wanted.includes(name),
        );
  for (const [name, measure] of chosen) {
    const figure = await measure();
    came.push(figure);
    console.log(`\n${name}\n${figure.details.join("\n\n")}`);
  }
  console.log(`\n${summary(came)}`);
  if (wanted.length === 0) {
    const text = report(came, new Date());
    await writeFile(results, await format(text, { parser: "markdown" }));
  }
  return came.every(({ holds }) => holds) ? 0 : 1;
}

/** With an emulator of its own, or the one of FIRESTORE_EMULATOR_HOST. */
async function onFirestore(measure: () => Promise<Figure>): Promise<Figure> {
  if (process.env["FIRESTORE_EMULATOR_HOST"] !== undefined) return measure();
  const alone = await startFirestoreAlone({ heapMb: 4_000 });
  process.env["FIRESTORE_EMULATOR_HOST"] = alone.host;
  try {
    return await measure();
  } finally {
    delete process.env["FIRESTORE_EMULATOR_HOST"];
    await alone.stop();
  }
}

async function onSuite(
  measure: (suite: Suite) => Promise<Figure>,
): Promise<Figure> {
  const suite = await startSuite({
    projectId: "demo-clientpulse",
    ports: await freePorts(),
    folder: join(cacheFolder, "bench-suite"),
    env: await readEnvironment(),
    entry: join(root, "dev/bench/bareEntry.ts"),
    demo: "written",
    tickMs: 60_000,
    unwanted: interrupted.signal,
    onPhase: (phase, ms) => {
      console.log(`${phase} in ${(ms / 1000).toFixed(1)} s`);
    },
  });
  try {
    return await measure(suite);
  } finally {
    await suite.stop();
    delete process.env["FIRESTORE_EMULATOR_HOST"];
    delete process.env["PUBSUB_EMULATOR_HOST"];
  }
}

process.exit(
  await main().catch((error: unknown) => {
    console.error(error);
    return 1;
  }),
);
