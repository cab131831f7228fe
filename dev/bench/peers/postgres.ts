import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../../places.ts";
import { freePorts } from "../../ports.ts";
import { type Server, startServer } from "./server.ts";

const run = promisify(execFile);

/** Where Debian and Ubuntu install it, a folder for each version. */
const debianFolder = "/usr/lib/postgresql";

/** The folder of PostgreSQL's programs: PG_BIN, or one on the PATH, or the newest of Debian's; null where there is none. */
export async function findPostgres(
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  const versions = await readdir(debianFolder).catch(() => []);
  const folders = [
    env["PG_BIN"] ?? "",
    ...(env["PATH"] ?? "").split(delimiter),
    ...versions
      .toSorted((a, b) => Number(b) - Number(a))
      .map((version) => join(debianFolder, version, "bin")),
  ].filter((folder) => folder !== "");
  const isComplete = (folder: string) =>
    ["initdb", "postgres"].every((name) => existsSync(join(folder, name)));
  return folders.find(isComplete) ?? null;
}

/** A PostgreSQL server with a new cluster and its own defaults, but for whether it waits for the disk. */
export async function startPostgres(
  bin: string,
  isDurable: boolean,
): Promise<Server<string>> {
  const as = await servant();
  const folder = await mkdtemp(join(tmpdir(), "clientpulse-postgres-"));
  if (as !== null) await chown(folder, as.uid, as.gid);
  const data = join(folder, "data");
  const { firestore: port } = await freePorts();
  const options = { ...as, cwd: folder };
  const settings = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    `unix_socket_directories=${folder}`,
    `fsync=${isDurable ? "on" : "off"}`,
  ];
  await run(
    join(bin, "initdb"),
    ["-D", data, "-U", "bench", "--auth=trust", "--no-sync"],
    options,
  );
  const stop = await startServer(
    {
      name: "PostgreSQL",
      file: join(bin, "postgres"),
      args: ["-D", data, ...settings.map((setting) => `--${setting}`)],
      options,
      logFile: join(cacheFolder, "bench-postgres.log"),
      // Its immediate shutdown.
      ending: "SIGQUIT",
    },
    async () => listens(port),
  );
  return {
    at: `postgres://bench@127.0.0.1:${port}`,
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to be run by root: the user that its package makes does it then. */
async function servant(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const id = async (which: string) =>
    Number((await run("id", [which, "postgres"])).stdout);
  return { uid: await id("-u"), gid: await id("-g") };
}

async function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}
