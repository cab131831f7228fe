import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Plugin } from "esbuild";
import { z } from "zod";
import { buildFunctions } from "../build.ts";
import { deleteApp, initializeApp } from "firebase-admin/app";
import { getFirestore } from "firebase-admin/firestore";
import { AccountId, TenantId } from "../../functions/src/domain/kernel/ids.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { newMessage } from "../../functions/src/domain/messages/message.ts";
import { firestoreStore } from "../../functions/src/adapters/firestore/store.ts";
import { create } from "../../functions/src/ports/store.ts";
import { demoTenantId } from "../demoPeople.ts";
import { demoAccounts, demoDocuments } from "../demoTenant.ts";
import { cacheFolder, recordingsDir, root } from "../places.ts";
import { startReplay } from "../standins/replay.ts";
import { type Figure, table } from "./report.ts";

const Alone = z.object({
  loadMs: z.number(),
  readyMs: z.number(),
  rssMb: z.number(),
  files: z.array(z.string()),
  bundled: z.array(z.string()),
  runs: z.number(),
  workedRssMb: z.number(),
});
type Alone = z.infer<typeof Alone>;

/** Has the bundle note the package of each of its modules that is run. */
const noted: Plugin = {
  name: "noted",
  setup: (bundling) => {
    bundling.onLoad(
      { filter: /node_modules\/.*\.[cm]?js$/, namespace: "file" },
      async ({ path }) => {
        const note = `(globalThis.bundledPackages ??= new Set()).add(${JSON.stringify(toPackage(path))});`;
        return {
          contents: `${note}\n${await readFile(path, "utf8")}`,
          loader: "js",
        };
      },
    );
  },
};

/** Bundles the functions as they are deployed, together with what runs one of them alone. */
export async function buildAlone(
  folder: string,
  notes: boolean,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  return buildFunctions(
    join(root, "dev/bench/aloneEntry.ts"),
    join(folder, notes ? "noted.cjs" : "alone.cjs"),
    notes ? [noted] : [],
  );
}

interface As {
  /** The function's name, as Cloud Run puts it in FUNCTION_TARGET. */
  readonly target: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What to work off, and how many at a time. */
  readonly work?: { readonly topic: string; readonly concurrency: number };
}

/** Runs one function in a process of its own. */
export async function runAlone(
  bundle: string,
  { target, env = {}, work }: As,
): Promise<Alone> {
  const args = work === undefined ? [] : [work.topic, String(work.concurrency)];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, "dev/bench/alone.mjs"), bundle, ...args],
    {
      cwd: root,
      maxBuffer: 64 * 2 ** 20,
      env: {
        PATH: process.env["PATH"],
        METADATA_SERVER_DETECTION: "none",
        GCLOUD_PROJECT: "demo-bench",
        ...env,
        FUNCTION_TARGET: target,
      },
    },
  );
  const last = stdout.trim().split("\n").at(-1) ?? "";
  return Alone.parse(JSON.parse(last));
}

/** The packages whose modules a process ran, in the bundle and outside it. */
export function findPackages({
  files,
  bundled,
}: Pick<Alone, "files" | "bundled">): ReadonlySet<string> {
  const outside = files
    .filter(
      (file) => file.includes("node_modules/") && !file.includes("/.cache/"),
    )
    .map(toPackage);
  return new Set([...outside, ...bundled]);
}

/** The names of all functions. */
export function functionNames(bundle: string): readonly string[] {
  const functions: unknown = createRequire(import.meta.url)(bundle);
  return Object.entries(z.record(z.string(), z.unknown()).parse(functions))
    .filter(([, value]) => typeof value === "function" && "__endpoint" in value)
    .map(([name]) => name);
}

function toPackage(path: string): string {
  const parts = path.slice(path.lastIndexOf("node_modules/") + 13).split("/");
  return parts.slice(0, parts[0]?.startsWith("@") === true ? 2 : 1).join("/");
}

/** What each function may need, as functions/src/index.ts asks for it, in MB. */
const memoryMb = (name: string) =>
  ["monitor", "monitorVendor", "ingest", "reembed"].includes(name) ? 512 : 256;

/** The functions on a signal's way, in its order, with their concurrency: each works off what the one before left. */
const onTheWay = [
  ["monitor", "account-due", 8],
  ["ingest", "signal-received", 8],
  ["embed", "signal-ingested", 8],
  ["assess", "account-assess", 8],
  ["discover", "signal-qualified", 8],
] as const;

const loads = 5;

/** P3: what a cold start of each function costs, and what it holds in memory while it works on recorded sources. */
export async function measureColdStarts(): Promise<Figure> {
  const folder = join(cacheFolder, "bench");
  const bundle = await buildAlone(folder, false);
  const notedBundle = await buildAlone(folder, true);
  const worked = await workOnRecordings(bundle);
  const names = functionNames(bundle);
  const plain = await buildPlain(folder);
  // In rounds, so that what else the machine does falls on all of them alike.
  const rounds: { ours: Map<string, Alone>; plain: Map<string, Alone> }[] = [];
  for (let i = 0; i < loads; i++) {
    const round = { ours: new Map(), plain: new Map() };
    for (const name of names)
      round.ours.set(name, await runAlone(bundle, { target: name }));
    for (const [kind, path] of plain)
      round.plain.set(kind, await runAlone(path, { target: "plain" }));
    rounds.push(round);
  }
  const lines: Line[] = [];
  for (const name of names) {
    const runs = rounds.flatMap((round) => round.ours.get(name) ?? []);
    const least = rounds.flatMap(
      (round) => round.plain.get(triggerOf(name)) ?? [],
    );
    const all = await runAlone(notedBundle, { target: name });
    const packages = findPackages(all).size;
    lines.push(
      toLine(name, { runs, least }, { work: worked.get(name), packages }),
    );
  }
  return figure(lines);
}

/** What a function that does nothing is triggered by. */
const kinds = ["topic", "schedule", "task", "https"] as const;

function triggerOf(name: string): (typeof kinds)[number] {
  if (name === "tick") return "schedule";
  if (name === "ringLater") return "task";
  return name === "api" ? "https" : "topic";
}

/** The bundle of a function that does nothing, for each kind of trigger. */
async function buildPlain(folder: string) {
  const built = new Map<string, string>();
  for (const kind of kinds) {
    const entry = join(root, `dev/bench/plain/${kind}.ts`);
    const to = join(folder, `plain-${kind}.cjs`);
    built.set(kind, await buildFunctions(entry, to));
  }
  return built;
}

interface Line {
  readonly name: string;
  /** What it costs until it is ready, as a multiple of a function that does nothing. */
  readonly ratio: number;
  readonly mb: number;
  readonly cells: readonly string[];
}

function toLine(
  name: string,
  {
    runs,
    least,
  }: { readonly runs: readonly Alone[]; readonly least: readonly Alone[] },
  {
    work,
    packages,
  }: { readonly work: Alone | undefined; readonly packages: number },
): Line {
  const middle = (all: readonly Alone[], measure: (run: Alone) => number) =>
    all.map(measure).sort((a, b) => a - b)[Math.floor(loads / 2)] ?? 0;
  const readyMs = middle(runs, (run) => run.readyMs);
  const leastMs = middle(least, (run) => run.readyMs);
  const ratio = readyMs / leastMs;
  const rssMb = middle(runs, (run) => run.rssMb);
  const cells = [
    name,
    String(middle(runs, ({ loadMs }) => loadMs)),
    String(readyMs),
    String(leastMs),
    ratio.toFixed(2),
    String(rssMb),
    work === undefined ? "" : `${work.workedRssMb} after ${work.runs} runs`,
    String(memoryMb(name)),
    String(packages),
  ];
  return { name, ratio, mb: Math.max(rssMb, work?.workedRssMb ?? 0), cells };
}

const mostRatio = 1.3;

function figure(lines: readonly Line[]): Figure {
  const most = Math.max(...lines.map(({ ratio }) => ratio));
  const fits = lines.every(({ name, mb }) => mb <= memoryMb(name));
  return {
    name: "P3",
    asked: `cold start: until a function is ready costs ≤ ${mostRatio} × one that does nothing, and it keeps within its memory at its concurrency`,
    came: `${most.toFixed(2)} × at most; ${fits ? "each within its memory" : "not each within its memory"}`,
    holds: most <= mostRatio && fits,
    details: [
      `CPU of all threads to load the bundle, and to have built what the function works with, database client included; the middle of ${loads} fresh processes, all functions in turns, and with them one that does nothing: firebase-functions with the same trigger and firebase-admin/firestore alone. Memory is the most that the process ever held; the functions on a signal's way worked on recorded sources, as many runs at a time as they are deployed with.`,
      table(
        [
          "function",
          "load, ms CPU",
          "ready, ms CPU",
          "nothing, ms CPU",
          "ratio",
          "ready, MB",
          "worked, MB",
          "may hold, MB",
          "packages",
        ],
        lines.map(({ cells }) => cells),
      ),
    ],
  };
}

/** Carries the demo tenant's sources through the functions on a signal's way, each in a process of its own. */
async function workOnRecordings(
  bundle: string,
): Promise<ReadonlyMap<string, Alone>> {
  const projectId = `demo-bench-${Date.now()}`;
  const replay = await startReplay({
    port: 0,
    recordingsDir: recordingsDir(process.env),
  });
  const env = {
    FIRESTORE_EMULATOR_HOST: process.env["FIRESTORE_EMULATOR_HOST"],
    GCLOUD_PROJECT: projectId,
    SOURCES: "replay",
    REPLAY_URL: replay.url,
    SEC_CONTACT: "demo@demo.example",
    CARD_WRITER: "extractive",
  };
  try {
    await addDemo(projectId);
    const worked = new Map<string, Alone>();
    for (const [target, topic, concurrency] of onTheWay)
      worked.set(
        target,
        await runAlone(bundle, { target, env, work: { topic, concurrency } }),
      );
    return worked;
  } finally {
    await replay.close();
  }
}

async function addDemo(projectId: string): Promise<void> {
  const app = initializeApp({ projectId }, projectId);
  const db = getFirestore(app);
  const batch = db.batch();
  for (const { path, data } of demoDocuments()) batch.set(db.doc(path), data);
  await batch.commit();
  const tenantId = TenantId.parse(demoTenantId);
  const now = new Date();
  const looks = Object.keys(demoAccounts).map((id) => {
    const accountId = AccountId.parse(id);
    const payload = { accountId, occasion: "bench", sourceKey: null, part: 0 };
    const origin = { traceId: "bench", runId: null, causedBy: null };
    return newMessage({ topic: "account-due", payload }, origin, now);
  });
  await firestoreStore(db).commit(
    looks.map(({ id, data }) => create(at.message(tenantId, id), data)),
    now,
  );
  await deleteApp(app);
}
