import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const hasProc = existsSync("/proc/self/stat");

/** A running process. `startedAt` (Linux) tells it from a later one of the same number. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly startedAt: string;
  readonly command: string;
}

/** All processes below this one, children before grandchildren. */
export async function findDescendants(
  pid: number,
): Promise<readonly Process[]> {
  const all = await everyProcess();
  const below: Process[] = [];
  let parents = new Set([pid]);
  while (parents.size > 0) {
    const children = all.filter(({ parent }) => parents.has(parent));
    below.push(...children);
    parents = new Set(children.map((child) => child.pid));
  }
  return below;
}

/** The function workers of the emulator suite whose command line tool has this process id. */
export async function findWorkers(
  suitePid: number,
): Promise<readonly Process[]> {
  const below = await findDescendants(suitePid);
  return below.filter(({ command }) =>
    command.includes("functionsEmulatorRuntime"),
  );
}

/** Sends a signal, unless the process has ended or its number has passed to another one. */
export async function signalIfSame(
  process_: Process,
  signal: NodeJS.Signals,
): Promise<void> {
  const now = await processAt(process_.pid);
  if (now === null || now.startedAt !== process_.startedAt) return;
  try {
    process.kill(process_.pid, signal);
  } catch {
    // It ended in between, which is what was wanted.
  }
}

/** Whether it still runs. */
export async function isRunning(process_: Process): Promise<boolean> {
  const now = await processAt(process_.pid);
  return now !== null && now.startedAt === process_.startedAt;
}

/** In words, what listens on a local TCP port; null where nobody may say. */
export async function describeHolder(port: number): Promise<string | null> {
  if (hasProc) return holderByProc(port);
  if (process.platform === "win32") return null;
  const args = ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"];
  const listed = await run("lsof", args).catch(() => null);
  const pid = /^p(\d+)/m.exec(listed?.stdout ?? "")?.[1];
  const command = /^c(.+)/m.exec(listed?.stdout ?? "")?.[1];
  return pid === undefined ? null : `process ${pid} (${command ?? "?"})`;
}

async function everyProcess(): Promise<readonly Process[]> {
  if (!hasProc) return everyProcessByPs();
  const names = await readdir("/proc");
  const found = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((n) => processAt(Number(n))),
  );
  return found.filter((process_) => process_ !== null);
}

async function everyProcessByPs(): Promise<readonly Process[]> {
  if (process.platform === "win32") return [];
  const listed = await run("ps", ["-Ao", "pid=,ppid=,command="], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return [...listed.stdout.matchAll(/^\s*(\d+)\s+(\d+)\s+(.*)$/gm)].map(
    ([, pid = "", parent = "", command = ""]) => ({
      pid: Number(pid),
      parent: Number(parent),
      startedAt: command,
      command,
    }),
  );
}

/** See proc(5): the name in brackets may hold anything, so fields are counted from the last bracket. */
async function processAt(pid: number): Promise<Process | null> {
  if (!hasProc) {
    return (await everyProcessByPs()).find((p) => p.pid === pid) ?? null;
  }
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state = "", parent = ""] = fields;
  if (state === "Z" || state === "X") return null;
  const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  const command = line.replaceAll("\0", " ").trim();
  return { pid, parent: Number(parent), startedAt: fields[19] ?? "", command };
}

async function holderByProc(port: number): Promise<string | null> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((file) =>
      readFile(file, "utf8").catch(() => ""),
    ),
  );
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const inodes = tables
    .flatMap((table) => table.split("\n").map((row) => row.trim().split(/\s+/)))
    .filter((row) => row[1]?.endsWith(`:${hex}`) === true && row[3] === "0A")
    .map((row) => `socket:[${row[9]}]`);
  for (const candidate of await everyProcess()) {
    const folder = `/proc/${candidate.pid}/fd`;
    const fds = await readdir(folder).catch(() => []);
    const links = await Promise.all(
      fds.map((fd) => readlink(`${folder}/${fd}`).catch(() => "")),
    );
    if (links.some((link) => inodes.includes(link))) {
      return `process ${candidate.pid} (${candidate.command.slice(0, 120)})`;
    }
  }
  return null;
}
