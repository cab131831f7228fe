import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const executable = process.platform === "win32" ? "java.exe" : "java";

/** The oldest Java that the Firebase Emulator Suite starts with. */
export const oldestJava = 21;

/** An installed Java: its home folder and its major version. */
export interface Java {
  readonly home: string;
  readonly major: number;
}

/**
 * The first Java that is new enough: JAVA_HOME, then PATH, then the usual install folders.
 * Throws one sentence on how to get one where there is none.
 */
export async function findJava(
  env: NodeJS.ProcessEnv = process.env,
): Promise<Java> {
  const tooOld: string[] = [];
  for (const home of await homes(env)) {
    const major = await readMajorVersion(home);
    if (major === null) continue;
    if (major >= oldestJava) return { home, major };
    tooOld.push(`${major} in ${home}`);
  }
  const found =
    tooOld.length > 0
      ? `only Java ${tooOld.join(", ")} was found`
      : "none was found";
  throw new Error(
    `The Firebase emulators need Java ${oldestJava} or newer, and ${found}: ` +
      `install one (https://adoptium.net, or your system's openjdk-${oldestJava}-jre-headless or later) or set JAVA_HOME to it.`,
  );
}

/** The environment in which `java` is that one, or the one in `bin` where that is given. */
export function withJava(
  env: NodeJS.ProcessEnv,
  java: Java,
  bin: string | null = null,
): NodeJS.ProcessEnv {
  const own = bin === null ? [] : [bin];
  const path = [...own, join(java.home, "bin"), env["PATH"] ?? ""];
  return { ...env, JAVA_HOME: java.home, PATH: path.join(delimiter) };
}

async function homes(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const fromHome = env["JAVA_HOME"] === undefined ? [] : [env["JAVA_HOME"]];
  const onPath = await Promise.all(
    (env["PATH"] ?? "")
      .split(delimiter)
      .map((folder) => join(folder, executable))
      .filter((file) => existsSync(file))
      .map(async (file) => dirname(dirname(await realpath(file)))),
  );
  const installed = await Promise.all(installFolders(env).map(homesIn));
  const all = [...fromHome, ...onPath, ...installed.flat()];
  return [...new Set(all)].filter((home) =>
    existsSync(join(home, "bin", executable)),
  );
}

interface InstallFolder {
  readonly folder: string;
  readonly inside?: string;
  readonly named?: string;
}

function installFolders(env: NodeJS.ProcessEnv): readonly InstallFolder[] {
  const programs = env["ProgramFiles"] ?? "C:\\Program Files";
  return [
    { folder: "/usr/lib/jvm" },
    { folder: "/Library/Java/JavaVirtualMachines", inside: "Contents/Home" },
    { folder: "/opt/homebrew/opt", named: "openjdk" },
    { folder: "/opt", named: "java" },
    { folder: "/opt", named: "jdk" },
    { folder: join(homedir(), ".sdkman", "candidates", "java") },
    { folder: join(programs, "Java") },
    { folder: join(programs, "Eclipse Adoptium") },
  ];
}

async function homesIn(place: InstallFolder): Promise<readonly string[]> {
  const { folder, inside = "", named = "" } = place;
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.startsWith(named))
    .sort()
    .map((name) => join(folder, name, inside));
}

async function readMajorVersion(home: string): Promise<number | null> {
  const release = await readFile(join(home, "release"), "utf8").catch(() => "");
  const released = /^JAVA_VERSION="?(\d+)(?:\.(\d+))?/m.exec(release);
  if (released !== null) return majorFrom(released);
  const asked = await run(join(home, "bin", executable), ["-version"]).catch(
    () => null,
  );
  const told = /version "(\d+)(?:\.(\d+))?/.exec(asked?.stderr ?? "");
  return told === null ? null : majorFrom(told);
}

/** Java 8 and older call themselves 1.8. */
function majorFrom(match: RegExpExecArray): number {
  const [, first = "0", second = "0"] = match;
  return Number(first === "1" ? second : first);
}
